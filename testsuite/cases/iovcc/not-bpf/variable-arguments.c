// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#ifndef MENDED
static __attribute__((noinline)) int sum(int n, ...)
{
	__builtin_va_list ap;
	int r = 0;

	__builtin_va_start(ap, n);
	while (n--)
		r += __builtin_va_arg(ap, int);
	__builtin_va_end(ap);
	return r;
}
#else
static inline int sum(const int *numbers, int n)
{
	int r = 0;

	for (int i = 0; i < n; i++)
		r += numbers[i];
	return r;
}
#endif

int use(int x)
{
#ifndef MENDED
	return sum(2, x, 3);
#else
	int numbers[] = {x, 3};

	return sum(numbers, 2);
#endif
}
//= STDERR
//| variable-arguments.c:5:38: error: `sum` takes a variable number of arguments, which BPF functions cannot [IOV-S002]
//|     5 | static __attribute__((noinline)) int sum(int n, ...)
//|       |                                      ^
//|   hint: give the function a fixed list of at most five arguments
