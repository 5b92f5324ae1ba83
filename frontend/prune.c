/* SPDX-License-Identifier: Apache-2.0 */
/* A declaration is reached when the source names it; when one that is reached has it by value, or by any name that C
 * must know; and when one that is reached points to it and the source names one of its members. Forward declarations
 * are made anew. */
#include "frontend/prune.h"

#include <string.h>

enum { WORTH_IT = 128 << 10 }; /* bytes; shorter texts are left alone */

/* What is known of a chunk, and of a name. */
enum { WANTED = 1, LOOKED_INTO = 2 };
enum { SAID = 1, DECLARED_HERE = 2 };

struct prune {
	const struct decls *index;
	uint8_t *chunks, *names;
	uint32_t *todo, todo_count;
	bool bad; /* the index is not what it says */
};

bool prune_is_vmlinux(const char *text, size_t len)
{
	static const char guard[] = "#ifndef __VMLINUX_H__";

	return len >= WORTH_IT && memmem(text, 4096, guard, sizeof(guard) - 1);
}

/* Following. */

/* `chunk` is 1 + its number; 0: none. */
static void want(struct prune *p, uint32_t chunk)
{
	p->bad |= chunk > p->index->chunk_count;
	if (!chunk || p->bad || p->chunks[chunk - 1] & WANTED)
		return;
	p->chunks[chunk - 1] |= WANTED;
	p->todo[p->todo_count++] = chunk - 1;
}

/* Whether the source names a member of the structure. */
static bool names_member(struct prune *p, uint32_t chunk)
{
	const uint32_t *members;
	uint32_t n = decls_members(p->index, chunk, &members);

	for (uint32_t i = 0; i < n; i++)
		if (members[i] < p->index->name_count && p->names[members[i]] & SAID)
			return true;
	return false;
}

/* A pointer to it is reached. */
static void point_to(struct prune *p, uint32_t chunk)
{
	p->bad |= chunk > p->index->chunk_count;
	if (!chunk || p->bad || p->chunks[chunk - 1])
		return;
	p->chunks[chunk - 1] |= LOOKED_INTO;
	if (names_member(p, chunk - 1))
		want(p, chunk);
}

static void follow_chunk(struct prune *p, uint32_t chunk)
{
	const uint32_t *refs;
	uint32_t n = decls_refs(p->index, chunk, &refs);

	for (uint32_t i = 0; i < n; i++) {
		const struct decls_name *name = decls_name(p->index, refs[i] >> 2);

		if (!name)
			p->bad = true;
		else if ((refs[i] & 3) == REF_POINTER)
			point_to(p, name->tag);
		else
			want(p, (refs[i] & 3) == REF_TAG ? name->tag : name->ordinary);
	}
}

static uint32_t find(const struct prune *p, const struct word_entry *said)
{
	return said->text ? decls_find(p->index, said->text, said->len, said->hash) : UINT32_MAX;
}

static void follow(struct prune *p, const struct mentions *m)
{
	for (size_t i = 0; i < m->words.room; i++) {
		uint32_t name = find(p, &m->words.slots[i]);

		if (name != UINT32_MAX && m->words.slots[i].flags & WORD_NAMED)
			p->names[name] |= SAID;
	}
	for (size_t i = 0; i < m->words.room; i++) {
		const struct word_entry *said = &m->words.slots[i];
		uint32_t at = find(p, said);
		const struct decls_name *name = at == UINT32_MAX ? NULL : decls_name(p->index, at);

		if (!name)
			continue;
		want(p, name->ordinary);
		if (said->flags & WORD_TAG)
			want(p, name->tag);
		else if (said->flags & WORD_DECLARED)
			point_to(p, name->tag);
	}
	while (p->todo_count && !p->bad)
		follow_chunk(p, p->todo[--p->todo_count]);
}

/* Writing. */

/* Tags that the chunk only points to, each once in the text. */
static void declare(struct prune *p, uint32_t chunk, struct iov_buf *out)
{
	const uint32_t *refs;
	uint32_t n = decls_refs(p->index, chunk, &refs);

	for (uint32_t i = 0; i < n; i++) {
		const struct decls_name *name = decls_name(p->index, refs[i] >> 2);

		if ((refs[i] & 3) != REF_POINTER || !name || p->names[refs[i] >> 2] & DECLARED_HERE)
			continue;
		buf_printf(out, "%s %.*s;", name->is_union ? "union" : "struct", (int)name->len,
			   p->index->text + name->start);
		p->names[refs[i] >> 2] |= DECLARED_HERE;
	}
}

static void write_chunks(struct prune *p, struct iov_buf *out)
{
	uint32_t line = 1;

	for (uint32_t i = 0; i < p->index->chunk_count; i++) {
		const struct decls_chunk *c = decls_chunk(p->index, i);
		size_t before = out->len;

		p->bad |= !c;
		if (!c || !(c->always || p->chunks[i] & WANTED))
			continue;
		if (!c->always)
			declare(p, i, out);
		if (out->len != before) {
			buf_putc(out, '\n');
			line = 0;
		}
		if (line != c->line)
			buf_printf(out, "#line %u\n", c->line);
		buf_put(out, p->index->text + c->start, c->len);
		buf_putc(out, '\n');
		line = c->line + c->lines + 1;
	}
}

const char *prune_text(const struct mentions *m, const struct decls *index, struct iov_arena *arena, size_t *out_len)
{
	struct prune p = {.index = index};
	struct iov_buf out = {0};
	const char *shorter = NULL;

	p.chunks = arena_alloc(arena, index->chunk_count + 1);
	p.names = arena_alloc(arena, index->name_count + 1);
	p.todo = arena_array(arena, index->chunk_count + 1, sizeof(*p.todo));
	if (p.chunks && p.names && p.todo) {
		follow(&p, m);
		write_chunks(&p, &out);
		if (!out.failed && !p.bad)
			shorter = arena_copy(arena, out.data, out.len);
		*out_len = out.len;
	}
	buf_free(&out);
	return shorter;
}
