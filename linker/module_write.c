/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: manifests as text: the draft of an object's, and one that is brought into step with its object. Lines that
 * people wrote are never touched: what is missing is put behind the last line of its section. */
#include "linker/module.h"
#include "linker/module_value.h"

#include "asm/isa/catalogue.h"

#include <elf.h>
#include <linux/btf.h>
#include <string.h>

static void put_prog(struct iov_buf *out, const struct iov_object_prog *p)
{
	const struct iov_prog_type *type = catalogue_prog_type(p->type);

	if (type)
		buf_printf(out, "  - {name: %s, type: %s}\n", p->name, type->name);
	else
		buf_printf(out, "  - {name: %s}\n", p->name);
}

static void put_map(struct iov_buf *out, const struct iov_map_def *map)
{
	buf_printf(out, "  %s: {", map->name);
	if (map->max_entries)
		buf_printf(out, "max_entries: %u", map->max_entries);
	if (map->pinning == 1)
		buf_printf(out, "%spin: by-name", map->max_entries ? ", " : "");
	buf_puts(out, "}\n");
}

/* Variables that can be parameters, one after the other. */
static bool next_param(const struct iov_object *obj, uint32_t *id, uint32_t *member, struct iov_module_variable *v,
		       enum iov_param_type *type)
{
	for (; obj->btf && *id < obj->btf->count; ++*id, *member = 0) {
		const struct iov_btf_type *t = &obj->btf->types[*id];
		const struct iov_section *s = t->kind == BTF_KIND_DATASEC ? object_section(obj, t->name) : NULL;

		if (!s || strncmp(t->name, ".rodata", 7))
			continue;
		while (*member < t->count) {
			const struct iov_btf_member *m = &t->members[(*member)++];
			const struct iov_btf_type *var = &obj->btf->types[m->type];

			if (var->linkage == BTF_VAR_STATIC || !module_param_type(obj->btf, var->type, type))
				continue;
			*v = (struct iov_module_variable){var->name, s, var->type, m->offset, m->size, false};
			return true;
		}
	}
	return false;
}

static void put_param(struct iov_buf *out, const struct iov_object *obj, const struct iov_module_variable *v,
		      enum iov_param_type type)
{
	buf_printf(out, "  %s: {type: %s, default: ", v->name, module_type_word(type));
	if (v->section->data)
		module_value_text(type, v->section->data + v->offset, v->size, obj->big_endian, out);
	else
		buf_puts(out, type == IOV_TYPE_STRING ? "\"\"" : type == IOV_TYPE_BOOL ? "false" : "0");
	buf_puts(out, "}\n");
}

static const char *spdx_of(const char *license)
{
	static const struct {
		const char *license, *spdx;
	} known[] = {
		{"GPL", "GPL-2.0-or-later"},
		{"GPL v2", "GPL-2.0-only"},
		{"Dual BSD/GPL", "GPL-2.0-only OR BSD-2-Clause"},
		{"Dual MIT/GPL", "GPL-2.0-only OR MIT"},
		{"Dual MPL/GPL", "GPL-2.0-only OR MPL-1.1"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(license, known[i].license))
			return known[i].spdx;
	return "LicenseRef-Proprietary";
}

enum iov_status module_draft(const struct iov_object *obj, const char *name, struct iov_buf *out)
{
	struct iov_module_variable v;
	enum iov_param_type type;
	uint32_t id = 1, member = 0, count = 0;

	buf_printf(out, "schema: iov.module/v1\nmodule:\n  name: %s\n  version: 0.1.0\n  license: %s\n", name,
		   spdx_of(obj->license));
	for (uint32_t i = 0; i < obj->prog_count; i++) {
		buf_puts(out, i ? "" : "programs:\n");
		put_prog(out, &obj->progs[i]);
	}
	for (uint32_t i = 0; i < obj->map_count; i++)
		if (obj->maps[i]->origin == IOV_MAP_USER) {
			buf_puts(out, count++ ? "" : "maps:\n");
			put_map(out, obj->maps[i]);
		}
	for (count = 0; next_param(obj, &id, &member, &v, &type);) {
		buf_puts(out, count++ ? "" : "parameters:\n");
		put_param(out, obj, &v, type);
	}
	return out->failed ? IOV_NOMEM : IOV_OK;
}

/* What a section lacks, as lines. */

static void lacking_progs(const struct iov_module_desc *m, const struct iov_object *obj, struct iov_buf *out)
{
	for (uint32_t i = 0; i < obj->prog_count; i++) {
		bool found = false;

		for (uint32_t j = 0; j < m->prog_count; j++)
			found |= !strcmp(m->progs[j].name, obj->progs[i].name);
		if (!found)
			put_prog(out, &obj->progs[i]);
	}
}

static void lacking_maps(const struct iov_module_desc *m, const struct iov_object *obj, struct iov_buf *out)
{
	for (uint32_t i = 0; i < obj->map_count; i++) {
		bool found = obj->maps[i]->origin != IOV_MAP_USER;

		for (uint32_t j = 0; j < m->map_count; j++)
			found |= !strcmp(m->maps[j].name, obj->maps[i]->name);
		if (!found)
			put_map(out, obj->maps[i]);
	}
}

static void lacking_params(const struct iov_module_desc *m, const struct iov_object *obj, struct iov_buf *out)
{
	struct iov_module_variable v;
	enum iov_param_type type;
	uint32_t id = 1, member = 0;

	while (next_param(obj, &id, &member, &v, &type)) {
		bool found = false;

		for (uint32_t j = 0; j < m->param_count; j++)
			found |= !strcmp(m->params[j].name, v.name);
		if (!found)
			put_param(out, obj, &v, type);
	}
}

/* A section of the file in block style: the end of its last line, and how far its entries are indented. */
struct place {
	size_t end;
	unsigned indent; /* columns; DEFAULT_INDENT where it has no entry yet */
};

enum { DEFAULT_INDENT = 2 };

static bool find_section(const char *text, size_t len, const char *key, struct place *out)
{
	size_t key_len = strlen(key), next;
	bool found = false, entry = false;

	for (size_t at = 0; at < len; at = next) {
		const char *nl = memchr(text + at, '\n', len - at);
		unsigned indent = 0;

		next = nl ? (size_t)(nl - text) + 1 : len;
		while (at + indent < next && text[at + indent] == ' ')
			indent++;
		if (at + indent == next || strchr("#\r\n", text[at + indent]))
			continue; /* what stands between sections belongs to the next */
		if (!found) {
			found = len - at > key_len && !memcmp(text + at, key, key_len) && text[at + key_len] == ':';
			if (found)
				*out = (struct place){next, DEFAULT_INDENT};
			continue;
		}
		if (!indent && text[at] != '-')
			break;
		if (!entry)
			out->indent = indent;
		entry = true;
		out->end = next;
	}
	return found;
}

/* Lines that are indented by DEFAULT_INDENT, by as much as their neighbours. */
static void put_lines(struct iov_buf *out, const struct iov_buf *lines, unsigned indent)
{
	for (size_t at = 0; at < lines->len;) {
		const uint8_t *nl = memchr(lines->data + at, '\n', lines->len - at);
		size_t next = nl ? (size_t)(nl - lines->data) + 1 : lines->len;

		buf_printf(out, "%*s", (int)indent, "");
		buf_put(out, lines->data + at + DEFAULT_INDENT, next - at - DEFAULT_INDENT);
		at = next;
	}
}

static enum iov_status put_behind(struct iov_buf *text, const char *key, const struct iov_buf *lines)
{
	struct place at = {text->len, DEFAULT_INDENT};
	struct iov_buf out;
	bool there;

	if (!lines->len)
		return IOV_OK;
	buf_init(&out, text->alloc);
	there = find_section((const char *)text->data, text->len, key, &at);
	buf_put(&out, text->data, at.end);
	if (at.end && text->data[at.end - 1] != '\n')
		buf_putc(&out, '\n');
	if (!there)
		buf_printf(&out, "%s:\n", key);
	put_lines(&out, lines, at.indent);
	buf_put(&out, text->data + at.end, text->len - at.end);
	if (out.failed) {
		buf_free(&out);
		return IOV_NOMEM;
	}
	buf_free(text);
	*text = out;
	return IOV_OK;
}

static const struct {
	const char *key;
	void (*lacking)(const struct iov_module_desc *m, const struct iov_object *obj, struct iov_buf *out);
} sections[] = {{"programs", lacking_progs}, {"maps", lacking_maps}, {"parameters", lacking_params}};

enum { SECTIONS = sizeof(sections) / sizeof(*sections) };

static enum iov_status add_lacking(const struct iov_module_desc *m, const struct iov_object *obj, struct iov_buf *out,
				   bool *added)
{
	enum iov_status status = IOV_OK;

	*added = false;
	for (size_t i = 0; i < SECTIONS && !status; i++) {
		struct iov_buf lines;

		buf_init(&lines, out->alloc);
		sections[i].lacking(m, obj, &lines);
		*added |= lines.len > 0;
		status = lines.failed ? IOV_NOMEM : put_behind(out, sections[i].key, &lines);
		buf_free(&lines);
	}
	return status;
}

/* What was put in is found there, and the rest is read as before. */
static enum iov_status is_in_step(const struct iov_module_desc *m, const struct iov_object *obj,
				  const struct iov_buf *text, struct iov_arena *arena, bool *yes)
{
	struct iov_module_desc *again;
	struct iov_buf scratch;
	struct iov_sink sink;
	enum iov_status status;

	sink_init(&sink, arena->alloc);
	buf_init(&scratch, arena->alloc);
	status = module_parse(text->data, text->len, m->file, arena, &sink, &again);
	for (size_t i = 0; i < SECTIONS && !status; i++)
		sections[i].lacking(again, obj, &scratch);
	status = scratch.failed ? IOV_NOMEM : status;
	*yes = !status && !scratch.len;
	sink_free(&sink);
	buf_free(&scratch);
	return status == IOV_NOMEM ? status : IOV_OK;
}

/* A file of a form that lines cannot be added to. */
static enum iov_status cannot_add(const struct iov_module_desc *m, const struct iov_object *obj,
				  struct iov_arena *arena, struct iov_sink *sink)
{
	struct iov_span where = IOV_NOWHERE;
	struct iov_diag *d;

	where.file = m->file;
	d = diag_add(sink, DIAG_MANIFEST_FORM, where, "nothing can be added to a manifest of this form");
	for (size_t i = 0; i < SECTIONS; i++) {
		struct iov_buf lines;

		buf_init(&lines, arena->alloc);
		sections[i].lacking(m, obj, &lines);
		if (lines.len && !lines.failed)
			diag_why(d, IOV_NOWHERE, "%s lacks %.*s", sections[i].key,
				 (int)strcspn((const char *)lines.data, "\n") - DEFAULT_INDENT,
				 (const char *)lines.data + DEFAULT_INDENT);
		buf_free(&lines);
	}
	diag_hint(d,
		  "write each entry on a line of its own below `programs:`, `maps:`, `parameters:`, not in {} or []");
	return IOV_DIAGNOSED;
}

enum iov_status module_update(const struct iov_module_desc *m, const struct iov_object *obj, struct iov_arena *arena,
			      struct iov_sink *sink, struct iov_buf *out)
{
	bool added, ok = true;
	enum iov_status status;

	buf_put(out, m->text, m->text_len);
	status = add_lacking(m, obj, out, &added);
	if (!status && added && !out->failed)
		status = is_in_step(m, obj, out, arena, &ok);
	if (!status && !ok)
		status = cannot_add(m, obj, arena, sink);
	return status ? status : out->failed ? IOV_NOMEM : IOV_OK;
}
