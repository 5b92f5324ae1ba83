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

static struct strtab_slot *free_slot(struct strtab_slot *slots, uint32_t size, uint32_t hash)
{
	uint32_t i = hash & (size - 1);

	while (slots[i].offset)
		i = (i + 1) & (size - 1);
	return &slots[i];
}

static bool grow(struct strtab *t)
{
	uint32_t size = t->size ? t->size * 2 : 256;
	struct strtab_slot *slots = alloc_zeroed(t->alloc, size, sizeof(*slots));

	if (!slots)
		return false;
	for (uint32_t i = 0; i < t->size; i++)
		if (t->slots[i].offset)
			*free_slot(slots, size, t->slots[i].hash) = t->slots[i];
	alloc_free(t->alloc, t->slots, t->size * sizeof(*t->slots));
	t->slots = slots;
	t->size = size;
	return true;
}

uint32_t strtab_add(struct strtab *t, const char *s)
{
	size_t len = strlen(s);
	uint32_t hash = (uint32_t)hash_bytes(s, len), at = (uint32_t)t->bytes.len;

	if (!len || t->bytes.failed)
		return 0;
	if (t->used >= t->size / 2 && !grow(t)) {
		t->bytes.failed = true;
		return 0;
	}
	for (uint32_t i = hash & (t->size - 1); t->slots[i].offset; i = (i + 1) & (t->size - 1))
		if (t->slots[i].hash == hash && !strcmp((const char *)t->bytes.data + t->slots[i].offset - 1, s))
			return t->slots[i].offset - 1;
	*free_slot(t->slots, t->size, hash) = (struct strtab_slot){hash, at + 1};
	t->used++;
	buf_put(&t->bytes, s, len + 1);
	return t->bytes.failed ? 0 : at;
}
