// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int sum(int a, int b, int c, int d, int e, int f);

int call(int a)
{
	return sum(a, 2, 3, 4, 5, 6);
}
//= STDERR
//| six-arguments.c:7:9: error: `sum` takes 6 arguments; BPF passes five, in r1 to r5 [IOV-S004]
//|     7 |         return sum(a, 2, 3, 4, 5, 6);
//|       |                ^
//|   why:  this is in function `call`
//|   hint: put the values into a structure and pass its address, or declare the function static __always_inline
