// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int sum(int n, ...)
{
	__builtin_va_list ap;
	int r = 0;

	__builtin_va_start(ap, n);
	while (n--)
		r += __builtin_va_arg(ap, int);
	__builtin_va_end(ap);
	return r;
}
//= STDERR
//| variable-arguments.c:3:5: error: `sum` takes a variable number of arguments, which BPF functions cannot [IOV-S002]
//|     3 | int sum(int n, ...)
//|       |     ^
//|   hint: give the function a fixed list of at most five arguments
