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

/* A section of the file: where its key's line begins and where the next key's does. A section that ends with the line
 * of its key is in flow style or empty. */
static bool find_section(const char *text, size_t len, const char *key, size_t *begin, size_t *end)
{
	size_t at = 0, key_len = strlen(key);
	bool found = false;

	while (at < len) {
		const char *nl = memchr(text + at, '\n', len - at);
		size_t next = nl ? (size_t)(nl - text) + 1 : len;

		if (found && text[at] != ' ' && text[at] != '#' && text[at] != '\n' && text[at] != '-' &&
		    text[at] != '\r') {
			*end = at;
			return true;
		}
		if (!found && len - at > key_len && !memcmp(text + at, key, key_len) && text[at + key_len] == ':') {
			*begin = at;
			found = true;
		}
		at = next;
	}
	*end = len;
	return found;
}

static enum iov_status put_behind(struct iov_buf *text, const char *key, const struct iov_buf *lines)
{
	struct iov_buf out;
	size_t begin, end;

	if (!lines->len)
		return IOV_OK;
	buf_init(&out, text->alloc);
	if (!find_section((const char *)text->data, text->len, key, &begin, &end)) {
		buf_put(&out, text->data, text->len);
		if (text->len && text->data[text->len - 1] != '\n')
			buf_putc(&out, '\n');
		buf_printf(&out, "%s:\n", key);
		buf_put(&out, lines->data, lines->len);
	} else {
		/* Blank lines and comments before the next key belong to it. */
		while (end > begin + 1 && text->data[end - 1] == '\n' && text->data[end - 2] == '\n')
			end--;
		buf_put(&out, text->data, end);
		if (end && text->data[end - 1] != '\n')
			buf_putc(&out, '\n');
		buf_put(&out, lines->data, lines->len);
		buf_put(&out, text->data + end, text->len - end);
	}
	if (out.failed) {
		buf_free(&out);
		return IOV_NOMEM;
	}
	buf_free(text);
	*text = out;
	return IOV_OK;
}

enum iov_status module_update(const struct iov_module_desc *m, const struct iov_object *obj, struct iov_buf *out)
{
	static const struct {
		const char *key;
		void (*lacking)(const struct iov_module_desc *m, const struct iov_object *obj, struct iov_buf *out);
	} sections[] = {{"programs", lacking_progs}, {"maps", lacking_maps}, {"parameters", lacking_params}};
	enum iov_status status = IOV_OK;

	buf_put(out, m->text, m->text_len);
	for (size_t i = 0; i < 3 && !status; i++) {
		struct iov_buf lines;

		buf_init(&lines, out->alloc);
		sections[i].lacking(m, obj, &lines);
		status = lines.failed ? IOV_NOMEM : put_behind(out, sections[i].key, &lines);
		buf_free(&lines);
	}
	return status ? status : out->failed ? IOV_NOMEM : IOV_OK;
}
