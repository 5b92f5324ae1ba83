/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: types as C text. A declarator is built inside out: the name, then what surrounds it on the way to the base
 * type. */
#include "linker/object/internal.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 32, MAX_DECLARATOR = 4096, MAX_PARAMS = 16 };

static void declare(const struct declarator *d, uint32_t id, const char *name, unsigned depth, struct iov_buf *out);

static void prepend(struct iov_buf *b, const char *s)
{
	size_t len = strlen(s), old = b->len;

	if (!buf_grow(b, len))
		return;
	memmove(b->data + len, b->data, old);
	memcpy(b->data, s, len);
}

static void add_params(const struct declarator *d, const struct iov_btf_type *proto, unsigned depth,
		       struct iov_buf *out)
{
	buf_putc(out, '(');
	if (!proto->count)
		buf_puts(out, "void");
	for (uint32_t i = 0; i < proto->count && i < MAX_PARAMS; i++) {
		const struct iov_btf_member *m = &proto->members[i];

		if (i)
			buf_puts(out, ", ");
		if (!m->type && !*m->name)
			buf_puts(out, "...");
		else
			declare(d, m->type, d->bare ? "" : m->name, depth + 1, out);
	}
	buf_putc(out, ')');
}

static const char *qualifier(uint8_t kind)
{
	return kind == BTF_KIND_CONST ? "const" : kind == BTF_KIND_VOLATILE ? "volatile" : "restrict";
}

static bool binds_tighter(uint8_t kind) { return kind == BTF_KIND_ARRAY || kind == BTF_KIND_FUNC_PROTO; }

/* An anonymous struct, union or enum has only its body to be known by. */
static void put_body(const struct declarator *d, const struct iov_btf_type *t, unsigned depth, struct iov_buf *out)
{
	buf_puts(out, " {");
	for (uint32_t i = 0; i < t->count && out->len < MAX_DECLARATOR; i++) {
		const struct iov_btf_member *m = &t->members[i];

		if (t->kind == BTF_KIND_ENUM || t->kind == KIND_ENUM64) {
			buf_printf(out, "%s %s = %lld", i ? "," : "", m->name, (long long)m->value);
			continue;
		}
		buf_putc(out, ' ');
		declare(d, m->type, m->name, depth + 1, out);
		if (m->bit_size)
			buf_printf(out, ":%u", m->bit_size);
		buf_putc(out, ';');
	}
	buf_puts(out, " }");
}

static void put_base(const struct declarator *d, uint32_t id, unsigned depth, struct iov_buf *out)
{
	static const char *const keyword[] = {[BTF_KIND_STRUCT] = "struct", [BTF_KIND_UNION] = "union",
					      [BTF_KIND_ENUM] = "enum", [KIND_ENUM64] = "enum"};
	const struct iov_btf_type *t = btf_type(d->btf, id);

	switch (t ? t->kind : 0) {
	case 0:
		buf_puts(out, "void");
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
		buf_puts(out, keyword[t->kind]);
		if (*t->name)
			buf_printf(out, " %s", t->name);
		else if (depth < MAX_DEPTH)
			put_body(d, t, depth, out);
		break;
	case BTF_KIND_FWD:
		buf_printf(out, "%s %s", t->flag ? "union" : "struct", t->name);
		break;
	default:
		buf_puts(out, *t->name ? t->name : "int");
	}
}

/* One step from the name towards the base type; false: `id` is the base. `qualifiers` go before the base. */
static bool wrap(const struct declarator *d, uint32_t *id, unsigned depth, struct iov_buf *inner,
		 struct iov_buf *qualifiers)
{
	const struct iov_btf *btf = d->btf;
	const struct iov_btf_type *t = btf_type(btf, *id);
	uint8_t next;

	if (!t || !*id)
		return false;
	next = t->type < btf->count ? btf->types[btf_strip(btf, t->type)].kind : 0;
	switch (t->kind) {
	case BTF_KIND_PTR:
		prepend(inner, "*");
		if (binds_tighter(btf->types[t->type].kind)) {
			prepend(inner, "(");
			buf_putc(inner, ')');
		}
		break;
	case BTF_KIND_ARRAY:
		buf_printf(inner, "[%u]", t->nelems);
		break;
	case BTF_KIND_FUNC_PROTO:
		add_params(d, t, depth, inner);
		break;
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
		if (btf->types[t->type].kind == BTF_KIND_PTR) {
			prepend(inner, inner->len && *inner->data != ')' ? " " : "");
			prepend(inner, qualifier(t->kind));
		} else if (!binds_tighter(next)) {
			buf_printf(qualifiers, "%s ", qualifier(t->kind));
		}
		break;
	case KIND_TYPE_TAG:
	case BTF_KIND_VAR:
	case BTF_KIND_FUNC:
		break;
	default:
		return false;
	}
	*id = t->type;
	return true;
}

static void declare(const struct declarator *d, uint32_t id, const char *name, unsigned depth, struct iov_buf *out)
{
	struct iov_buf inner, qualifiers;
	unsigned steps = 0;

	buf_init(&inner, out->alloc);
	buf_init(&qualifiers, out->alloc);
	buf_puts(&inner, name ? name : "");
	while (steps++ < MAX_DEPTH && depth < MAX_DEPTH && out->len < MAX_DECLARATOR + (size_t)MAX_DECLARATOR &&
	       wrap(d, &id, depth, &inner, &qualifiers))
		;
	buf_put(out, qualifiers.data, qualifiers.len);
	d->put_base(d, id, depth, out);
	if (inner.len && *inner.data != '[')
		buf_putc(out, ' ');
	buf_put(out, inner.data, inner.len);
	out->failed |= inner.failed | qualifiers.failed;
	buf_free(&inner);
	buf_free(&qualifiers);
}

void declarator_put(const struct declarator *d, uint32_t id, const char *name, struct iov_buf *out)
{
	struct iov_buf text; /* its own buffer, so that the limits count this declaration alone */

	buf_init(&text, out->alloc);
	declare(d, id, name, 0, &text);
	buf_put(out, text.data, text.len);
	out->failed |= text.failed;
	buf_free(&text);
}

void btf_declare(const struct iov_btf *btf, uint32_t id, const char *name, struct iov_buf *out)
{
	const struct declarator d = {.btf = btf, .put_base = put_base};

	declarator_put(&d, id, name, out);
}

void btf_define(const struct iov_btf *btf, uint32_t id, struct iov_buf *out)
{
	const struct declarator d = {.btf = btf, .put_base = put_base};
	const struct iov_btf_type *t = btf_type(btf, btf_strip(btf, id));

	if (!t || !*t->name || !t->count || t->kind == BTF_KIND_DATASEC || t->kind == BTF_KIND_FUNC_PROTO)
		return;
	put_base(&d, btf_strip(btf, id), 0, out);
	buf_puts(out, " {\n");
	for (uint32_t i = 0; i < t->count; i++) {
		const struct iov_btf_member *m = &t->members[i];
		size_t begin = out->len;

		buf_putc(out, '\t');
		if (t->kind == BTF_KIND_ENUM || t->kind == KIND_ENUM64) {
			buf_printf(out, "%s = %lld,\n", m->name, (long long)m->value);
			continue;
		}
		btf_declare(btf, m->type, m->name, out);
		if (m->bit_size)
			buf_printf(out, ":%u", m->bit_size);
		buf_printf(out, ";%*s/* %u, %lld bytes */\n",
			   out->len - begin < 40 ? (int)(40 - (out->len - begin)) : 1, "", m->bit_offset / 8,
			   (long long)btf_size(btf, m->type));
	}
	buf_printf(out, "}; /* %u bytes */\n", t->size);
}
