// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#ifndef MENDED
static __attribute__((noinline)) int odd(int n);

static __attribute__((noinline)) int even(int n)
{
	return n ? odd(n - 1) ^ n : 1;
}

static __attribute__((noinline)) int odd(int n)
{
	return n ? even(n - 1) + n : 0;
}
#else
static int even(int n)
{
	return !(n & 1);
}
#endif

int parity(int n)
{
	return even(n);
}
//= STDERR
//| recursion-cycle.c:14:13: error: recursion: `even` calls `odd` calls `even` [IOV-S006]
//|    14 |         return n ? even(n - 1) + n : 0;
//|       |                    ^
//|   why:  every call takes a part of the stack, and nothing bounds their number
//|   path: 1. recursion-cycle.c:9:13: `even` calls `odd`
//|     9 |         return n ? odd(n - 1) ^ n : 1;
//|       |                    ^
//|         2. recursion-cycle.c:14:13: `odd` calls `even`, which is still active
//|    14 |         return n ? even(n - 1) + n : 0;
//|       |                    ^
//|   hint: write a loop with a constant bound: `for (int i = 0; i < 16; i++)`
