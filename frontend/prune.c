/* SPDX-License-Identifier: Apache-2.0 */
/* vmlinux.h as bpftool writes it is a list of declarations, each ended by ';' outside of all brackets. A declaration is
 * reached when the source names it; when one that is reached has it by value, or by any name that C must know; and when
 * one that is reached points to it and the source names one of its members. Forward declarations are made anew. */
#include "frontend/prune.h"

#include <string.h>

enum { WORTH_IT = 128 << 10 }; /* bytes; shorter texts are left alone */

/* One declaration, or directive. */
struct chunk {
	const char *start;
	uint32_t len, line;
	bool always, wanted, looked_into;
};

/* In the set of names: a: 1 + chunk that defines the tag; b: 1 + chunk that declares the ordinary name. */
enum { DECLARED_HERE = 1, IS_UNION = 2 }; /* flags */

struct prune {
	const struct mentions *mentions;
	struct iov_arena *arena;
	struct chunk *chunks;
	uint32_t count;
	size_t room;
	struct word_set names;
	uint32_t *todo, todo_count;
};

bool prune_is_vmlinux(const char *text, size_t len)
{
	static const char guard[] = "#ifndef __VMLINUX_H__";

	return len >= WORTH_IT && memmem(text, 4096, guard, sizeof(guard) - 1);
}

/* Taking apart. */

static struct chunk *add_chunk(struct prune *p, const struct c_word *first)
{
	if (!arena_grow(p->arena, &p->chunks, p->count, &p->room, sizeof(*p->chunks)))
		return NULL;
	p->chunks[p->count] = (struct chunk){.start = first->start, .line = first->line};
	return &p->chunks[p->count++];
}

static void define(struct prune *p, const struct c_word *w, bool tag)
{
	struct word_entry *e = w->len ? words_add(&p->names, w->start, w->len) : NULL;
	uint32_t *at = e ? (tag ? &e->a : &e->b) : NULL;

	if (at && !*at)
		*at = p->count; /* of the chunk being read, plus 1 */
}

/* One declaration as it is read. */
struct shape {
	struct c_word before, name, last; /* the word before; the name so far; the last identifier outside brackets */
	struct c_word tag;                /* after struct, union or enum */
	unsigned depth;
	bool in_enum, is_typedef, defines_tag, named;
};

static void close_name(struct prune *p, struct shape *d)
{
	if (d->named)
		define(p, &d->name, false);
	else if (d->is_typedef || !d->tag.len)
		define(p, &d->last, false);
}

static bool is_attribute(const struct c_word *w)
{
	return c_is(w, "__attribute__");
}

/* Enumerators, the tag that a body follows, and the name that a typedef or function declares. */
static void read_word(struct prune *p, struct shape *d, const struct c_word *w)
{
	bool tag_before = c_before_tag(&d->before);

	if (w->kind == '{' && !d->depth && (tag_before || (d->tag.len && d->before.start == d->tag.start))) {
		d->in_enum |= c_is(&d->before, "enum");
		if (!tag_before)
			define(p, &d->tag, true);
		d->defines_tag = true;
	} else if (w->kind == 'a' && d->in_enum && d->depth == 1 && (d->before.kind == '{' || d->before.kind == ',')) {
		define(p, w, false);
	} else if (w->kind == 'a' && d->depth == 1 && d->before.kind == '*' && !d->named && !d->defines_tag) {
		d->name = *w; /* (*name)( */
		d->named = true;
	} else if (w->kind == '(' && !d->depth && d->before.kind == 'a' && !is_attribute(&d->before) && !d->named &&
		   d->last.len && d->before.start == d->last.start && !c_is(&d->before, "typeof")) {
		struct c_word name = d->before;

		d->name = name; /* name( */
		d->named = d->is_typedef ? d->named : true;
	} else if (w->kind == 'a' && !d->depth) {
		if (tag_before) {
			d->tag = *w;
			d->in_enum = c_is(&d->before, "enum");
		} else if (!is_attribute(w)) {
			d->last = *w;
		}
		d->is_typedef |= c_is(w, "typedef");
	}
}

static void read_declaration(struct prune *p, struct c_reader *r, struct c_word first)
{
	struct shape d = {0};
	struct c_word w = first;

	if (!add_chunk(p, &first)) {
		p->names.failed = true;
		return;
	}
	for (; w.kind && !(w.kind == ';' && !d.depth); w = c_next(r)) {
		read_word(p, &d, &w);
		if (strchr("({[", w.kind))
			d.depth++;
		else if (strchr(")}]", w.kind) && d.depth)
			d.depth--;
		d.before = w;
	}
	close_name(p, &d);
	p->chunks[p->count - 1].len = (uint32_t)(r->at - first.start);
}

static void take_apart(struct prune *p, const char *text, size_t len)
{
	struct c_reader r;

	c_reader_init(&r, text, len);
	for (struct c_word w = c_next(&r); w.kind && !p->names.failed; w = c_next(&r)) {
		if (w.kind == '#') {
			struct chunk *c = add_chunk(p, &w);

			p->names.failed |= !c;
			if (c) {
				c->len = w.len;
				c->always = c->wanted = c->looked_into = true;
			}
		} else {
			read_declaration(p, &r, w);
		}
	}
}

/* Following. */

static void want(struct prune *p, uint32_t chunk)
{
	struct chunk *c = chunk ? &p->chunks[chunk - 1] : NULL;

	if (!c || c->wanted)
		return;
	c->wanted = true;
	p->todo[p->todo_count++] = chunk - 1;
}

static bool is_named(const struct prune *p, const struct c_word *w)
{
	const struct word_entry *e = words_find(&p->mentions->words, w->start, w->len);

	return e && e->flags & WORD_NAMED;
}

static bool ends_member(char kind)
{
	return kind == ';' || kind == '[' || kind == ':' || kind == ',' || kind == ')';
}

/* Whether the source names a member of the structure. */
static bool names_member(struct prune *p, const struct chunk *c)
{
	struct c_word before = {0};
	struct c_reader r;

	c_reader_init(&r, c->start, c->len);
	for (struct c_word w = c_next(&r); w.kind; w = c_next(&r)) {
		if (before.kind == 'a' && ends_member(w.kind) && is_named(p, &before)) {
			const struct word_entry *type = words_find(&p->names, before.start, before.len);

			if (!type || !type->b)
				return true;
		}
		before = w;
	}
	return false;
}

/* A pointer to it is reached. */
static void point_to(struct prune *p, const struct word_entry *name)
{
	struct chunk *c = name && name->a ? &p->chunks[name->a - 1] : NULL;

	if (!c || c->wanted || c->looked_into)
		return;
	c->looked_into = true;
	if (names_member(p, c))
		want(p, name->a);
}

/* What is done with a tag that a declaration only points to. */
typedef void pointed_to(struct prune *p, struct word_entry *name, void *ud);

/* `keyword` `tag`, and the word after them. */
static void refer_to_tag(struct prune *p, const struct c_word *keyword, const struct c_word *tag,
			 const struct c_word *after, pointed_to *pointed, void *ud)
{
	struct word_entry *name;

	if (after->kind != '*' || c_is(keyword, "enum")) {
		name = words_find(&p->names, tag->start, tag->len);
		if (name && after->kind != '{')
			want(p, name->a);
		return;
	}
	name = words_add(&p->names, tag->start, tag->len);
	if (name) {
		name->flags |= c_is(keyword, "union") ? IS_UNION : 0;
		pointed(p, name, ud);
	}
}

/* Everything that a declaration needs is wanted. */
static void each_reference(struct prune *p, const struct chunk *c, pointed_to *pointed, void *ud)
{
	struct c_word before = {0}, word = {0}, w;
	struct c_reader r;

	c_reader_init(&r, c->start, c->len);
	do {
		w = c_next(&r);
		if (word.kind == 'a' && c_before_tag(&before)) {
			refer_to_tag(p, &before, &word, &w, pointed, ud);
		} else if (word.kind == 'a') {
			const struct word_entry *name = words_find(&p->names, word.start, word.len);

			if (name)
				want(p, name->b);
		}
		before = word;
		word = w;
	} while (w.kind);
}

static void follow_pointer(struct prune *p, struct word_entry *name, void *ud)
{
	(void)ud;
	point_to(p, name);
}

static void follow(struct prune *p)
{
	for (size_t i = 0; i < p->mentions->words.room; i++) {
		const struct word_entry *said = &p->mentions->words.slots[i];
		const struct word_entry *name = said->text ? words_find(&p->names, said->text, said->len) : NULL;

		if (!name)
			continue;
		want(p, name->b);
		if (said->flags & WORD_TAG)
			want(p, name->a);
		else if (said->flags & WORD_DECLARED)
			point_to(p, name);
	}
	while (p->todo_count)
		each_reference(p, &p->chunks[p->todo[--p->todo_count]], follow_pointer, NULL);
}

/* Writing. */

static void declare(struct prune *p, struct word_entry *name, void *ud)
{
	(void)p;
	if (!(name->flags & DECLARED_HERE))
		buf_printf(ud, "%s %.*s;", name->flags & IS_UNION ? "union" : "struct", (int)name->len, name->text);
	name->flags |= DECLARED_HERE;
}

static uint32_t lines_in(const struct chunk *c)
{
	uint32_t n = 0;

	for (const char *at = c->start; (at = memchr(at, '\n', (size_t)(c->start + c->len - at))); at++)
		n++;
	return n;
}

static void write_chunks(struct prune *p, struct iov_buf *out)
{
	uint32_t line = 1;

	for (uint32_t i = 0; i < p->count; i++) {
		const struct chunk *c = &p->chunks[i];
		size_t before = out->len;

		if (!c->wanted)
			continue;
		if (!c->always)
			each_reference(p, c, declare, out);
		if (out->len != before) {
			buf_putc(out, '\n');
			line = 0;
		}
		if (line != c->line)
			buf_printf(out, "#line %u\n", c->line);
		buf_put(out, c->start, c->len);
		buf_putc(out, '\n');
		line = c->line + lines_in(c) + 1;
	}
}

const char *prune_text(const struct mentions *m, const char *text, size_t len, struct iov_arena *arena, size_t *out_len)
{
	struct prune p = {.mentions = m, .arena = arena, .names = {.arena = arena}};
	struct iov_buf out = {0};
	const char *shorter = NULL;

	if (!prune_is_vmlinux(text, len))
		return NULL;
	take_apart(&p, text, len);
	p.todo = arena_array(arena, p.count, sizeof(*p.todo));
	if (p.todo && !p.names.failed) {
		follow(&p);
		write_chunks(&p, &out);
		if (!out.failed && !p.names.failed)
			shorter = arena_copy(arena, out.data, out.len);
		*out_len = out.len;
	}
	buf_free(&out);
	return shorter;
}
