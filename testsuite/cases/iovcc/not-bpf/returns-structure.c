// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
struct pair {
	long first, second, third;
};

#ifndef MENDED
static __attribute__((noinline)) struct pair make(int x)
{
	return (struct pair){x, x + 1, x + 2};
}
#else
static __attribute__((noinline)) int make(struct pair *pair, int x)
{
	*pair = (struct pair){x, x + 1, x + 2};
	return 0;
}
#endif

int last(int x)
{
#ifndef MENDED
	struct pair pair = make(x);
#else
	struct pair pair;

	make(&pair, x);
#endif

	return pair.third;
}
//= STDERR
//| returns-structure.c:9:46: error: `make` returns struct pair (24 bytes) by value; r0 holds one number of 8 bytes [IOV-S005]
//|     9 | static __attribute__((noinline)) struct pair make(int x)
//|       |                                              ^
//|   why:  returns-structure.c:24:21: `last` calls it here, and the call was not inlined
//|    24 |         struct pair pair = make(x);
//|       |                            ^
//|   hint: let the caller pass the address of what the function fills in, or declare the function static __always_inline
