// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
struct triple {
	long a, b, c;
};

static __attribute__((noinline)) long sum(struct triple t)
{
	return t.a + t.b + t.c;
}

long go(long *p)
{
	struct triple t = {p[0], p[1], p[2]};

	return sum(t);
}
//= STDERR
//| passes-structure.c:16:9: error: argument 1 of `sum` is struct triple (24 bytes) by value; registers carry structures of up to 16 [IOV-S005]
//|    16 |         return sum(t);
//|       |                ^
//|   why:  this is in function `go`
//|   hint: pass the structure's address, or declare the function static __always_inline
