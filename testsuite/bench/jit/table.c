/* SPDX-License-Identifier: Apache-2.0 */
/* A table of flows with open addressing, as one would write it for one thread. */
#include "testsuite/bench/jit/bench.h"

static struct slot *place_of(struct table *t, uint32_t key)
{
	uint32_t at = (uint32_t)(key * 0x9e3779b97f4a7c15u >> 40) % TABLE_SLOTS;

	while (t->slots[at].used && t->slots[at].key != key)
		at = (at + 1) % TABLE_SLOTS;
	return &t->slots[at];
}

uint64_t *table_find(struct table *t, uint32_t key)
{
	struct slot *slot = place_of(t, key);

	return slot->used ? &slot->value : 0;
}

void table_put(struct table *t, uint32_t key, uint64_t value)
{
	*place_of(t, key) = (struct slot){.value = value, .key = key, .used = true};
}

void table_fill(struct table *t)
{
	for (uint32_t i = 0; i < FLOWS; i++)
		table_put(t, flow_key((uint64_t)i << 48), 0);
}
