// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
struct triple {
	long a, b, c;
};

#ifndef MENDED
static __attribute__((noinline)) long sum(struct triple t)
{
	return t.a + t.b + t.c;
}
#else
static __attribute__((noinline)) long sum(const struct triple *t)
{
	return t->a + t->b + t->c;
}
#endif

long go(long x)
{
	struct triple t = {x, x + 1, x + 2};

#ifndef MENDED
	return sum(t);
#else
	return sum(&t);
#endif
}
//= STDERR
//| passes-structure.c:25:9: error: argument 1 of `sum` is struct triple (24 bytes) by value; registers carry structures of up to 16 [IOV-S005]
//|    25 |         return sum(t);
//|       |                ^
//|   why:  this is in function `go`
//|   hint: pass the structure's address, or declare the function static __always_inline
