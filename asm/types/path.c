/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: access strings of CO-RE records ("0:1:2") and the paths that they stand for ("[2].data.len"). Members of
 * anonymous structs and unions are found through them, as in C. Source: kernel document bpf/btf.rst. */
#include "asm/types/part.h"

#include <stdlib.h>

static const char *const kinds[] = {
	"byte_off",       "byte_sz",       "field_exists",   "signed",      "lshift_u64",
	"rshift_u64",     "local_type_id", "target_type_id", "type_exists", "type_size",
	"enumval_exists", "enumval_value", "type_matches",
};
enum { FIRST_TYPE = 6, LAST_TYPE = 9, ENUM_EXISTS = 10, ENUM_VALUE = 11, TYPE_MATCHES = 12 };

const char *core_kind_name(uint32_t kind)
{
	return kind < sizeof(kinds) / sizeof(*kinds) ? kinds[kind] : NULL;
}

static bool is_type(uint32_t kind)
{
	return (kind >= FIRST_TYPE && kind <= LAST_TYPE) || kind == TYPE_MATCHES;
}
static bool is_enum(uint32_t kind)
{
	return kind == ENUM_EXISTS || kind == ENUM_VALUE;
}

static const struct iov_btf_type *strip(const struct iov_btf *btf, uint32_t id)
{
	for (unsigned steps = 0; id < btf->count && steps < TYPES_MAX_CHAIN; steps++) {
		const struct iov_btf_type *t = &btf->types[id];

		switch (t->kind) {
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_CONST:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_RESTRICT:
		case KIND_TYPE_TAG:
			id = t->type;
			continue;
		default:
			return t;
		}
	}
	return &btf->types[0];
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
	       (uint8_t)c >= 0x80;
}

struct walker {
	const struct iov_btf *btf;
	const char *p, *end;
	struct iov_buf out;
	const struct iov_btf_type *now;
};

static bool named(const struct iov_btf_member *m, const char *name, size_t len)
{
	return strlen(m->name) == len && !memcmp(m->name, name, len);
}

/* Steps into member `name`, through anonymous ones; appends their numbers. */
static bool into_member(struct walker *w, const struct iov_btf_type *t, const char *name, size_t len, unsigned depth)
{
	if (!is_composite(t->kind) || depth > TYPES_MAX_DEPTH)
		return false;
	for (uint32_t i = 0; i < t->count; i++)
		if (*t->members[i].name && named(&t->members[i], name, len)) {
			buf_printf(&w->out, ":%u", i);
			w->now = strip(w->btf, t->members[i].type);
			return true;
		}
	for (uint32_t i = 0; i < t->count; i++) {
		size_t before = w->out.len;

		if (*t->members[i].name)
			continue;
		buf_printf(&w->out, ":%u", i);
		if (into_member(w, strip(w->btf, t->members[i].type), name, len, depth + 1))
			return true;
		w->out.len = before;
	}
	return false;
}

static bool number(struct walker *w, uint32_t *out)
{
	uint64_t n = 0;
	const char *begin = w->p;

	while (w->p < w->end && *w->p >= '0' && *w->p <= '9' && n <= UINT32_MAX)
		n = n * 10 + (unsigned)(*w->p++ - '0');
	*out = (uint32_t)n;
	return w->p > begin && n <= UINT32_MAX && w->p < w->end && *w->p++ == ']';
}

static bool step(struct walker *w)
{
	const char *name;
	uint32_t index;

	if (*w->p == '[') {
		w->p++;
		if (w->now->kind != BTF_KIND_ARRAY || !number(w, &index))
			return false;
		buf_printf(&w->out, ":%u", index);
		w->now = strip(w->btf, w->now->type);
		return true;
	}
	if (*w->p != '.')
		return false;
	name = ++w->p;
	while (w->p < w->end && is_word(*w->p))
		w->p++;
	if (into_member(w, w->now, name, (size_t)(w->p - name), 0))
		return true;
	w->p = name;
	return false;
}

static bool walk_fields(struct walker *w)
{
	uint32_t index = 0;

	if (w->p < w->end && *w->p == '[') {
		w->p++;
		if (!number(w, &index))
			return false;
	}
	buf_printf(&w->out, "%u", index);
	while (w->p < w->end)
		if (!step(w))
			return false;
	return true;
}

static bool find_enumerator(struct walker *w)
{
	for (uint32_t i = 0; i < w->now->count; i++)
		if (named(&w->now->members[i], w->p, (size_t)(w->end - w->p))) {
			buf_printf(&w->out, "%u", i);
			return w->now->kind == BTF_KIND_ENUM || w->now->kind == KIND_ENUM64;
		}
	return false;
}

const char *path_to_access(const struct iov_btf *btf, uint32_t root, uint32_t kind, const char *path, size_t len,
			   struct iov_arena *arena, const char **bad)
{
	struct walker w = {.btf = btf, .p = path, .end = path + len, .now = strip(btf, root)};
	const char *text = NULL;
	bool fine;

	buf_init(&w.out, arena->alloc);
	if (is_type(kind)) {
		buf_putc(&w.out, '0');
		fine = !len;
	} else {
		fine = is_enum(kind) ? find_enumerator(&w) : walk_fields(&w);
	}
	*bad = w.p;
	if (fine && (!buf_cstr(&w.out) || !(text = arena_copy(arena, w.out.data, w.out.len))))
		*bad = NULL;
	buf_free(&w.out);
	return text;
}

static bool is_plain_name(const char *s)
{
	if (!*s)
		return false;
	while (*s)
		if (!is_word(*s++))
			return false;
	return true;
}

/* The path that an access string names; false where it has steps without a name. */
static bool spell(const struct iov_btf *btf, uint32_t root, const char *access, struct iov_buf *out)
{
	const struct iov_btf_type *t = strip(btf, root);
	char *end;
	unsigned long n = strtoul(access, &end, 10);

	if (n || *access == '-' || end == access)
		buf_printf(out, "[%lu]", n);
	while (*end == ':') {
		n = strtoul(end + 1, &end, 10);
		if (t->kind == BTF_KIND_ARRAY) {
			buf_printf(out, "[%lu]", n);
			t = strip(btf, t->type);
		} else if (is_composite(t->kind) && n < t->count) {
			const struct iov_btf_member *m = &t->members[n];

			if (*m->name && !is_plain_name(m->name))
				return false;
			if (*m->name)
				buf_printf(out, ".%s", m->name);
			t = strip(btf, m->type);
		} else {
			return false;
		}
	}
	return !*end;
}

static bool spell_enumerator(const struct iov_btf *btf, uint32_t root, const char *access, struct iov_buf *out)
{
	const struct iov_btf_type *t = strip(btf, root);
	char *end;
	unsigned long n = strtoul(access, &end, 10);

	if (*end || (t->kind != BTF_KIND_ENUM && t->kind != KIND_ENUM64) || n >= t->count ||
	    !is_plain_name(t->members[n].name))
		return false;
	buf_puts(out, t->members[n].name);
	return true;
}

bool access_to_path(const struct iov_btf *btf, uint32_t root, uint32_t kind, const char *access, struct iov_buf *out)
{
	size_t before = out->len;
	struct iov_arena arena;
	const char *back = NULL, *bad = "";
	bool same = true;

	if (is_enum(kind))
		same = spell_enumerator(btf, root, access, out);
	else if (!is_type(kind))
		same = spell(btf, root, access, out);
	arena_init(&arena, out->alloc);
	if (same)
		back = path_to_access(btf, root, kind, out->len > before ? (char *)out->data + before : "",
				      out->len - before, &arena, &bad);
	out->failed |= same && !back && !bad;
	same = back && !strcmp(back, access);
	arena_free(&arena);
	if (!same)
		out->len = before;
	return same;
}

void types_print_core(struct types_printer *p, const struct iov_btf_core *core, struct iov_buf *out)
{
	struct iov_buf path;

	if (core_kind_name(core->kind))
		buf_puts(out, core_kind_name(core->kind));
	else
		buf_printf(out, "%u", core->kind);
	buf_puts(out, ", ");
	types_print_reference(p, core->type, out);
	buf_init(&path, p->arena->alloc);
	if (!access_to_path(p->btf, core->type, core->kind, core->access, &path)) {
		buf_puts(out, ", ");
		print_string(out, core->access);
	} else if (path.len) {
		buf_puts(out, ", ");
		buf_put(out, path.data, path.len);
	}
	p->failed |= path.failed;
	buf_free(&path);
}

void types_core_text(const struct iov_btf *btf, const struct iov_btf_core *core, struct iov_buf *out)
{
	struct iov_buf path;

	if (core_kind_name(core->kind))
		buf_printf(out, "%s of ", core_kind_name(core->kind));
	btf_declare(btf, core->type, "", out);
	buf_init(&path, out->alloc);
	if (!access_to_path(btf, core->type, core->kind, core->access, &path))
		buf_printf(out, " %s", core->access);
	else if (path.len && *path.data != '.' && *path.data != '[')
		buf_putc(out, ' ');
	buf_put(out, path.data, path.len);
	buf_free(&path);
}
