// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int sum(int a, int b, int c, int d, int e, int f)
{
	return a + b + c + d + e + f;
}
//= STDERR
//| six-parameters.c:3:5: error: `sum` takes 6 arguments; BPF passes five, in r1 to r5 [IOV-S004]
//|     3 | int sum(int a, int b, int c, int d, int e, int f)
//|       |     ^
//|   hint: put the values into a structure and pass its address, or declare the function static __always_inline
