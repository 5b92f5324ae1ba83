// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#ifndef MENDED
static __attribute__((noinline)) int sum(int a, int b, int c, int d, int e, int f)
{
	return a + b * c + d * e + f;
}

int use(int x)
{
	return sum(x, x + 1, 3, x + 2, 5, x + 3) + sum(5, x, x + 7, 2, x, 9);
}
#else
struct six {
	int a, b, c, d, e, f;
};

static __attribute__((noinline)) int sum(const struct six *six)
{
	return six->a + six->b * six->c + six->d * six->e + six->f;
}

int use(int x)
{
	struct six six = {x, x + 1, 3, x + 2, 5, x + 3};

	return sum(&six);
}
#endif
//= STDERR
//| six-parameters.c:5:38: error: `sum` takes 6 arguments; BPF passes five, in r1 to r5 [IOV-S004]
//|     5 | static __attribute__((noinline)) int sum(int a, int b, int c, int d, int e, int f)
//|       |                                      ^
//|   why:  six-parameters.c:12:45: `use` calls it here, and the call was not inlined
//|    12 |         return sum(x, x + 1, 3, x + 2, 5, x + 3) + sum(5, x, x + 7, 2, x, 9);
//|       |                                                    ^
//|         six-parameters.c:12:9: `use` calls it here, and the call was not inlined
//|    12 |         return sum(x, x + 1, 3, x + 2, 5, x + 3) + sum(5, x, x + 7, 2, x, 9);
//|       |                ^
//|   hint: put the values into a structure and pass its address, or declare the function static __always_inline
