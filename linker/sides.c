/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what two files say of one name, one below the other in C, with the part that differs marked. */
#include "linker/internal.h"

#include "asm/isa/catalogue.h"

#include <ctype.h>

/* __uint(max_entries, 64), __type(key, struct flow): a map's member as people write it. */
static void map_member(const struct iov_btf *btf, const struct iov_btf_member *m, struct iov_buf *out)
{
	const struct iov_btf_type *ptr = btf_type(btf, btf_strip(btf, m->type));
	const struct iov_btf_type *to = ptr && ptr->kind == BTF_KIND_PTR ? btf_type(btf, ptr->type) : NULL;
	const struct iov_map_type *type = NULL;

	if (!to) {
		btf_declare(btf, m->type, m->name, out);
	} else if (to->kind != BTF_KIND_ARRAY) {
		buf_printf(out, "__type(%s, ", m->name);
		btf_declare(btf, ptr->type, "", out);
		buf_putc(out, ')');
	} else {
		if (!strcmp(m->name, "type"))
			type = catalogue_map_type(to->nelems);
		buf_printf(out, "__uint(%s, ", m->name);
		if (type)
			for (const char *p = type->name; *p; p++)
				buf_printf(out, "%s%c", p == type->name ? "BPF_MAP_TYPE_" : "", toupper(*p));
		else
			buf_printf(out, "%u", to->nelems);
		buf_putc(out, ')');
	}
	buf_putc(out, ';');
}

static bool is_map_type(const struct iov_btf_type *t)
{
	return t && t->kind == BTF_KIND_STRUCT && !*t->name && t->count && !strcmp(t->members[0].name, "type");
}

/* A declaration, or the definition of a struct or enumeration on one line. */
static void put_side(const struct iov_btf *btf, uint32_t id, const char *name, bool define, struct iov_buf *out)
{
	const struct iov_btf_type *t = btf_type(btf, btf_strip(btf, id));
	bool map = is_map_type(t), is_enum = t && t->kind != BTF_KIND_STRUCT && t->kind != BTF_KIND_UNION;

	if (!define && !map) {
		btf_declare(btf, id, name, out);
		return;
	}
	if (map)
		buf_puts(out, "struct");
	else
		btf_declare(btf, id, "", out);
	buf_puts(out, " {");
	for (uint32_t i = 0; i < t->count; i++) {
		const struct iov_btf_member *m = &t->members[i];

		buf_putc(out, ' ');
		if (map) {
			map_member(btf, m, out);
		} else if (is_enum) {
			buf_printf(out, "%s = %lld,", m->name, (long long)m->value);
		} else {
			btf_declare(btf, m->type, m->name, out);
			if (m->bit_size)
				buf_printf(out, " : %u", m->bit_size);
			buf_putc(out, ';');
		}
	}
	buf_printf(out, " }%s%s", *name ? " " : "", name);
}

/* The end of the word or sign that begins at `at`. */
static size_t token(const char *s, size_t at)
{
	size_t end = at;

	while (isalnum((unsigned char)s[end]) || s[end] == '_')
		end++;
	return end > at ? end : at + (s[at] != '\0');
}

static bool same_token(const char *a, const char *b, size_t at)
{
	size_t end = token(a, at);

	return a[at] && end == token(b, at) && !memcmp(a + at, b + at, end - at);
}

/* What of two texts is not the same: from byte *from on, and bytes of each. */
static void difference(const char *a, const char *b, size_t *from, size_t *in_a, size_t *in_b)
{
	size_t at = 0, x = strlen(a), y = strlen(b);

	while (same_token(a, b, at))
		at = token(a, at);
	while (x > at && y > at && a[x - 1] == b[y - 1])
		x--, y--;
	/* Whole words. */
	while (x > at && y > at && a[x] && (isalnum((unsigned char)a[x]) || a[x] == '_') &&
	       (isalnum((unsigned char)a[x - 1]) || a[x - 1] == '_'))
		x++, y++;
	*from = at;
	*in_a = x - at;
	*in_b = y - at;
}

static void put_note(struct iov_diag *d, const char *file, const char *what, const char *text, bool marked, size_t from,
		     size_t len)
{
	struct iov_span span = span_of(file);

	span.text = text;
	if (marked) {
		span.col = (uint32_t)from + 1;
		span.len = len ? (uint32_t)len : 1;
	}
	diag_why(d, span, "%s", what);
}

static const char *text_of(struct linker *l, const struct side *s, const char *name, bool define)
{
	struct iov_buf text;
	const char *kept;

	buf_init(&text, l->arena->alloc);
	put_side(l->inputs[s->input].obj->btf, s->type, name, define, &text);
	kept = buf_cstr(&text);
	kept = kept ? arena_strdup(l->arena, kept) : NULL;
	buf_free(&text);
	return kept ? kept : "";
}

static void show(struct linker *l, struct iov_diag *d, const struct side *a, const struct side *b, const char *first,
		 const char *second)
{
	size_t from = 0, in_a = 0, in_b = 0;
	bool differ = strcmp(first, second);

	if (differ)
		difference(first, second, &from, &in_a, &in_b);
	put_note(d, l->inputs[a->input].obj->name, a->what, first, differ, from, in_a);
	put_note(d, l->inputs[b->input].obj->name, b->what, second, differ, from, in_b);
}

struct side side_of(struct linker *l, uint32_t input, uint32_t symbol, const char *what)
{
	const struct input *in = &l->inputs[input];
	uint32_t id = symbol_btf(in, in->obj->symbols[symbol].name);
	struct iov_span span = symbol_span(l, input, symbol);
	struct side side = {.input = input, .what = what};

	if (id && !object_types(in->obj))
		side.type = in->obj->btf->types[id].type;
	if (span.line)
		side.what = arena_printf(l->arena, "%s (%s:%u)", what, span.file, span.line);
	if (!side.what)
		side.what = what;
	return side;
}

void sides_show(struct linker *l, struct iov_diag *d, const struct side *a, const struct side *b, const char *name)
{
	struct side x = *a, y = *b;
	const char *first, *second;

	if (!a->type || !b->type) {
		diag_why(d, span_of(l->inputs[a->input].obj->name), "%s", a->what);
		diag_why(d, span_of(l->inputs[b->input].obj->name), "%s", b->what);
		return;
	}
	first = text_of(l, a, name, false);
	second = text_of(l, b, name, false);
	if (!agree_inside(l->inputs[a->input].obj->btf, a->type, l->inputs[b->input].obj->btf, b->type, &x.type,
			  &y.type)) {
		show(l, d, a, b, first, second);
		return;
	}
	/* The declarations name a struct that is another one. */
	if (strcmp(first, second)) {
		show(l, d, a, b, first, second);
		x.what = y.what = "where";
	}
	show(l, d, &x, &y, text_of(l, &x, "", true), text_of(l, &y, "", true));
}
