/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: which form of .BTF an object has, in which order its functions are printed so that strings come out in theirs,
 * and the .btf block. The plan is held against the object's bytes before anything is printed: what the assembler would
 * write is written here with the same function. */
#include "asm/dump_asm.h"

#include "asm/base/cursor.h"

#include <stdlib.h>
#include <string.h>

static const struct iov_btf_ext_section *ext_of(const struct iov_object *obj, uint32_t section)
{
	for (uint32_t i = 0; obj->btf_ext && i < obj->btf_ext->count; i++)
		if (!strcmp(obj->btf_ext->sections[i].name, obj->sections[section].name))
			return &obj->btf_ext->sections[i];
	return NULL;
}

/* A section's chunks: split where function records begin. */
static bool split(struct asm_dump *d, const struct iov_section *s, uint32_t *room)
{
	const struct iov_btf_ext_section *x = ext_of(d->obj, s->index);
	uint32_t funcs = x ? x->func_count : 0;
	uint64_t begin = 0;

	if (d->chunk_count + funcs + 1 > *room)
		return false;
	for (uint32_t i = 0; i <= funcs; i++) {
		uint64_t end = i < funcs ? x->funcs[i].insn * 8ull : s->size;

		if (end > begin)
			d->chunks[d->chunk_count++] = (struct asm_chunk){s->index, begin, end};
		begin = end > begin ? end : begin;
	}
	return true;
}

bool asm_plan_chunks(struct asm_dump *d)
{
	const struct iov_object *obj = d->obj;
	uint32_t room = obj->section_count;

	for (uint32_t i = 0; obj->btf_ext && i < obj->btf_ext->count; i++)
		room += obj->btf_ext->sections[i].func_count;
	d->chunks = arena_array(d->arena, room, sizeof(*d->chunks));
	if (!d->chunks)
		return false;
	for (uint32_t i = 1; i < obj->section_count; i++)
		if (d->labels[i] && !split(d, &obj->sections[i], &room))
			return false;
	return true;
}

/* Strings of a chunk's records, in the order of the text. */
struct walk {
	const struct iov_btf_ext_section *x;
	uint32_t func, line, core, part;
	uint64_t begin, end; /* slots */
};

static void walk_init(struct walk *w, const struct iov_object *obj, const struct asm_chunk *chunk)
{
	const struct iov_btf_ext_section *x = ext_of(obj, chunk->section);

	*w = (struct walk){.x = x, .begin = chunk->begin / 8, .end = (chunk->end + 7) / 8};
	while (x && w->func < x->func_count && x->funcs[w->func].insn < w->begin)
		w->func++;
	while (x && w->line < x->line_count && x->lines[w->line].insn < w->begin)
		w->line++;
	while (x && w->core < x->core_count && x->cores[w->core].insn < w->begin)
		w->core++;
}

static const char *walk_next(struct walk *w)
{
	const struct iov_btf_ext_section *x = w->x;
	uint64_t func, core, line;

	if (!x)
		return NULL;
	func = w->func < x->func_count ? x->funcs[w->func].insn : UINT64_MAX;
	core = w->core < x->core_count ? x->cores[w->core].insn : UINT64_MAX;
	line = w->line < x->line_count ? x->lines[w->line].insn : UINT64_MAX;
	if (func < w->end && func <= core && func <= line) {
		w->func++;
		return x->name;
	}
	if (core < w->end && core <= line)
		return x->cores[w->core++].access;
	if (line >= w->end)
		return NULL;
	if (!w->part++)
		return x->lines[w->line].file;
	w->part = 0;
	return x->lines[w->line++].text;
}

struct order {
	struct asm_dump *d;
	const char *base; /* of the string table */
	uint32_t len, high;
};

/* The place of the first string that is new with this chunk; 0: none is. */
static uint32_t first_new(const struct order *o, const struct asm_chunk *chunk)
{
	struct walk w;
	const char *s;

	walk_init(&w, o->d->obj, chunk);
	while ((s = walk_next(&w)))
		if ((uint32_t)(s - o->base) > o->high)
			return (uint32_t)(s - o->base);
	return 0;
}

static void take(struct order *o, const struct asm_chunk *chunk)
{
	struct walk w;
	const char *s;

	walk_init(&w, o->d->obj, chunk);
	while ((s = walk_next(&w)))
		if ((uint32_t)(s - o->base) > o->high)
			o->high = (uint32_t)(s - o->base);
}

/* Chunks of one section stay in order; of those that come first in theirs, the one whose strings come first is next. */
static bool order_chunks(struct order *o)
{
	struct asm_dump *d = o->d;
	struct asm_chunk *sorted = arena_array(d->arena, d->chunk_count, sizeof(*sorted));
	uint32_t *heads = arena_array(d->arena, d->chunk_count, sizeof(*heads)), n = 0, done = 0;

	if (!sorted || !heads)
		return false;
	for (uint32_t i = 0; i < d->chunk_count; i++)
		if (!i || d->chunks[i].section != d->chunks[i - 1].section)
			heads[n++] = i;
	while (n) {
		uint32_t best = 0, least = UINT32_MAX, at;

		for (uint32_t i = 0; i < n && least; i++) {
			uint32_t key = first_new(o, &d->chunks[heads[i]]);

			if (key < least) {
				least = key;
				best = i;
			}
		}
		at = heads[best]++;
		take(o, &d->chunks[at]);
		sorted[done++] = d->chunks[at];
		if (at + 1 == d->chunk_count || d->chunks[at + 1].section != d->chunks[at].section)
			memmove(&heads[best], &heads[best + 1], (--n - best) * sizeof(*heads));
	}
	d->chunks = sorted;
	return true;
}

/* Order of the sections in .BTF.ext, for our own form. */
static int rank_of(const struct iov_object *obj, const struct asm_chunk *chunk)
{
	const struct iov_btf_ext_section *x = ext_of(obj, chunk->section);

	return x ? (int)(x - obj->btf_ext->sections) : INT32_MAX;
}

static bool sort_chunks(struct asm_dump *d)
{
	struct asm_chunk *sorted = arena_array(d->arena, d->chunk_count, sizeof(*sorted));
	uint32_t n = 0;

	if (!sorted)
		return false;
	for (uint32_t x = 0; d->obj->btf_ext && x < d->obj->btf_ext->count; x++)
		for (uint32_t i = 0; i < d->chunk_count; i++)
			if (rank_of(d->obj, &d->chunks[i]) == (int)x)
				sorted[n++] = d->chunks[i];
	for (uint32_t i = 0; i < d->chunk_count; i++)
		if (rank_of(d->obj, &d->chunks[i]) == INT32_MAX)
			sorted[n++] = d->chunks[i];
	d->chunks = sorted;
	return true;
}

/* .BTF.ext as the assembler will have it: sections in the order of the text. */
static struct iov_btf_ext *text_ext(const struct asm_dump *d)
{
	struct iov_btf_ext *ext = ARENA_NEW(d->arena, struct iov_btf_ext);
	const struct iov_btf_ext *from = d->obj->btf_ext;

	if (!ext || !(ext->sections = arena_array(d->arena, from->count, sizeof(*ext->sections))))
		return NULL;
	for (uint32_t i = 0; i < d->chunk_count; i++) {
		const struct iov_btf_ext_section *x = ext_of(d->obj, d->chunks[i].section);
		bool known = !x;

		for (uint32_t j = 0; !known && j < ext->count; j++)
			known = ext->sections[j].name == x->name;
		if (!known)
			ext->sections[ext->count++] = *x;
	}
	return ext;
}

static bool same_bytes(const struct iov_section *s, const struct iov_buf *b)
{
	return s && s->size == b->len && !memcmp(s->data, b->data, b->len);
}

/* What btf_write makes of the types with these strings first, against the object. */
static bool reproduces(struct asm_dump *d, const char *const *strings, uint32_t count, bool *same)
{
	const struct iov_section *types = object_section(d->obj, ".BTF"), *records = object_section(d->obj, ".BTF.ext");
	struct iov_btf btf = *d->obj->btf;
	struct iov_btf_ext *ext = d->obj->btf_ext ? text_ext(d) : NULL;
	struct iov_buf a, b;
	bool fine;

	btf.strings = strings;
	btf.string_count = count;
	buf_init(&a, d->arena->alloc);
	buf_init(&b, d->arena->alloc);
	fine = (!d->obj->btf_ext || ext) && btf_write(&btf, ext, d->obj->big_endian, d->arena->alloc, &a, &b) == IOV_OK;
	*same = fine && same_bytes(types, &a) && (!ext || same_bytes(records, &b));
	buf_free(&a);
	buf_free(&b);
	return fine;
}

/* All strings of the records in the order of the text. */
static const char **text_strings(struct asm_dump *d, uint32_t *count)
{
	uint32_t n = 0;
	const char **all = NULL, *s;
	struct walk w;

	for (int pass = 0; pass < 2; pass++) {
		if (pass && !(all = arena_array(d->arena, n, sizeof(*all))))
			return NULL;
		n = 0;
		for (uint32_t i = 0; i < d->chunk_count; i++) {
			walk_init(&w, d->obj, &d->chunks[i]);
			for (; (s = walk_next(&w)); n++)
				if (pass)
					all[n] = s;
		}
	}
	*count = n;
	return all;
}

static const char **table_strings(struct asm_dump *d, const struct order *o, uint32_t *count)
{
	uint32_t n = 0;
	const char **all;

	for (uint32_t at = 0; at < o->len; at += (uint32_t)strlen(o->base + at) + 1)
		n++;
	all = arena_array(d->arena, n, sizeof(*all));
	*count = 0;
	for (uint32_t at = 0; all && at < o->len; at += (uint32_t)strlen(o->base + at) + 1)
		all[(*count)++] = o->base + at;
	return all;
}

static enum iov_status cannot(struct asm_dump *d, const char *what)
{
	diag_add(d->sink, DIAG_TYPES_TEXT, (struct iov_span){.file = d->obj->name, .insn = -1}, "%s", what);
	return IOV_DIAGNOSED;
}

static void find_strings(struct asm_dump *d, struct order *o)
{
	const struct iov_section *s = object_section(d->obj, ".BTF");
	struct iov_cursor c;
	uint32_t header, offset;

	cursor_init(&c, s->data, s->size, d->obj->big_endian);
	cursor_skip(&c, 4);
	header = cursor_u32(&c);
	cursor_skip(&c, 8);
	offset = cursor_u32(&c);
	o->len = cursor_u32(&c);
	o->base = (const char *)s->data + header + offset; /* btf_read checked it */
}

static enum iov_status plan_form(struct asm_dump *d)
{
	const struct iov_section *types = object_section(d->obj, ".BTF"), *records = object_section(d->obj, ".BTF.ext");
	struct order o = {.d = d};
	const char **strings;
	uint32_t count = 0;
	bool same = false;

	find_strings(d, &o);
	d->llvm = types->reloc_count || (records && records->reloc_count);
	if (!d->llvm) {
		if (!sort_chunks(d) || !reproduces(d, NULL, 0, &same))
			return IOV_NOMEM;
		if (same)
			return IOV_OK;
	}
	if (!order_chunks(&o) || !(strings = text_strings(d, &count)) || !reproduces(d, strings, count, &same))
		return IOV_NOMEM;
	if (same) {
		d->llvm = true;
		return IOV_OK;
	}
	d->strings = true;
	if ((!d->llvm && !sort_chunks(d)) || !(strings = table_strings(d, &o, &count)) ||
	    !reproduces(d, strings, count, &same))
		return IOV_NOMEM;
	return same ? IOV_OK
		    : cannot(d, "the sections .BTF and .BTF.ext are laid out in a way that assembly cannot say");
}

enum iov_status asm_plan_types(struct asm_dump *d)
{
	enum iov_status status;

	if (!d->obj->btf)
		return object_section(d->obj, ".BTF") && object_section(d->obj, ".BTF")->size
			       ? cannot(d, "the types cannot be read")
			       : IOV_OK;
	status = plan_form(d);
	if (status)
		return status;
	d->types = types_printer_new(d->obj->btf, d->obj, d->llvm, d->arena);
	return d->types ? IOV_OK : IOV_NOMEM;
}

void asm_print_types(struct asm_dump *d)
{
	struct order o = {.d = d};

	if (!d->types)
		return;
	buf_printf(d->out, "\n\t.btf_form %s\n\t.btf_auto off\n", d->llvm ? "llvm" : "iov");
	if (d->strings) {
		find_strings(d, &o);
		for (uint32_t at = 0; at < o.len; at += (uint32_t)strlen(o.base + at) + 1) {
			buf_puts(d->out, "\t.btf_string ");
			types_print_string(o.base + at, d->out);
			buf_putc(d->out, '\n');
		}
	}
	buf_puts(d->out, "\t.btf\n");
	types_print_block(d->types, d->out);
	buf_puts(d->out, "\t.endbtf\n");
}
