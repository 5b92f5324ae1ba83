/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: type expressions as C text. A declarator is built inside out. Whatever the reader would take for another type
 * is said by its label. */
#include "asm/types/part.h"

#include <stdio.h>

enum { MAX_STEPS = 16, MAX_TEXT = 4096 };

void print_string(struct iov_buf *out, const char *text)
{
	buf_putc(out, '"');
	for (const uint8_t *s = (const uint8_t *)text; *s; s++) {
		if (*s == '"' || *s == '\\')
			buf_printf(out, "\\%c", *s);
		else if (*s == '\t' || *s == '\n')
			buf_puts(out, *s == '\t' ? "\\t" : "\\n");
		else if (*s < 0x20 || *s >= 0x7f)
			buf_printf(out, "\\%03o", *s);
		else
			buf_putc(out, (char)*s);
	}
	buf_putc(out, '"');
}

void types_print_string(const char *text, struct iov_buf *out)
{
	print_string(out, text);
}

static bool is_reserved(const char *s)
{
	static const char *const words[] = {
		"char",       "short",  "int",     "long",        "signed",   "unsigned",   "__int128",
		"_Bool",      "float",  "double",  "struct",      "union",    "enum",       "enum64",
		"typedef",    "static", "extern",  "const",       "volatile", "restrict",   "__restrict",
		"void",       "__at",   "__size",  "__kind_flag", "__signed", "__unsigned", "__datasec",
		"__decl_tag", "__int",  "__float", "__type_tag", "inline", "__inline", "__inline__",
		"__extension__", "__signed__", "__const", "__const__", "__volatile", "__volatile__", "__restrict__",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(words[i], s))
			return true;
	return !strncmp(s, "__attribute", 11);
}

static bool is_identifier(const char *s)
{
	if (!*s || (*s >= '0' && *s <= '9') || is_reserved(s))
		return false;
	for (; *s; s++)
		if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') || *s == '_'))
			return false;
	return true;
}

void print_name(struct iov_buf *out, const char *name)
{
	if (is_identifier(name))
		buf_puts(out, name);
	else
		print_string(out, name);
}

bool is_composite(uint8_t kind)
{
	return kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION;
}

bool is_anonymous(const struct iov_btf_type *t)
{
	return (is_composite(t->kind) || t->kind == BTF_KIND_ENUM || t->kind == KIND_ENUM64) && !*t->name;
}

void print_label(struct types_printer *p, uint32_t id)
{
	p->labelled[id] = true;
	buf_printf(p->out, "@%u", id);
}

/* Whether the name means this type and no other. */
static bool name_means(const struct types_printer *p, uint32_t id)
{
	const struct iov_btf_type *t = &p->btf->types[id];
	struct iov_btf_type full = {.kind = t->flag ? BTF_KIND_UNION : BTF_KIND_STRUCT, .name = t->name};

	if (t->kind == BTF_KIND_FWD && index_find(&p->index, &full))
		return false;
	return index_find(&p->index, t) == id;
}

/* A type that stands for itself: by name, by body, or by label. */
static void print_base(struct types_printer *p, uint32_t id, int body)
{
	const struct iov_btf_type *t = &p->btf->types[id];
	int class = type_class(t);

	if (!id) {
		buf_puts(p->out, "void");
	} else if (body >= 0 && p->inner[id]) {
		print_body(p, id, body);
	} else if (class < 0 || class == CLASS_FUNC || class == CLASS_VAR || !name_means(p, id)) {
		print_label(p, id);
	} else if (class == CLASS_TYPE) {
		if (types_int(t->name))
			buf_puts(p->out, t->name);
		else
			print_name(p->out, t->name);
	} else {
		buf_puts(p->out, btf_tag_word(t));
		print_name(p->out, t->name);
	}
}

static bool is_qualifier(uint8_t kind)
{
	return kind == BTF_KIND_CONST || kind == BTF_KIND_VOLATILE || kind == BTF_KIND_RESTRICT ||
	       kind == KIND_TYPE_TAG;
}
static bool is_tight(uint8_t kind)
{
	return kind == BTF_KIND_ARRAY || kind == BTF_KIND_FUNC_PROTO;
}
static bool is_derived(uint8_t kind)
{
	return kind == BTF_KIND_PTR || is_tight(kind) || is_qualifier(kind);
}

static void put_qualifier(struct iov_buf *out, const struct iov_btf_type *t)
{
	if (t->kind != KIND_TYPE_TAG) {
		buf_puts(out, t->kind == BTF_KIND_CONST      ? "const "
			      : t->kind == BTF_KIND_VOLATILE ? "volatile "
							     : "restrict ");
		return;
	}
	buf_puts(out, "__type_tag(");
	print_string(out, t->name);
	buf_puts(out, ") ");
}

static void print_expression(struct types_printer *p, uint32_t id, struct iov_buf *inner, bool forced, int body,
			     unsigned steps);

static void put_params(struct types_printer *p, const struct iov_btf_type *t, unsigned steps, struct iov_buf *out)
{
	struct iov_buf *before = p->out;

	p->out = out;
	buf_putc(out, '(');
	if (!t->count)
		buf_puts(out, "void");
	for (uint32_t i = 0; i < t->count; i++) {
		const struct iov_btf_member *m = &t->members[i];
		struct iov_buf name;

		buf_puts(out, i ? ", " : "");
		if (!m->type && !*m->name) {
			buf_puts(out, "...");
			continue;
		}
		buf_init(&name, p->arena->alloc);
		if (*m->name)
			print_name(&name, m->name);
		print_expression(p, m->type, &name, false, -1, steps + 1);
		p->failed |= name.failed;
		buf_free(&name);
	}
	buf_putc(out, ')');
	p->out = before;
}

static void prepend(struct iov_buf *b, const struct iov_buf *first)
{
	size_t len = b->len;

	if (!first->len || !buf_grow(b, first->len))
		return;
	memmove(b->data + first->len, b->data, len);
	memcpy(b->data, first->data, first->len);
}

static void prepend_text(struct iov_buf *b, const char *text)
{
	prepend(b, &(struct iov_buf){.data = (uint8_t *)text, .len = strlen(text)});
}

/* Whether the rest of an expression has to be said by a label: another type has the same structure and comes first, or
 * it is too long. */
static bool needs_label(const struct types_printer *p, uint32_t id, const struct iov_buf *inner, unsigned steps)
{
	return index_find(&p->index, &p->btf->types[id]) != id || steps > MAX_STEPS || inner->len > MAX_TEXT;
}

static void finish_base(struct types_printer *p, uint32_t id, const struct iov_buf *quals, const struct iov_buf *inner,
			int body, bool label)
{
	buf_put(p->out, quals->data, quals->len);
	if (label)
		print_label(p, id);
	else
		print_base(p, id, body);
	if (inner->len)
		buf_putc(p->out, ' ');
	buf_put(p->out, inner->data, inner->len);
}

static void put_array(struct types_printer *p, const struct iov_btf_type *t, unsigned steps, struct iov_buf *inner)
{
	const struct iov_btf_type usual = {.name = "__ARRAY_SIZE_TYPE__", .kind = BTF_KIND_INT};
	uint32_t index = index_find(&p->index, &usual);
	struct iov_buf none, *before = p->out;

	buf_printf(inner, "[%u", t->nelems);
	if (t->index_type != index || !index) {
		buf_init(&none, p->arena->alloc);
		buf_puts(inner, " @ ");
		p->out = inner;
		print_expression(p, t->index_type, &none, false, -1, steps + 1);
		p->out = before;
		p->failed |= none.failed;
		buf_free(&none);
	}
	buf_putc(inner, ']');
}

/* `inner` is what was built so far around the name; it is used up. */
static void print_expression(struct types_printer *p, uint32_t id, struct iov_buf *inner, bool forced, int body,
			     unsigned steps)
{
	struct iov_buf quals;
	bool label = false;

	buf_init(&quals, p->arena->alloc);
	for (unsigned step = 0;; step++) {
		const struct iov_btf_type *t = &p->btf->types[id];

		if (!is_derived(t->kind))
			break;
		if (!(forced && !step) && needs_label(p, id, inner, steps + step)) {
			label = true;
			break;
		}
		/* C has no qualified array or function: what was qualified is said by label. */
		if (quals.len && is_tight(t->kind)) {
			label = true;
			break;
		}
		if (is_qualifier(t->kind)) {
			put_qualifier(&quals, t);
		} else if (t->kind == BTF_KIND_PTR) {
			if (!inner->len && quals.len) /* no name follows: no blank either */
				quals.len--;
			prepend(inner, &quals);
			quals.len = 0;
			prepend_text(inner, "*");
			if (is_tight(p->btf->types[t->type].kind) &&
			    !needs_label(p, t->type, inner, steps + step + 1)) {
				prepend_text(inner, "(");
				buf_putc(inner, ')');
			}
		} else if (t->kind == BTF_KIND_ARRAY) {
			put_array(p, t, steps + step, inner);
		} else {
			put_params(p, t, steps + step, inner);
		}
		id = t->type;
		/* only what stands directly below a statement shows its body */
		body = forced && !step ? body : -1;
	}
	finish_base(p, id, &quals, inner, body, label);
	p->failed |= quals.failed || inner->failed;
	buf_free(&quals);
}

void print_declaration(struct types_printer *p, uint32_t id, const char *name, bool forced, int body)
{
	struct iov_buf inner;

	buf_init(&inner, p->arena->alloc);
	if (*name)
		print_name(&inner, name);
	print_expression(p, id, &inner, forced, body, 0);
	buf_free(&inner);
}

void types_print_reference(struct types_printer *p, uint32_t id, struct iov_buf *out)
{
	struct iov_buf *before = p->out;

	p->out = out;
	print_declaration(p, id, "", false, -1);
	p->out = before;
}

enum iov_status types_printed(const struct types_printer *p, const char **cannot)
{
	*cannot = p->cannot;
	return p->failed ? IOV_NOMEM : p->cannot ? IOV_DIAGNOSED : IOV_OK;
}
