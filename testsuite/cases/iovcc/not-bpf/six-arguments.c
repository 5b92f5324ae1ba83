// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#ifndef MENDED
int sum(int a, int b, int c, int d, int e, int f);

int call(int a)
{
	return sum(a, 2, 3, 4, 5, 6);
}
#else
static inline int sum(int a, int b, int c, int d, int e, int f)
{
	return a + b + c + d + e + f;
}

int call(int a)
{
	return sum(a, 2, 3, 4, 5, 6);
}
#endif
//= STDERR
//| six-arguments.c:9:9: error: `sum` takes 6 arguments; BPF passes five, in r1 to r5 [IOV-S004]
//|     9 |         return sum(a, 2, 3, 4, 5, 6);
//|       |                ^
//|   why:  this is in function `call`
//|   hint: put the values into a structure and pass its address, or declare the function static __always_inline
