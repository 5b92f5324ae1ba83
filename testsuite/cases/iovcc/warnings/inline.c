// RUN: iovcc -O2 -fno-iov-verify -c %s -o %t.o
__attribute__((noinline)) inline int twice(int x)
{
	return x * 2;
}

static inline int thrice(int x)
{
	return x * 3;
}

inline int half(int x)
{
	return x >> 1;
}

int use(int x)
{
	return twice(x) + thrice(x) + half(x);
}
//= STDERR
//| inline.c:2:38: warning: `twice` is inline without static: it stays a call, and is defined nowhere [-Wiov-inline] [IOV-W006]
//|     2 | __attribute__((noinline)) inline int twice(int x)
//|       |                                      ^
//|   why:  in C such a body is for inlining alone, and the compiler did not inline it
//|   hint: static inline, or static __always_inline
