/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: object_read's order of work, and what is neither ELF, BTF, maps nor functions: the licence, the check of
 * .BTF.ext against the sections, offsets of variables. */
#include "linker/object/btf_raw.h"
#include "linker/object/internal.h"

#include <string.h>

bool name_is(const char *name, const char *prefix)
{
	size_t len = strlen(prefix);

	return !strncmp(name, prefix, len) && (!name[len] || name[len] == '.');
}

const struct iov_section *object_section(const struct iov_object *obj, const char *name)
{
	for (uint32_t i = 1; i < obj->section_count; i++)
		if (section_has_content(&obj->sections[i]) && !strcmp(obj->sections[i].name, name))
			return &obj->sections[i];
	return NULL;
}

void object_close(struct iov_object *obj) { (void)obj; }

static uint32_t last_line(const struct iov_btf_ext_section *x)
{
	return x->runs ? btf_run_line(x->runs, x->line_count - 1).insn : x->lines[x->line_count - 1].insn;
}

static enum iov_status check_ext(const struct iov_object *obj, struct iov_sink *sink)
{
	for (uint32_t i = 0; i < obj->btf_ext->count; i++) {
		const struct iov_btf_ext_section *x = &obj->btf_ext->sections[i];
		const struct iov_section *s = object_section(obj, x->name);
		uint64_t slots = s ? s->size / 8 : 0;
		const char *wrong = s ? NULL : "a section that does not exist";

		for (uint32_t j = 0; !wrong && j < x->func_count; j++)
			if (x->funcs[j].insn >= slots || x->funcs[j].type >= obj->raw->count ||
			    raw_kind(btf_raw_type(obj->raw, x->funcs[j].type)) != BTF_KIND_FUNC)
				wrong = "a function that does not exist";
		for (uint32_t j = 0; !wrong && j < x->core_count; j++)
			if (x->cores[j].insn >= slots || x->cores[j].type >= obj->raw->count)
				wrong = "a type or an instruction that does not exist";
		if (!wrong && x->line_count && last_line(x) >= slots)
			wrong = "an instruction that does not exist";
		if (wrong) {
			diag_hint(diag_add(sink, DIAG_BTF_EXT_BAD, span_file(obj->name), ".BTF.ext (%s) describes %s",
					   x->name, wrong),
				  OBJECT_REMAKE);
			return IOV_DIAGNOSED;
		}
	}
	return IOV_OK;
}

static enum iov_status types_read(struct iov_object *obj, bool to_link, struct iov_sink *sink)
{
	const struct iov_section *btf = object_section(obj, ".BTF"), *ext = object_section(obj, ".BTF.ext");
	enum iov_status status;

	if (!btf || !btf->data)
		return IOV_OK;
	status = btf_raw_read(btf->data, btf->size, obj->big_endian, obj->name, obj->arena, sink, &obj->raw);
	if (status || !ext || !ext->data)
		return status;
	status = btf_ext_read(ext->data, ext->size, btf->data, btf->size, obj->big_endian, to_link, obj->name,
			      obj->arena, sink, &obj->btf_ext);
	return status ? status : check_ext(obj, sink);
}

struct place {
	const char *name;
	uint32_t section;
	const struct iov_symbol *symbol;
};

/* The symbol that places variable `name` of section `index`. A global of that name wins over a local one. */
const struct iov_symbol *variable_symbol(const struct iov_object *obj, const char *name, uint32_t index)
{
	const struct iov_symbol *found = NULL;

	for (uint32_t i = 1; i < obj->symbol_count; i++) {
		const struct iov_symbol *s = &obj->symbols[i];

		if (s->section == index && s->type != STT_SECTION && !strcmp(s->name, name) &&
		    (!found || found->bind == STB_LOCAL))
			found = s;
	}
	return found;
}

static enum iov_status place_section(struct iov_object *obj, struct iov_btf_type *t, const struct iov_section *s,
				     struct iov_sink *sink)
{
	if (!t->size)
		t->size = (uint32_t)s->size;
	for (uint32_t i = 0; i < t->count; i++) {
		struct iov_btf_member *m = &t->members[i];
		const char *name = raw_name(obj->raw, btf_raw_type(obj->raw, m->type));
		const struct iov_symbol *symbol = variable_symbol(obj, name, s->index);

		if (symbol && symbol->value <= UINT32_MAX)
			m->offset = (uint32_t)symbol->value;
		if (m->offset > s->size || m->size > s->size - m->offset) {
			diag_hint(diag_add(sink, DIAG_BTF_BAD, span_file(obj->name),
					   "variable %s lies outside section %s", name, s->name),
				  OBJECT_REMAKE);
			return IOV_DIAGNOSED;
		}
	}
	/* Insertion sort: the compiler's order is almost that of the offsets. */
	for (uint32_t i = 1; i < t->count; i++)
		for (uint32_t j = i; j && t->members[j].offset < t->members[j - 1].offset; j--) {
			struct iov_btf_member m = t->members[j];

			t->members[j] = t->members[j - 1];
			t->members[j - 1] = m;
		}
	return IOV_OK;
}

/* Give data sections their size and variables their offsets, which the compiler leaves to the loader. */
static enum iov_status btf_place(struct iov_object *obj, struct iov_sink *sink)
{
	for (uint32_t i = 0; obj->raw && i < obj->raw->section_count; i++) {
		struct iov_btf_type *t = &obj->raw->sections[i];
		const struct iov_section *s = object_section(obj, t->name);
		enum iov_status status = s ? place_section(obj, t, s, sink) : IOV_OK;

		if (status)
			return status;
	}
	return IOV_OK;
}

enum iov_status object_types(struct iov_object *obj)
{
	enum iov_status status = obj->raw && !obj->btf ? btf_raw_widen_all(obj->raw, obj->arena, &obj->btf) : IOV_OK;

	for (uint32_t id = 1; !status && obj->btf && id < obj->btf->count; id++)
		btf_complete(&obj->btf->types[id]);
	return status;
}

static enum iov_status license_read(struct iov_object *obj, struct iov_sink *sink)
{
	const struct iov_section *s = object_section(obj, "license");

	obj->license = "";
	if (!s || !s->data)
		return IOV_OK;
	if (!memchr(s->data, 0, s->size)) {
		diag_hint(diag_add(sink, DIAG_ELF_BAD, span_file(obj->name),
				   "section license does not hold a terminated string"),
			  "write: char _license[] SEC(\"license\") = \"GPL\";");
		return IOV_DIAGNOSED;
	}
	obj->license = (const char *)s->data;
	return IOV_OK;
}

/* `to_link`: relocations that a linker has no use for are passed over. */
static enum iov_status read_parts(const void *bytes, size_t len, const char *name, struct iov_object *obj, bool to_link,
				  struct iov_sink *sink)
{
	enum iov_status status;

	if (!obj || !(obj->name = arena_strdup(obj->arena, name)))
		return IOV_NOMEM;
	obj->license = "";
	status = elf_read(obj, bytes, len, to_link, sink);
	return status ? status : types_read(obj, to_link, sink);
}

static struct iov_object *object_new(bool drop_debug, struct iov_arena *arena)
{
	struct iov_object *obj = ARENA_NEW(arena, struct iov_object);

	if (obj) {
		obj->arena = arena;
		obj->drop_debug = drop_debug;
	}
	return obj;
}

/* What a linker and a loader both need. */
static enum iov_status read_placed(const void *bytes, size_t len, const char *name, struct iov_object *obj,
				   bool to_link, struct iov_sink *sink)
{
	enum iov_status status = read_parts(bytes, len, name, obj, to_link, sink);

	if (!status)
		status = btf_place(obj, sink);
	if (!status)
		status = license_read(obj, sink);
	return status ? status : funcs_read(obj, sink);
}

enum iov_status object_read_parts(const void *bytes, size_t len, const char *name, bool drop_debug,
				  struct iov_arena *arena, struct iov_sink *sink, struct iov_object **out)
{
	struct iov_object *obj = object_new(drop_debug, arena);
	enum iov_status status = read_parts(bytes, len, name, obj, false, sink);

	if (!status && obj->raw)
		status = btf_raw_widen_all(obj->raw, arena, &obj->btf);
	if (!status)
		*out = obj;
	return status;
}

enum iov_status object_read_to_link(const void *bytes, size_t len, const char *name, bool drop_debug,
				    struct iov_arena *arena, struct iov_sink *sink, struct iov_object **out)
{
	struct iov_object *obj = object_new(drop_debug, arena);
	enum iov_status status = read_placed(bytes, len, name, obj, true, sink);

	if (!status)
		*out = obj;
	return status;
}

enum iov_status object_read(const void *bytes, size_t len, const char *name, struct iov_arena *arena,
			    struct iov_sink *sink, struct iov_object **out)
{
	struct iov_object *obj = object_new(false, arena);
	enum iov_status status = read_placed(bytes, len, name, obj, false, sink);

	if (!status)
		status = object_types(obj);
	if (!status)
		status = progs_read(obj);
	if (!status)
		status = externs_read(obj, sink);
	if (!status)
		status = maps_read(obj, sink);
	if (!status)
		status = maps_locate(obj);
	if (!status)
		status = vars_index(obj);
	if (!status)
		*out = obj;
	return status;
}
