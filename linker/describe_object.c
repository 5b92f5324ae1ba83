/* SPDX-License-Identifier: Apache-2.0 */
/* Programs, maps and variables in a description, and what they need of where they run. */
#include "linker/describe_part.h"

#include "asm/isa/catalogue.h"
#include "linker/object/core.h"

#include <elf.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <stdlib.h>
#include <string.h>

static const struct iov_record_facts *facts_of(const struct describe *d, const char *program)
{
	for (uint32_t i = 0; i < d->manifest.fact_count; i++)
		if (d->manifest.facts[i].current && !strcmp(d->manifest.facts[i].program, program))
			return &d->manifest.facts[i];
	return NULL;
}

static void evidence_of(struct describe *d, const char *program)
{
	json_open(d, "evidence", '[');
	for (uint32_t i = 0; i < d->manifest.evidence_count; i++) {
		const struct iov_record_evidence *e = &d->manifest.evidence[i];

		if (!e->current || strcmp(e->program, program))
			continue;
		json_begin(d);
		json_text(d, "platform", e->platform);
		json_text(d, "verifier", e->verifier);
		json_number(d, "processed", e->processed);
		json_number(d, "states", e->states);
		json_digest(d, "rules", e->rules);
		if (e->has_target)
			json_digest(d, "target", e->target);
		else
			json_text(d, "target", NULL);
		json_digest(d, "code", e->code);
		buf_putc(d->out, '}');
	}
	buf_putc(d->out, ']');
}

/* How the manifest wants it attached. */
static void attachment(struct describe *d, const char *program)
{
	const struct iov_module_prog *p = NULL;

	for (uint32_t i = 0; d->m && i < d->m->prog_count && !p; i++)
		p = !strcmp(d->m->progs[i].name, program) ? &d->m->progs[i] : NULL;
	json_text(d, "port", p ? p->port : NULL);
	json_text(d, "direction", p && p->ingress ? "ingress" : p && p->egress ? "egress" : NULL);
	json_flag(d, "frags", p && p->frags);
	json_key(d, "chain");
	if (!p || (!p->has_priority && !p->proceed_count)) {
		buf_puts(d->out, "null");
		return;
	}
	buf_putc(d->out, '{');
	if (p->has_priority)
		json_number(d, "priority", p->priority);
	json_open(d, "proceed_on", '[');
	for (uint32_t i = 0; i < p->proceed_count; i++)
		json_word(d, p->proceed_on[i]);
	buf_puts(d->out, "]}");
}

static void program(struct describe *d, const struct iov_object_prog *p)
{
	const struct iov_prog_type *type = p->type ? catalogue_prog_type(p->type) : NULL;
	const struct iov_record_facts *f = facts_of(d, p->name);

	json_row(d);
	json_text(d, "name", p->name);
	json_text(d, "section", p->section);
	json_text(d, "type", type ? type->name : NULL);
	json_number(d, "type_id", p->type);
	json_number(d, "attach_type_id", p->attach_type);
	json_flag(d, "autoload", p->autoload);
	attachment(d, p->name);
	json_key(d, "facts");
	if (f) {
		buf_putc(d->out, '{');
		json_number(d, "isa", f->isa);
		json_number(d, "insns", f->slots);
		json_key(d, "worst_case");
		manifest_json_cost(f, d->out);
		json_digest(d, "code", f->code);
		json_open(d, "maps", '[');
		for (uint32_t i = 0; i < f->map_count; i++)
			json_word(d, f->maps[i].name);
		buf_puts(d->out, "]}");
	} else {
		buf_puts(d->out, "null");
	}
	evidence_of(d, p->name);
	buf_putc(d->out, '}');
}

void describe_progs(struct describe *d)
{
	json_part(d, "programs", '[');
	for (uint32_t i = 0; i < d->obj->prog_count; i++)
		program(d, &d->obj->progs[i]);
	buf_putc(d->out, ']');
}

static void manifest_words(struct describe *d, const char *key, const struct iov_yaml *list)
{
	json_open(d, key, '[');
	for (uint32_t i = 0; list && i < list->count; i++)
		json_word(d, list->items[i]->text);
	buf_putc(d->out, ']');
}

/* What the manifest says of a map beyond the object. */
static void map_policy(struct describe *d, const char *name)
{
	static const char *const clashes[] = {"fail", "recreate", "version-name"};
	const struct iov_module_map *p = NULL;

	for (uint32_t i = 0; d->m && i < d->m->map_count && !p; i++)
		p = !strcmp(d->m->maps[i].name, name) ? &d->m->maps[i] : NULL;
	json_key(d, "min_entries");
	buf_printf(d->out, p && p->entries_min ? "%llu" : "null", p ? (unsigned long long)p->entries_min : 0);
	json_key(d, "most_entries");
	buf_printf(d->out, p && p->entries_max ? "%llu" : "null", p ? (unsigned long long)p->entries_max : 0);
	json_flag(d, "persist", p && p->persist);
	json_text(d, "on_incompatible", p ? clashes[p->on_incompatible] : NULL);
	manifest_words(d, "share", p ? p->share : NULL);
}

static void slots_of(struct describe *d, const struct iov_map_def *map)
{
	json_open(d, "initial", '[');
	for (uint32_t i = 0; i < map->slot_count; i++) {
		json_begin(d);
		json_number(d, "index", map->slots[i].index);
		json_text(d, "name", map->slots[i].name);
		buf_putc(d->out, '}');
	}
	buf_putc(d->out, ']');
}

/* `depth` 0: a map of the object; else what its values are made after. */
static void map_def(struct describe *d, const struct iov_map_def *map, unsigned depth)
{
	static const char *const origins[] = {"user", "data", "bss", "rodata", "kconfig", "struct_ops"};
	const struct iov_map_type *type = catalogue_map_type(map->type);
	const struct iov_btf_type *value = btf_type(d->obj->btf, map->value_btf);
	bool section = value && value->kind == BTF_KIND_DATASEC;
	uint8_t layout[IOV_SHA256_BYTES];

	buf_putc(d->out, '{');
	json_text(d, "name", map->name);
	json_text(d, "type", type ? type->name : NULL);
	json_number(d, "type_id", map->type);
	json_text(d, "origin", origins[map->origin]);
	json_number(d, "key_size", map->key_size);
	json_number(d, "value_size", map->value_size);
	json_number(d, "max_entries", map->max_entries);
	json_number(d, "flags", map->flags);
	json_number(d, "map_extra", map->extra);
	json_number(d, "numa_node", map->numa_node);
	json_text(d, "pin", map->pinning ? "by-name" : "none");
	describe_type(d, "key", map->key_btf);
	describe_type(d, "value", section ? 0 : map->value_btf);
	if (!depth) {
		d->out->failed |= manifest_map_digest(d->obj, map, layout) != IOV_OK;
		json_digest(d, "layout", layout);
		slots_of(d, map);
		map_policy(d, map->name);
	}
	json_key(d, "inner");
	if (map->inner && depth < 2)
		map_def(d, map->inner, depth + 1);
	else
		buf_puts(d->out, "null");
	buf_putc(d->out, '}');
}

void describe_maps(struct describe *d)
{
	json_part(d, "maps", '[');
	for (uint32_t i = 0; i < d->obj->map_count; i++) {
		json_line(d);
		map_def(d, d->obj->maps[i], 0);
	}
	buf_putc(d->out, ']');
}

static void global(struct describe *d, const struct iov_section *s, const struct iov_btf_member *m)
{
	static const char *const linkages[] = {"static", "global", "extern"};
	const struct iov_btf_type *var = btf_type(d->obj->btf, m->type);
	bool inside = s->data && m->offset <= s->size && m->size <= s->size - m->offset;

	json_row(d);
	json_text(d, "name", var->name);
	json_text(d, "section", s->name);
	json_number(d, "offset", m->offset);
	json_number(d, "size", m->size);
	json_text(d, "linkage", var->linkage < 3 ? linkages[var->linkage] : NULL);
	json_flag(d, "const", btf_is_const(d->obj->btf, var->type));
	describe_type(d, "type", var->type);
	json_key(d, "value");
	if (inside)
		btf_print_value(d->obj->btf, var->type, s->data + m->offset, m->size, d->obj->big_endian, true, d->out);
	else
		buf_puts(d->out, "null");
	buf_putc(d->out, '}');
}

void describe_globals(struct describe *d)
{
	json_part(d, "globals", '[');
	for (uint32_t i = 0; i < d->obj->map_count; i++) {
		const struct iov_map_def *map = d->obj->maps[i];
		const struct iov_btf_type *t = btf_type(d->obj->btf, map->value_btf);
		uint32_t section = d->obj->map_sections[i];

		if (!section || !t || t->kind != BTF_KIND_DATASEC)
			continue;
		for (uint32_t j = 0; j < t->count; j++)
			if (btf_type(d->obj->btf, t->members[j].type)->kind == BTF_KIND_VAR)
				global(d, &d->obj->sections[section], &t->members[j]);
	}
	buf_putc(d->out, ']');
}

static void need_externs(struct describe *d, const char *key, enum iov_extern_kind kind)
{
	json_open(d, key, '[');
	for (uint32_t i = 0; i < d->obj->extern_count; i++) {
		const struct iov_object_extern *e = &d->obj->externs[i];

		if (e->kind != kind)
			continue;
		json_begin(d);
		json_text(d, "name", e->name);
		json_flag(d, "weak", e->weak);
		buf_putc(d->out, '}');
	}
	buf_putc(d->out, ']');
}

/* Helpers that any function of the object calls. */
static void need_helpers(struct describe *d)
{
	size_t count = catalogue_helper_count();
	bool *called = arena_array(d->arena, count + 1, sizeof(*called));

	d->out->failed |= !called;
	for (uint32_t i = 0; called && i < d->obj->func_count; i++) {
		const struct iov_object_func *f = &d->obj->funcs[i];
		const struct iov_section *s = &d->obj->sections[f->section];

		for (uint64_t at = f->offset; s->data && at + 8 <= f->offset + f->size && at + 8 <= s->size; at += 8) {
			struct iov_insn insn;
			const struct iov_isa_row *row;

			isa_decode(s->data + at, d->obj->big_endian, &insn);
			row = isa_find(&insn);
			if (row && row->oper == ISA_O_HELPER && insn.imm > 0 && (size_t)insn.imm <= count)
				called[insn.imm] = true;
			at += isa_is_wide(&insn) ? 8 : 0;
		}
	}
	json_open(d, "helpers", '[');
	for (uint32_t id = 1; called && id <= count; id++) {
		const struct iov_helper *h = called[id] ? catalogue_helper(id) : NULL;

		if (h)
			json_word(d, h->name);
	}
	buf_putc(d->out, ']');
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "struct task_struct.signal": what one CO-RE record asks the kernel's types for. */
static const char *core_path(struct describe *d, const struct iov_btf_core *record)
{
	struct core_spec spec;
	struct iov_buf text;
	const char *path;

	if (core_parse(d->obj->btf, record, &spec))
		return NULL;
	buf_init(&text, d->out->alloc);
	btf_declare(d->obj->btf, record->type, "", &text);
	for (uint32_t i = 0; i < spec.len; i++)
		if (spec.steps[i].name && *spec.steps[i].name)
			buf_printf(&text, ".%s", spec.steps[i].name);
		else if (i && !spec.steps[i].name)
			buf_printf(&text, "[%u]", spec.steps[i].index);
	path = buf_cstr(&text);
	path = path ? arena_strdup(d->arena, path) : NULL;
	d->out->failed |= !path;
	buf_free(&text);
	return path;
}

static void need_kernel_types(struct describe *d)
{
	const struct iov_btf_ext *ext = d->obj->btf_ext;
	const char **paths, *last = "";
	uint32_t room = 0, count = 0;

	for (uint32_t i = 0; ext && i < ext->count; i++)
		room += ext->sections[i].core_count;
	paths = arena_array(d->arena, room + 1, sizeof(*paths));
	d->out->failed |= !paths;
	for (uint32_t i = 0; paths && ext && i < ext->count; i++)
		for (uint32_t j = 0; j < ext->sections[i].core_count; j++) {
			const char *path = core_path(d, &ext->sections[i].cores[j]);

			if (path)
				paths[count++] = path;
		}
	if (paths)
		qsort(paths, count, sizeof(*paths), by_text);
	json_open(d, "kernel_types", '[');
	for (uint32_t i = 0; i < count; last = paths[i++])
		if (strcmp(paths[i], last))
			json_word(d, paths[i]);
	buf_putc(d->out, ']');
}

void describe_needs(struct describe *d)
{
	uint32_t isa = 0;

	for (uint32_t i = 0; i < d->manifest.fact_count; i++)
		if (d->manifest.facts[i].current && d->manifest.facts[i].isa > isa)
			isa = d->manifest.facts[i].isa;
	json_part(d, "needs", '{');
	json_key(d, "isa");
	buf_printf(d->out, isa ? "%u" : "null", isa);
	need_helpers(d);
	need_externs(d, "kfuncs", IOV_EXTERN_KFUNC);
	need_externs(d, "kernel_variables", IOV_EXTERN_KSYM);
	need_externs(d, "kernel_config", IOV_EXTERN_KCONFIG);
	need_kernel_types(d);
	manifest_words(d, "platforms", d->m ? d->m->platforms : NULL);
	buf_putc(d->out, '}');
}
