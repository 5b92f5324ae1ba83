/* SPDX-License-Identifier: Apache-2.0 */
/* The form of an index in the cache: a head, and its lists one behind the other. The file's name is the BLAKE3 of the
 * header's bytes and the tool; the numbers are the machine's own. */
#include "frontend/decls.h"

#include "asm/base/hash.h"
#include "frontend/cache.h"

#include <inttypes.h>
#include <llvm-c/blake3.h>
#include <string.h>

enum { INDEX_MOST = 64 << 20, INDEXES_KEPT = 8, KEY_BYTES = 16 };

static const char prefix[] = "vmlinux-";

struct head {
	uint64_t tool, size, hash; /* of the file, bytes; of all that follows */
	uint64_t text_len;
	uint32_t chunk_count, name_count, slot_count, ref_count, member_count, zero;
};

/* Four at a time, so that one need not wait for the other. */
static uint64_t hash_of(const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	uint64_t h[4] = {len, 1, 2, 3};

	for (; len >= 32; p += 32, len -= 32)
		for (int i = 0; i < 4; i++)
			h[i] = hash_mix(h[i], hash_load8(p + 8 * i));
	return hash_mix(hash_mix(hash_mix(hash_mix(hash_bytes(p, len), h[0]), h[1]), h[2]), h[3]);
}

/* Each list's bytes, by the head's counts; how many there are. */
enum { LISTS = 5 };
static void sizes_of(const struct head *h, size_t sizes[static LISTS])
{
	sizes[0] = ((size_t)h->chunk_count + 1) * sizeof(struct decls_chunk);
	sizes[1] = h->name_count * sizeof(struct decls_name);
	sizes[2] = h->slot_count * sizeof(uint32_t);
	sizes[3] = h->ref_count * sizeof(uint32_t);
	sizes[4] = h->member_count * sizeof(uint32_t);
}

static void hash_rest(const uint8_t *bytes, size_t size, uint64_t *hash)
{
	size_t skipped = offsetof(struct head, hash) + sizeof(*hash);

	*hash = hash_of(bytes + skipped, size - skipped);
}

void decls_write(const struct decls *x, struct iov_buf *out)
{
	const void *const lists[LISTS] = {x->chunks, x->names, x->slots, x->refs, x->members};
	struct head h = {.tool = cache_tool(), .text_len = x->len, .chunk_count = x->chunk_count,
			 .name_count = x->name_count, .slot_count = x->slot_count, .ref_count = x->ref_count,
			 .member_count = x->member_count};
	size_t sizes[LISTS];

	sizes_of(&h, sizes);
	h.size = sizeof(h);
	for (int i = 0; i < LISTS; i++)
		h.size += sizes[i];
	buf_put(out, &h, sizeof(h));
	for (int i = 0; i < LISTS; i++)
		buf_put(out, lists[i], sizes[i]);
	if (!out->failed)
		hash_rest(out->data, out->len, &((struct head *)(void *)out->data)->hash);
}

bool decls_read(const void *bytes, size_t size, const char *text, size_t len, struct decls *out)
{
	const struct head *h = bytes;
	const uint8_t *at = bytes, *lists[LISTS];
	size_t sizes[LISTS], all = sizeof(*h);
	uint64_t hash;

	if (size < sizeof(*h) || h->tool != cache_tool() || h->size != size || h->text_len != len ||
	    !h->slot_count || h->slot_count & (h->slot_count - 1))
		return false;
	sizes_of(h, sizes);
	for (int i = 0; i < LISTS; i++) {
		lists[i] = at + all;
		all += sizes[i];
		if (all > size)
			return false;
	}
	hash_rest(bytes, size, &hash);
	if (all != size || hash != h->hash)
		return false;
	*out = (struct decls){.text = text, .len = len, .chunks = (const void *)lists[0],
			      .names = (const void *)lists[1], .slots = (const void *)lists[2],
			      .refs = (const void *)lists[3], .members = (const void *)lists[4],
			      .chunk_count = h->chunk_count, .name_count = h->name_count,
			      .slot_count = h->slot_count, .ref_count = h->ref_count,
			      .member_count = h->member_count};
	return true;
}

static const char *name_of(const char *text, size_t len, struct iov_arena *arena)
{
	uint64_t tool = cache_tool();
	uint8_t key[KEY_BYTES];
	llvm_blake3_hasher hasher;
	uint64_t words[2];

	llvm_blake3_hasher_init(&hasher);
	llvm_blake3_hasher_update(&hasher, &tool, sizeof(tool));
	llvm_blake3_hasher_update(&hasher, text, len);
	llvm_blake3_hasher_finalize(&hasher, key, sizeof(key));
	memcpy(words, key, sizeof(words));
	return arena_printf(arena, "%s%016" PRIx64 "%016" PRIx64, prefix, words[0], words[1]);
}

bool decls_get(const char *text, size_t len, bool cached, struct iov_arena *arena, struct decls *out)
{
	const char *name = cached ? name_of(text, len, arena) : NULL;
	struct iov_buf file = {0};
	const void *kept;
	size_t size;

	kept = name ? cache_read(name, INDEX_MOST, arena, &size) : NULL;
	if (kept && decls_read(kept, size, text, len, out))
		return true;
	if (!decls_make(text, len, arena, out))
		return false;
	if (name)
		decls_write(out, &file);
	if (file.len && !file.failed && file.len <= INDEX_MOST)
		cache_write(name, file.data, file.len, prefix, INDEXES_KEPT, arena);
	buf_free(&file);
	return true;
}

const struct decls_chunk *decls_chunk(const struct decls *x, uint32_t chunk)
{
	const struct decls_chunk *c = chunk < x->chunk_count ? &x->chunks[chunk] : NULL;

	return c && c->start <= x->len && c->len <= x->len - c->start ? c : NULL;
}

const struct decls_name *decls_name(const struct decls *x, uint32_t name)
{
	const struct decls_name *n = name < x->name_count ? &x->names[name] : NULL;

	return n && n->start <= x->len && n->len <= x->len - n->start ? n : NULL;
}

uint32_t decls_find(const struct decls *x, const char *text, uint32_t len, uint32_t hash)
{
	uint32_t at = hash;

	for (uint32_t tries = 0; tries < x->slot_count; tries++, at++) {
		uint32_t name = x->slots[at & (x->slot_count - 1)];
		const struct decls_name *n = name ? decls_name(x, name - 1) : NULL;

		if (!n)
			return UINT32_MAX;
		if (n->hash == hash && n->len == len && !memcmp(x->text + n->start, text, len))
			return name - 1;
	}
	return UINT32_MAX;
}

static uint32_t part(uint32_t from, uint32_t to, uint32_t count)
{
	return from <= to && to <= count ? to - from : 0;
}

uint32_t decls_refs(const struct decls *x, uint32_t chunk, const uint32_t **first)
{
	uint32_t from = x->chunks[chunk].refs;

	*first = x->refs + from;
	return part(from, x->chunks[chunk + 1].refs, x->ref_count);
}

uint32_t decls_members(const struct decls *x, uint32_t chunk, const uint32_t **first)
{
	uint32_t from = x->chunks[chunk].members;

	*first = x->members + from;
	return part(from, x->chunks[chunk + 1].members, x->member_count);
}
