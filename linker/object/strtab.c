/* SPDX-License-Identifier: Apache-2.0 */
#include "linker/object/strtab.h"

#include "asm/base/hash.h"

void strtab_init(struct strtab *t, const struct iov_alloc *alloc)
{
	*t = (struct strtab){.alloc = alloc};
	buf_init(&t->bytes, alloc);
	buf_putc(&t->bytes, 0);
}

void strtab_free(struct strtab *t)
{
	buf_free(&t->bytes);
	alloc_free(t->alloc, t->slots, t->size * sizeof(*t->slots));
}

static uint32_t *slot_for(const struct strtab *t, uint32_t *slots, uint32_t size, const char *s)
{
	uint32_t h = (uint32_t)hash_name(s) & (size - 1);

	for (; slots[h]; h = (h + 1) & (size - 1))
		if (!strcmp((const char *)t->bytes.data + slots[h] - 1, s))
			break;
	return &slots[h];
}

static bool grow(struct strtab *t)
{
	uint32_t size = t->size ? t->size * 2 : 256;
	uint32_t *slots = alloc_zeroed(t->alloc, size, sizeof(*slots));

	if (!slots)
		return false;
	for (uint32_t i = 0; i < t->size; i++)
		if (t->slots[i])
			*slot_for(t, slots, size, (const char *)t->bytes.data + t->slots[i] - 1) = t->slots[i];
	alloc_free(t->alloc, t->slots, t->size * sizeof(*t->slots));
	t->slots = slots;
	t->size = size;
	return true;
}

uint32_t strtab_add(struct strtab *t, const char *s)
{
	uint32_t *slot;

	if (!*s || t->bytes.failed)
		return 0;
	if (t->used >= t->size / 2 && !grow(t)) {
		t->bytes.failed = true;
		return 0;
	}
	slot = slot_for(t, t->slots, t->size, s);
	if (*slot)
		return *slot - 1;
	*slot = (uint32_t)t->bytes.len + 1;
	t->used++;
	buf_put(&t->bytes, s, strlen(s) + 1);
	return t->bytes.failed ? 0 : *slot - 1;
}
