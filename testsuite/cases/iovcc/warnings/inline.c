// RUN: iovcc -O2 -fno-iov-verify -DMENDED -Wiov -Werror=iov -c %s -o %t.o
// RUN: iovcc -O2 -fno-iov-verify -Wno-iov-inline -c %s -o %t.o
// RUN: iovcc -O2 -fno-iov-verify -c %s -o %t.o
#ifndef MENDED
__attribute__((noinline)) inline int twice(int x)
#else
static __attribute__((noinline)) int twice(int x)
#endif
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
//| inline.c:5:38: warning: `twice` is inline without static: it stays a call, and is defined nowhere [-Wiov-inline] [IOV-W006]
//|     5 | __attribute__((noinline)) inline int twice(int x)
//|       |                                      ^
//|   why:  in C such a body is for inlining alone, and the compiler did not inline it
//|   hint: static inline, or static __always_inline
