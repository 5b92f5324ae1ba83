// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int tree[64];

#ifndef MENDED
static int walk(unsigned int n)
{
	if (n >= 64)
		return 0;
	return tree[n] + walk(2 * n) + walk(2 * n + 1);
}
#else
static int walk(unsigned int n)
{
	int sum = 0;

	for (unsigned int i = n; i < 64; i++)
		sum += tree[i];
	return sum;
}
#endif

int sum(void)
{
	return walk(1);
}
//= STDERR
//| recursion-tree.c:11:19: error: recursion: `walk` calls itself [IOV-S006]
//|    11 |         return tree[n] + walk(2 * n) + walk(2 * n + 1);
//|       |                          ^
//|   why:  every call takes a part of the stack, and nothing bounds their number
//|   hint: write a loop with a constant bound: `for (int i = 0; i < 16; i++)`
