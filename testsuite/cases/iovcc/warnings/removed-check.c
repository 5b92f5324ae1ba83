// RUN: iovcc -O2 -fno-iov-verify -DMENDED -Wiov -Werror=iov -c %s -o %t.o
// RUN: iovcc -O2 -fno-iov-verify -Wno-iov-removed-check -c %s -o %t.o
// RUN: iovcc -O2 -fno-iov-verify -c %s -o %t.o
struct node {
	int value;
};

int overflow(void *data, unsigned int len)
{
#ifndef MENDED
	if (data + len < data)
#else
	if (len > 1500)
#endif
		return 1;
	return 0;
}

int masked(unsigned int hash, int *table)
{
	unsigned int slot = hash & 63;

#ifndef MENDED
	if (slot >= 64)
		return 0;
	return table[slot];
#else
	return table[slot];
#endif
}

int late(struct node *node)
{
#ifndef MENDED
	int value = node->value;

	if (!node)
		return 0;
	return value;
#else
	if (!node)
		return 0;
	return node->value;
#endif
}

int right(struct node *node, unsigned int hash)
{
	int value;

	if (!node || (hash & 63) >= 60)
		return 0;
	value = node->value;
	node = node + value;
	if (!node)
		return 1;
	return value;
}
//= STDERR
//| removed-check.c:11:6: warning: this check is always false, and the compiler removes it [-Wiov-removed-check] [IOV-W009]
//|    11 |         if (data + len < data)
//|       |             ^~~~~~~~~~~~~~~~~
//|   why:  removed-check.c:11:6: C gives no meaning to a pointer that overflows: `data + len` is never below `data`
//|    11 |         if (data + len < data)
//|       |             ^~~~~~~~~~
//|   hint: check the number: `len` against the largest that makes sense
//| removed-check.c:24:6: warning: this check is always false, and the compiler removes it [-Wiov-removed-check] [IOV-W009]
//|    24 |         if (slot >= 64)
//|       |             ^~~~~~~~~~
//|   why:  removed-check.c:21:22: `slot` is at most 63: `hash & 63`
//|    21 |         unsigned int slot = hash & 63;
//|       |                             ^~~~~~~~~
//|   hint: one of the two is enough: the mask, or the check
//| removed-check.c:37:6: warning: `node` was dereferenced before: the compiler takes it for not NULL and removes this check [-Wiov-removed-check] [IOV-W009]
//|    37 |         if (!node)
//|       |             ^~~~~
//|   why:  removed-check.c:35:14: here: `node->value`
//|    35 |         int value = node->value;
//|       |                     ^~~~~~~~~~~
//|   hint: check `node` before it is used
