/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: types as they lie in .BTF: words in this machine's byte order (in the file itself where its order and place
 * allow), and where each type begins. They are checked once, so that whoever reads them relies on: every reference in
 * range and of a kind that may stand there, names inside the string table, no type that contains itself, values nested
 * at most BTF_MAX_NESTING deep. A linker works on these and makes struct iov_btf_type of what the result needs. Source:
 * kernel document bpf/btf.rst. */
#ifndef IOV_OBJECT_BTF_RAW_H
#define IOV_OBJECT_BTF_RAW_H

#include "linker/object/btf.h"

#include <linux/btf.h>

/* Words of a type: its head, then what its kind has. */
enum { RAW_NAME, RAW_INFO, RAW_SIZE, RAW_TYPE = RAW_SIZE, RAW_TAIL };

struct iov_btf_raw {
	const uint32_t *words;
	const uint32_t *at;  /**< by id: its first word; [0] means nothing */
	const uint8_t *kind; /**< by id */
	const char *strings;
	uint32_t string_len, word_count, count; /**< count: of types, void included */
	struct iov_btf_type *sections;          /**< the data sections, whose entries get their places (object.c) */
	uint32_t *section_ids, section_count;
	uint32_t *by_name, by_name_size; /**< functions, variables and sections by name */
};

/** What a type refers to: `own` (0: nothing, or void), then `count` words, `step` apart. */
struct iov_btf_refs {
	uint32_t own, count, step;
	const uint32_t *first;
};

/** Parse and check .BTF, as btf_read. */
enum iov_status btf_raw_read(const void *bytes, size_t len, bool big_endian, const char *file, struct iov_arena *arena,
			     struct iov_sink *sink, struct iov_btf_raw **out);
/** One type as data; members and references keep the ids of the raw types. False: no memory. */
bool btf_raw_widen(const struct iov_btf_raw *raw, uint32_t id, struct iov_arena *arena, struct iov_btf_type *out);
/** All of them. */
enum iov_status btf_raw_widen_all(const struct iov_btf_raw *raw, struct iov_arena *arena, struct iov_btf **out);
/** First function, variable or section of this name and kind; 0: none. `raw` may be NULL. */
uint32_t btf_raw_find(const struct iov_btf_raw *raw, const char *name, uint8_t kind);
/** The data section of this name, or NULL. `raw` may be NULL. */
struct iov_btf_type *btf_raw_section(const struct iov_btf_raw *raw, const char *name);
/** `enum e;` alone: LLVM writes no size, which Linux refuses; 4 is what other makers of BTF give it. */
static inline void btf_complete(struct iov_btf_type *t)
{
	if (t->kind == BTF_KIND_ENUM && !t->count && !t->size)
		t->size = 4;
}
/** Room for one type more, counted; NULL: no memory. */
static inline struct iov_btf_type *btf_append(struct iov_btf *btf, size_t *room, struct iov_arena *arena)
{
	struct iov_btf_type *t;

	if (!arena_grow(arena, &btf->types, btf->count, room, sizeof(*btf->types)))
		return NULL;
	t = &btf->types[btf->count++];
	*t = (struct iov_btf_type){0};
	return t;
}
struct iov_btf_refs btf_raw_refs(const uint32_t *type);

static inline const uint32_t *btf_raw_type(const struct iov_btf_raw *raw, uint32_t id)
{
	static const uint32_t nothing[RAW_TAIL];

	return id ? raw->words + raw->at[id] : nothing;
}
static inline uint8_t raw_kind(const uint32_t *type)
{
	return type[RAW_INFO] >> 24 & 31;
}
/** Members, parameters, enumerators, entries. */
static inline uint32_t raw_count(const uint32_t *type)
{
	return type[RAW_INFO] & 0xffff;
}
static inline const char *raw_name(const struct iov_btf_raw *raw, const uint32_t *type)
{
	return raw->strings + type[RAW_NAME];
}
static inline uint32_t raw_linkage(const uint32_t *type)
{
	return raw_kind(type) == BTF_KIND_VAR ? type[RAW_TAIL] : raw_count(type);
}

#endif
