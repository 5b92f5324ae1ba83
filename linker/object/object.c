/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: object_read's order of work, and what is neither ELF, BTF, maps nor functions: the licence, the check of
 * .BTF.ext against the sections, offsets of variables. */
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

static enum iov_status check_ext(const struct iov_object *obj, struct iov_sink *sink)
{
	for (uint32_t i = 0; i < obj->btf_ext->count; i++) {
		const struct iov_btf_ext_section *x = &obj->btf_ext->sections[i];
		const struct iov_section *s = object_section(obj, x->name);
		uint64_t slots = s ? s->size / 8 : 0;
		const char *wrong = s ? NULL : "a section that does not exist";

		for (uint32_t j = 0; !wrong && j < x->func_count; j++)
			if (x->funcs[j].insn >= slots || x->funcs[j].type >= obj->btf->count ||
			    obj->btf->types[x->funcs[j].type].kind != BTF_KIND_FUNC)
				wrong = "a function that does not exist";
		for (uint32_t j = 0; !wrong && j < x->core_count; j++)
			if (x->cores[j].insn >= slots || x->cores[j].type >= obj->btf->count)
				wrong = "a type or an instruction that does not exist";
		if (!wrong && x->line_count && x->lines[x->line_count - 1].insn >= slots)
			wrong = "an instruction that does not exist";
		if (wrong) {
			diag_add(sink, DIAG_BTF_EXT_BAD, span_file(obj->name), ".BTF.ext (%s) describes %s", x->name,
				 wrong);
			return IOV_DIAGNOSED;
		}
	}
	return IOV_OK;
}

static enum iov_status types_read(struct iov_object *obj, struct iov_sink *sink)
{
	const struct iov_section *btf = object_section(obj, ".BTF"), *ext = object_section(obj, ".BTF.ext");
	enum iov_status status;

	if (!btf || !btf->data)
		return IOV_OK;
	status = btf_read(btf->data, btf->size, obj->big_endian, obj->name, obj->arena, sink, &obj->btf);
	if (status || !ext || !ext->data)
		return status;
	status = btf_ext_read(ext->data, ext->size, btf->data, btf->size, obj->big_endian, obj->name, obj->arena, sink,
			      &obj->btf_ext);
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
		const struct iov_symbol *symbol = variable_symbol(obj, obj->btf->types[m->type].name, s->index);

		if (symbol && symbol->value <= UINT32_MAX)
			m->offset = (uint32_t)symbol->value;
		if (m->offset > s->size || m->size > s->size - m->offset) {
			diag_add(sink, DIAG_BTF_BAD, span_file(obj->name), "variable %s lies outside section %s",
				 obj->btf->types[m->type].name, s->name);
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

enum iov_status btf_place(struct iov_object *obj, struct iov_sink *sink)
{
	for (uint32_t id = 1; obj->btf && id < obj->btf->count; id++) {
		struct iov_btf_type *t = &obj->btf->types[id];
		const struct iov_section *s = t->kind == BTF_KIND_DATASEC ? object_section(obj, t->name) : NULL;
		enum iov_status status = s ? place_section(obj, t, s, sink) : IOV_OK;

		/* `enum e;` alone: LLVM writes no size, which Linux refuses; 4 is what other makers of BTF give it. */
		if (t->kind == BTF_KIND_ENUM && !t->count && !t->size)
			t->size = 4;

		if (status)
			return status;
	}
	return IOV_OK;
}

static enum iov_status license_read(struct iov_object *obj, struct iov_sink *sink)
{
	const struct iov_section *s = object_section(obj, "license");

	obj->license = "";
	if (!s || !s->data)
		return IOV_OK;
	if (!memchr(s->data, 0, s->size)) {
		diag_add(sink, DIAG_ELF_BAD, span_file(obj->name), "section license does not hold a terminated string");
		return IOV_DIAGNOSED;
	}
	obj->license = (const char *)s->data;
	return IOV_OK;
}

enum iov_status object_read_parts(const void *bytes, size_t len, const char *name, bool drop_debug,
				  struct iov_arena *arena, struct iov_sink *sink, struct iov_object **out)
{
	struct iov_object *obj = ARENA_NEW(arena, struct iov_object);
	enum iov_status status;

	if (!obj || !(obj->name = arena_strdup(arena, name)))
		return IOV_NOMEM;
	obj->arena = arena;
	obj->drop_debug = drop_debug;
	obj->license = "";
	status = elf_read(obj, bytes, len, sink);
	if (!status)
		status = types_read(obj, sink);
	if (!status)
		*out = obj;
	return status;
}

enum iov_status object_read_to_link(const void *bytes, size_t len, const char *name, bool drop_debug,
				    struct iov_arena *arena, struct iov_sink *sink, struct iov_object **out)
{
	struct iov_object *obj = NULL;
	enum iov_status status = object_read_parts(bytes, len, name, drop_debug, arena, sink, &obj);

	if (!status)
		status = btf_place(obj, sink);
	if (!status)
		status = license_read(obj, sink);
	if (!status)
		status = funcs_read(obj, sink);
	if (!status)
		*out = obj;
	return status;
}

enum iov_status object_read(const void *bytes, size_t len, const char *name, struct iov_arena *arena,
			    struct iov_sink *sink, struct iov_object **out)
{
	struct iov_object *obj;
	enum iov_status status = object_read_to_link(bytes, len, name, false, arena, sink, &obj);

	if (!status)
		status = progs_read(obj);
	if (!status)
		status = externs_read(obj, sink);
	if (!status)
		status = maps_read(obj, sink);
	if (!status)
		status = maps_locate(obj);
	if (!status)
		*out = obj;
	return status;
}
