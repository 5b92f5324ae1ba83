/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: symbols: interning (names stay where they are in the text), labels, numbered labels, assignments. Ids are given
 * in the order of first mention, which is also the order of the object's symbol table, as in LLVM. */
#include "asm/as_part.h"

#include <inttypes.h>

static uint32_t hash_name(const char *name, size_t len)
{
	uint64_t h = len * 0x9e3779b97f4a7c15, word;

	for (; len >= 8; name += 8, len -= 8) {
		memcpy(&word, name, 8);
		h = (h ^ word) * 0xff51afd7ed558ccd;
		h ^= h >> 32;
	}
	word = 0;
	memcpy(&word, name, len);
	h = (h ^ word) * 0xff51afd7ed558ccd;
	return (uint32_t)(h ^ h >> 29 ^ h >> 43) | 1;
}

/* A fresh symbol; 0: no memory. */
static uint32_t add_symbol(struct as *s)
{
	uint32_t id = s->symbol_count;

	if (id >> AS_PAGE_BITS >= s->page_count) {
		uint32_t room = s->page_count ? s->page_count * 2 : 16;
		struct as_symbol **pages;

		pages = arena_array(s->arena, room, sizeof(*pages));
		if (!pages)
			return as_oom(s), 0;
		if (s->page_count)
			memcpy(pages, s->symbols, s->page_count * sizeof(*pages));
		s->symbols = pages;
		s->page_count = room;
	}
	if (!s->symbols[id >> AS_PAGE_BITS]) {
		s->symbols[id >> AS_PAGE_BITS] = arena_array(s->arena, AS_PAGE, sizeof(struct as_symbol));
		if (!s->symbols[id >> AS_PAGE_BITS])
			return as_oom(s), 0;
	}
	s->symbol_count++;
	if (!id)
		return add_symbol(s); /* 0 stays unused */
	return id;
}

static bool grow_hash(struct as *s)
{
	uint32_t size = s->hash_size ? s->hash_size * 2 : 1024;
	uint32_t *table = alloc_zeroed(s->alloc, size, sizeof(*table));

	if (!table)
		return as_oom(s);
	for (uint32_t i = 0; i < s->hash_size; i++) {
		uint32_t at;

		if (!s->hash[i])
			continue;
		at = as_sym(s, s->hash[i])->hash & (size - 1);
		while (table[at])
			at = (at + 1) & (size - 1);
		table[at] = s->hash[i];
	}
	alloc_free(s->alloc, s->hash, s->hash_size * sizeof(*table));
	s->hash = table;
	s->hash_size = size;
	return true;
}

/* The slot of a name, or the empty one where it would go. */
static uint32_t probe(const struct as *s, const char *name, size_t len, uint32_t hash)
{
	uint32_t at = hash & (s->hash_size - 1);

	while (s->hash[at]) {
		const struct as_symbol *y = as_sym(s, s->hash[at]);

		if (y->hash == hash && y->len == len && !memcmp(y->name, name, len))
			break;
		at = (at + 1) & (s->hash_size - 1);
	}
	return at;
}

uint32_t as_lookup(const struct as *s, const char *name, size_t len)
{
	return s->hash_size ? s->hash[probe(s, name, len, hash_name(name, len))] : 0;
}

uint32_t as_intern(struct as *s, const char *name, size_t len)
{
	uint32_t hash = hash_name(name, len), at, id;

	if ((uint64_t)s->symbol_count * 2 >= s->hash_size && !grow_hash(s))
		return 0;
	at = probe(s, name, len, hash);
	if (s->hash[at])
		return s->hash[at];
	if (!(id = add_symbol(s)))
		return 0;
	s->hash[at] = id;
	as_sym(s, id)->name = name;
	as_sym(s, id)->len = (uint32_t)len;
	as_sym(s, id)->hash = hash;
	return id;
}

uint32_t as_anonymous(struct as *s)
{
	return add_symbol(s);
}

uint32_t as_here(struct as *s)
{
	struct as_section *x = as_section_now(s);
	struct as_symbol *y;

	if (!x)
		return 0;
	if (s->dot && s->dot_section == x && s->dot_offset == as_flat(x))
		return s->dot;
	s->dot = as_anonymous(s);
	s->dot_section = x;
	s->dot_offset = as_flat(x);
	if (!s->dot)
		return 0;
	y = as_sym(s, s->dot);
	y->kind = AS_LABEL;
	y->section = x->elf_index;
	y->offset = s->dot_offset;
	return s->dot;
}

/* Numbered labels share one entry a number, interned under a name that no word can have: `offset` is the instance that
 * "1b" means, `local_next` the one that "1f" means. */
static struct as_symbol *number_entry(struct as *s, const char *digits, size_t len)
{
	char name[24];
	uint32_t id;
	char *copy;

	if (len > 20)
		len = 20;
	name[0] = '\1';
	memcpy(name + 1, digits, len);
	id = as_lookup(s, name, len + 1);
	if (!id) {
		copy = arena_copy(s->arena, name, len + 1);
		id = copy ? as_intern(s, copy, len + 1) : 0;
	}
	return id ? as_sym(s, id) : as_oom(s);
}

uint32_t as_numbered(struct as *s, const char *digits, size_t len, bool forward)
{
	struct as_symbol *entry = number_entry(s, digits, len);

	if (!entry)
		return 0;
	if (!forward)
		return entry->offset;
	if (!entry->local_next) {
		entry->local_next = as_anonymous(s);
		if (entry->local_next)
			as_sym(s, entry->local_next)->at = digits;
	}
	return entry->local_next;
}

bool as_define_numbered(struct as *s, const char *digits, size_t len)
{
	struct as_symbol *entry = number_entry(s, digits, len);
	uint32_t id;

	if (!entry)
		return false;
	id = entry->local_next ? entry->local_next : as_anonymous(s);
	entry->local_next = 0;
	entry->offset = id;
	return id && as_define_label(s, id, digits);
}

static bool duplicate(struct as *s, const struct as_symbol *y, uint32_t id, const char *at)
{
	struct iov_diag *d = as_error(s, at, 0, DIAG_ASM_DUPLICATE, "%s is defined twice", as_symbol_name(s, id));

	if (y->at)
		diag_why(d, as_span(s, y->at, y->len), "the first definition is here");
	return false;
}

bool as_define_label(struct as *s, uint32_t id, const char *at)
{
	struct as_section *x = as_section_now(s);
	struct as_symbol *y;

	if (!x || !id)
		return false;
	y = as_sym(s, id);
	if (y->kind != AS_UNDEFINED)
		return duplicate(s, y, id, at);
	y->kind = AS_LABEL;
	y->section = x->elf_index;
	y->offset = as_flat(x);
	y->at = at;
	return true;
}

bool as_assign(struct as *s, uint32_t id, const char *at, struct as_value value, bool redefinable)
{
	struct as_symbol *y;

	if (!id)
		return false;
	y = as_sym(s, id);
	if (y->kind != AS_UNDEFINED && !(y->kind == AS_EQUATE && y->redefinable && redefinable))
		return duplicate(s, y, id, at);
	y->kind = AS_EQUATE;
	y->redefinable = redefinable;
	y->value = value;
	y->at = at;
	return true;
}

uint32_t as_want_symbol(struct as *s)
{
	const char *word;
	size_t len;

	if (!as_want_word(s, "a symbol's name", &word, &len))
		return 0;
	if (as_register(word, len) != -1) {
		as_error(s, s->p - len, len, DIAG_ASM_SYNTAX, "a register cannot be used as a name");
		return 0;
	}
	return as_intern(s, word, len);
}

const char *as_symbol_name(struct as *s, uint32_t id)
{
	const struct as_symbol *y = as_sym(s, id);
	const char *name;

	if (!y->name)
		return "this label";
	name = arena_copy(s->arena, y->name, y->len);
	if (!name)
		as_oom(s);
	return name ? name : "?";
}

static size_t digits(const char *p, const char *end)
{
	const char *start = p;

	while (p < end && as_is(*p, AS_C_DIGIT))
		p++;
	return (size_t)(p - start);
}

bool as_is_private(const struct as_symbol *y)
{
	const char *p = y->name, *end;
	size_t n;

	if (!p || (y->len && *p == '\1'))
		return true;
	end = p + y->len;
	if (y->len > 1 && p[0] == '.' && p[1] == 'L')
		return true;
	if (y->len < 6 || memcmp(p, "LBB", 3)) /* LLVM's basic blocks */
		return false;
	n = digits(p + 3, end);
	p += 3 + n;
	return n && p < end && *p == '_' && p + 1 + digits(p + 1, end) == end && p + 1 < end;
}
