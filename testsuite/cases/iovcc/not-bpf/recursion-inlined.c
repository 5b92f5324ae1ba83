// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#ifndef MENDED
int third(int n);

static int first(int n)
{
	return n & 1 ? third(n - 1) + 1 : n;
}

int second(int n)
{
	return first(n) * 2;
}

int third(int n)
{
	return second(n / 2u) ^ 5;
}
#else
int second(int n)
{
	for (int i = 0; i < 32 && n & 1; i++)
		n = (n - 1) / 2u;
	return n;
}
#endif
//= STDERR
//| recursion-inlined.c:9:17: error: recursion: `third` calls `second` calls `first` calls `third` [IOV-S006]
//|     9 |         return n & 1 ? third(n - 1) + 1 : n;
//|       |                        ^
//|   why:  every call takes a part of the stack, and nothing bounds their number
//|   path: 1. recursion-inlined.c:19:9: `third` calls `second`
//|    19 |         return second(n / 2u) ^ 5;
//|       |                ^
//|         2. recursion-inlined.c:14:9: `second` calls `first`
//|    14 |         return first(n) * 2;
//|       |                ^
//|         3. recursion-inlined.c:9:17: `first` calls `third`, which is still active
//|     9 |         return n & 1 ? third(n - 1) + 1 : n;
//|       |                        ^
//|   hint: write a loop with a constant bound: `for (int i = 0; i < 16; i++)`
