/* SPDX-License-Identifier: Apache-2.0 */
/* vmlinux.h as bpftool writes it is a list of declarations, each ended by ';' outside of all brackets. */
#include "frontend/decls.h"

#include "frontend/words.h"

#include <string.h>

struct maker {
	const char *text;
	struct iov_arena *arena;
	struct decls_chunk *chunks;
	struct decls_name *names;
	uint32_t *refs, *members;
	uint32_t count, name_count, ref_count, member_count;
	size_t chunk_room, name_room, ref_room, member_room;
	struct word_set words; /* a: 1 + name */
	bool failed;
};

/* Declarations. */

static struct decls_chunk *add_chunk(struct maker *m, const struct c_word *first)
{
	if (!arena_grow(m->arena, &m->chunks, m->count, &m->chunk_room, sizeof(*m->chunks))) {
		m->failed = true;
		return NULL;
	}
	m->chunks[m->count] = (struct decls_chunk){.start = (uint32_t)(first->start - m->text), .line = first->line,
						   .refs = m->ref_count, .members = m->member_count};
	return &m->chunks[m->count++];
}

/* The number of a name, made when there is none. */
static uint32_t add_name(struct maker *m, const struct c_word *w)
{
	struct word_entry *e = words_add(&m->words, w->start, w->len);

	if (!e || (!e->a && !arena_grow(m->arena, &m->names, m->name_count, &m->name_room, sizeof(*m->names)))) {
		m->failed = true;
		return UINT32_MAX;
	}
	if (!e->a) {
		m->names[m->name_count] = (struct decls_name){
			.start = (uint32_t)(w->start - m->text), .len = w->len, .hash = e->hash};
		e->a = ++m->name_count;
	}
	return e->a - 1;
}

static void define(struct maker *m, const struct c_word *w, bool tag)
{
	uint32_t name = w->len ? add_name(m, w) : UINT32_MAX;
	uint32_t *at = name == UINT32_MAX ? NULL : tag ? &m->names[name].tag : &m->names[name].ordinary;

	if (at && !*at)
		*at = m->count; /* of the chunk being read, plus 1 */
}

/* References: of every identifier at first, since what a name stands for is known at the end. */

static void append(struct maker *m, uint32_t **list, uint32_t *count, size_t *room, uint32_t value)
{
	if (arena_grow(m->arena, list, *count, room, sizeof(**list)))
		(*list)[(*count)++] = value;
	else
		m->failed = true;
}

static void add_ref(struct maker *m, uint32_t name, enum decls_ref kind)
{
	append(m, &m->refs, &m->ref_count, &m->ref_room, name << 2 | kind);
}

/* `keyword` `tag`, and the word after them. */
static void refer_to_tag(struct maker *m, const struct c_word *keyword, uint32_t tag, const struct c_word *after)
{
	if (after->kind == '*' && !c_is(keyword, "enum")) {
		m->names[tag].is_union |= c_is(keyword, "union");
		add_ref(m, tag, REF_POINTER);
	} else if (after->kind != '{') {
		add_ref(m, tag, REF_TAG);
	}
}

static bool ends_member(char kind)
{
	return kind == ';' || kind == '[' || kind == ':' || kind == ',' || kind == ')';
}

/* What `word` refers to, by value or by any name that C must know, or points to; it may be a member. */
static void refer(struct maker *m, const struct c_word *before, const struct c_word *word, const struct c_word *after)
{
	uint32_t name = word->kind == 'a' ? add_name(m, word) : UINT32_MAX;

	if (name == UINT32_MAX)
		return;
	if (c_before_tag(before))
		refer_to_tag(m, before, name, after);
	else
		add_ref(m, name, REF_ORDINARY);
	if (ends_member(after->kind))
		append(m, &m->members, &m->member_count, &m->member_room, name);
}

/* One declaration as it is read. */
struct shape {
	struct c_word before, name, last; /* the word before; the name so far; the last identifier outside brackets */
	struct c_word tag;                /* after struct, union or enum */
	unsigned depth;
	bool in_enum, is_typedef, defines_tag, named;
};

static void close_name(struct maker *m, struct shape *d)
{
	if (d->named)
		define(m, &d->name, false);
	else if (d->is_typedef || !d->tag.len)
		define(m, &d->last, false);
}

static bool is_attribute(const struct c_word *w)
{
	return c_is(w, "__attribute__");
}

/* Enumerators, the tag that a body follows, and the name that a typedef or function declares. */
static void read_word(struct maker *m, struct shape *d, const struct c_word *w)
{
	bool tag_before = c_before_tag(&d->before);

	if (w->kind == '{' && !d->depth && (tag_before || (d->tag.len && d->before.start == d->tag.start))) {
		d->in_enum |= c_is(&d->before, "enum");
		if (!tag_before)
			define(m, &d->tag, true);
		d->defines_tag = true;
	} else if (w->kind == 'a' && d->in_enum && d->depth == 1 && (d->before.kind == '{' || d->before.kind == ',')) {
		define(m, w, false);
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

static void read_declaration(struct maker *m, struct c_reader *r, struct c_word first)
{
	struct c_word w = first, before = {0};
	struct shape d = {0};

	if (!add_chunk(m, &first))
		return;
	for (; w.kind && !(w.kind == ';' && !d.depth); w = c_next(r)) {
		read_word(m, &d, &w);
		if (w.kind == '(' || w.kind == '{' || w.kind == '[')
			d.depth++;
		else if (d.depth && (w.kind == ')' || w.kind == '}' || w.kind == ']'))
			d.depth--;
		refer(m, &before, &d.before, &w);
		before = d.before;
		d.before = w;
	}
	refer(m, &before, &d.before, &w);
	close_name(m, &d);
	m->chunks[m->count - 1].len = (uint32_t)(r->at - first.start);
}

static uint32_t lines_in(const char *text, size_t len)
{
	uint32_t n = 0;

	for (const char *at = text; (at = memchr(at, '\n', (size_t)(text + len - at))); at++)
		n++;
	return n;
}

static void take_apart(struct maker *m, size_t len)
{
	struct decls_chunk *c;
	struct c_reader r;

	c_reader_init(&r, m->text, len);
	for (struct c_word w = c_next(&r); w.kind && !m->failed; w = c_next(&r)) {
		if (w.kind != '#') {
			read_declaration(m, &r, w);
		} else if ((c = add_chunk(m, &w))) {
			c->len = w.len;
			c->always = 1;
		}
		if (m->count)
			m->chunks[m->count - 1].lines =
				lines_in(m->text + m->chunks[m->count - 1].start, m->chunks[m->count - 1].len);
	}
}

/* What is of no use goes: words that stand for nothing, members that share their name with something, and a reference
 * that only repeats the one before. */
static void keep_useful(struct maker *m, struct decls_chunk *c, uint32_t refs_end, uint32_t members_end)
{
	uint32_t ref = c->refs, member = c->members;

	c->refs = m->ref_count;
	c->members = m->member_count;
	for (; ref < refs_end; ref++) {
		const struct decls_name *name = &m->names[m->refs[ref] >> 2];
		uint32_t kind = m->refs[ref] & 3;

		if ((kind == REF_ORDINARY ? name->ordinary : kind == REF_TAG ? name->tag : true) &&
		    (m->ref_count == c->refs || m->refs[m->ref_count - 1] != m->refs[ref]))
			m->refs[m->ref_count++] = m->refs[ref];
	}
	for (; member < members_end; member++)
		if (!m->names[m->members[member]].ordinary)
			m->members[m->member_count++] = m->members[member];
}

/* `end`: the chunk that ends the lists of the last. */
static void keep_all_useful(struct maker *m, struct decls_chunk *end)
{
	end->refs = m->ref_count;
	end->members = m->member_count;
	m->ref_count = m->member_count = 0;
	for (struct decls_chunk *c = m->chunks; c < end; c++)
		keep_useful(m, c, c[1].refs, c[1].members);
	end->refs = m->ref_count;
	end->members = m->member_count;
}

static uint32_t *make_slots(const struct maker *m, uint32_t *count)
{
	uint32_t *slots;

	for (*count = 16; *count < 2 * m->name_count;)
		*count *= 2;
	slots = arena_array(m->arena, *count, sizeof(*slots));
	for (uint32_t i = 0; slots && i < m->name_count; i++) {
		uint32_t at = m->names[i].hash & (*count - 1);

		while (slots[at])
			at = (at + 1) & (*count - 1);
		slots[at] = 1 + i;
	}
	return slots;
}

bool decls_make(const char *text, size_t len, struct iov_arena *arena, struct decls *out)
{
	struct maker m = {.text = text, .arena = arena, .words = {.arena = arena}};
	struct c_word end = {.start = text + len};
	uint32_t slot_count = 0, *slots;

	if (len > UINT32_MAX / 4) /* and names fit into references */
		return false;
	take_apart(&m, len);
	slots = make_slots(&m, &slot_count);
	if (m.failed || !slots || !add_chunk(&m, &end))
		return false;
	keep_all_useful(&m, &m.chunks[--m.count]);
	*out = (struct decls){.text = text, .len = len, .chunks = m.chunks, .names = m.names, .slots = slots,
			      .refs = m.refs, .members = m.members, .chunk_count = m.count,
			      .name_count = m.name_count, .slot_count = slot_count, .ref_count = m.ref_count,
			      .member_count = m.member_count};
	return true;
}
