// RUN: iovcc -O2 -fno-iov-verify -c %s -o %t.o
struct node {
	int value;
};

int overflow(void *data, unsigned int len)
{
	if (data + len < data)
		return 1;
	return 0;
}

int masked(unsigned int hash, int *table)
{
	unsigned int slot = hash & 63;

	if (slot >= 64)
		return 0;
	return table[slot];
}

int late(struct node *node)
{
	int value = node->value;

	if (!node)
		return 0;
	return value;
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
//| removed-check.c:8:6: warning: this check is always false, and the compiler removes it [-Wiov-removed-check] [IOV-W009]
//|     8 |         if (data + len < data)
//|       |             ^~~~~~~~~~~~~~~~~
//|   why:  removed-check.c:8:6: C gives no meaning to a pointer that overflows: `data + len` is never below `data`
//|     8 |         if (data + len < data)
//|       |             ^~~~~~~~~~
//|   hint: check the number: `len` against the largest that makes sense
//| removed-check.c:17:6: warning: this check is always false, and the compiler removes it [-Wiov-removed-check] [IOV-W009]
//|    17 |         if (slot >= 64)
//|       |             ^~~~~~~~~~
//|   why:  removed-check.c:15:22: `slot` is at most 63: `hash & 63`
//|    15 |         unsigned int slot = hash & 63;
//|       |                             ^~~~~~~~~
//|   hint: one of the two is enough: the mask, or the check
//| removed-check.c:26:6: warning: `node` was dereferenced before: the compiler takes it for not NULL and removes this check [-Wiov-removed-check] [IOV-W009]
//|    26 |         if (!node)
//|       |             ^~~~~
//|   why:  removed-check.c:24:14: here: `node->value`
//|    24 |         int value = node->value;
//|       |                     ^~~~~~~~~~~
//|   hint: check `node` before it is used
