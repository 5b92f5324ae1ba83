/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: a manifest held against the object: every name, type, size, limit and licence. Nothing is taken on trust, and
 * everything that differs is said, at its place in the file. */
#include "linker/module.h"

#include "linker/module_value.h"

#include "asm/isa/catalogue.h"

#include <elf.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <string.h>

struct check {
	struct iov_module_desc *m;
	const struct iov_object *obj;
	struct iov_arena *arena;
	struct iov_sink *sink;
};

#define SAY(k, id, where, ...) diag_add((k)->sink, DIAG_##id, (where), __VA_ARGS__)

/* The nearest of the names that there are. */
static void hint_near(struct iov_diag *d, const char *name, const char *const *names, const char *what)
{
	const char *near = yml_nearest(name, names);

	if (near)
		diag_hint(d, "is it %s that is meant?", near);
	else if (names[0])
		diag_hint(d, "its %s: %s%s%s%s%s", what, names[0], names[1] ? ", " : "", names[1] ? names[1] : "",
			  names[1] && names[2] ? ", " : "", names[1] && names[2] ? names[2] : "");
	else
		diag_hint(d, "it has no %s", what);
}

/* The names of all types of two kinds. */
static const char **type_names(struct check *k, uint8_t kind, uint8_t other)
{
	const struct iov_btf *btf = k->obj->btf;
	const char **names = arena_array(k->arena, btf ? btf->count : 1, sizeof(char *));
	uint32_t count = 0;

	for (uint32_t id = 1; names && btf && id < btf->count; id++)
		if ((btf->types[id].kind == kind || btf->types[id].kind == other) && *btf->types[id].name)
			names[count++] = btf->types[id].name;
	return names;
}

static const char **prog_names(struct check *k)
{
	const char **names = arena_array(k->arena, k->obj->prog_count + 1, sizeof(char *));

	for (uint32_t i = 0; names && i < k->obj->prog_count; i++)
		names[i] = k->obj->progs[i].name;
	return names;
}

static const struct iov_object_prog *find_prog(const struct iov_object *obj, const char *name)
{
	for (uint32_t i = 0; i < obj->prog_count; i++)
		if (!strcmp(obj->progs[i].name, name))
			return &obj->progs[i];
	return NULL;
}

static enum iov_status check_progs(struct check *k)
{
	const char **names = prog_names(k);

	if (!names)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < k->m->prog_count; i++) {
		const struct iov_module_prog *p = &k->m->progs[i];
		const struct iov_object_prog *prog = find_prog(k->obj, p->name);

		if (!prog)
			hint_near(SAY(k, MANIFEST_NAME, p->where, "the object has no program %s", p->name), p->name,
				  names, "programs");
		else if (p->type && prog->type && p->type->id != prog->type)
			diag_hint(
				SAY(k, MANIFEST_TYPE, p->where,
				    "program %s is of type %s here, and %s by its section %s", p->name, p->type->name,
				    catalogue_prog_type(prog->type) ? catalogue_prog_type(prog->type)->name : "another",
				    prog->section),
				"correct the type, or leave it out: the section says it");
	}
	return IOV_OK;
}

static const struct iov_map_def *find_map(const struct iov_object *obj, const char *name)
{
	for (uint32_t i = 0; i < obj->map_count; i++)
		if (obj->maps[i]->origin == IOV_MAP_USER && !strcmp(obj->maps[i]->name, name))
			return obj->maps[i];
	return NULL;
}

/* `names`: the object's programs. */
static void check_share(struct check *k, const struct iov_module_map *p, const char *const *names)
{
	for (uint32_t i = 0; p->share && i < p->share->count; i++) {
		const struct iov_yaml *node = p->share->items[i];

		if (node->kind != IOV_YAML_SCALAR || !find_prog(k->obj, node->text))
			hint_near(SAY(k, MANIFEST_NAME, node->where, "the object has no program %s",
				      node->text ? node->text : "of this name"),
				  node->text ? node->text : "", names, "programs");
	}
}

static void check_map(struct check *k, const struct iov_module_map *p, const struct iov_map_def *map,
		      const char *const *programs)
{
	struct iov_diag *d;

	if (p->entries && p->entries != map->max_entries) {
		d = SAY(k, MANIFEST_TYPE, p->where, "map %s has %u entries in the object, and %" PRIu64 " here",
			p->name, map->max_entries, p->entries);
		diag_hint(d, "the object decides: write %u, or change max_entries in the source", map->max_entries);
	}
	if ((p->entries_min && map->max_entries < p->entries_min) ||
	    (p->entries_max && map->max_entries > p->entries_max))
		diag_hint(SAY(k, MANIFEST_LIMIT, p->where, "map %s has %u entries, outside %" PRIu64 " to %" PRIu64,
			      p->name, map->max_entries, p->entries_min, p->entries_max ? p->entries_max : UINT32_MAX),
			  "change max_entries in the source, or min and max here");
	if (p->pin != IOV_PIN_UNSAID && (p->pin == IOV_PIN_BY_NAME) != (map->pinning == 1)) {
		d = SAY(k, MANIFEST_TYPE, p->where, "map %s is %spinned by name in the object", p->name,
			map->pinning == 1 ? "" : "not ");
		diag_hint(d, p->pin == IOV_PIN_BY_NAME ? "add __uint(pinning, LIBBPF_PIN_BY_NAME) to its definition"
						       : "write pin: by-name");
	}
	if (p->persist && p->pin == IOV_PIN_NONE)
		diag_hint(SAY(k, MANIFEST_VALUE, p->where, "map %s is to persist, and nothing pins it", p->name),
			  "write pin: by-name");
	check_share(k, p, programs);
}

static const char **map_names(struct check *k)
{
	const char **names = arena_array(k->arena, k->obj->map_count + 1, sizeof(char *));
	uint32_t count = 0;

	for (uint32_t i = 0; names && i < k->obj->map_count; i++)
		if (k->obj->maps[i]->origin == IOV_MAP_USER)
			names[count++] = k->obj->maps[i]->name;
	return names;
}

static enum iov_status check_maps(struct check *k)
{
	const char **names = map_names(k), **programs = prog_names(k);

	if (!names || !programs)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < k->m->map_count; i++) {
		const struct iov_module_map *p = &k->m->maps[i];
		const struct iov_map_def *map = find_map(k->obj, p->name);

		if (map)
			check_map(k, p, map, programs);
		else
			hint_near(SAY(k, MANIFEST_NAME, p->where, "the object has no map %s", p->name), p->name, names,
				  "maps");
	}
	return IOV_OK;
}

/* Parameters. */

bool module_variable(const struct iov_object *obj, const char *name, struct iov_module_variable *out)
{
	for (uint32_t id = 1; obj->btf && id < obj->btf->count; id++) {
		const struct iov_btf_type *t = &obj->btf->types[id];
		const struct iov_section *s = t->kind == BTF_KIND_DATASEC ? object_section(obj, t->name) : NULL;

		for (uint32_t i = 0; s && i < t->count; i++) {
			const struct iov_btf_type *var = &obj->btf->types[t->members[i].type];

			if (var->kind != BTF_KIND_VAR || strcmp(var->name, name))
				continue;
			*out = (struct iov_module_variable){var->name,          s,
							    var->type,          t->members[i].offset,
							    t->members[i].size, var->linkage == BTF_VAR_STATIC};
			return true;
		}
	}
	return false;
}

static void check_default(struct check *k, const struct iov_module_param *p, const struct iov_module_variable *v)
{
	uint8_t want[256] = {0};
	const uint8_t *have = v->section->data ? v->section->data + v->offset : NULL;
	const char *why = NULL;
	struct iov_diag *d;

	if (v->size > sizeof(want))
		return;
	if (!module_value(p, p->default_node, v->size, k->obj->big_endian, want, &why)) {
		diag_hint(SAY(k, MANIFEST_VALUE, p->default_node->where, "this is no value of parameter %s: %s",
			      p->name, why),
			  "%s", module_value_form(p->type));
		return;
	}
	for (uint32_t i = 0; i < v->size; i++) {
		if (want[i] == (have ? have[i] : 0))
			continue;
		d = SAY(k, MANIFEST_TYPE, p->default_node->where, "the default of %s is another one in the object",
			p->name);
		diag_hint(d, "the object decides: initialise the variable with this value, or write its value here");
		return;
	}
}

static void check_param(struct check *k, struct iov_module_param *p, const struct iov_module_variable *v)
{
	bool read_only = !strncmp(v->section->name, ".rodata", 7);
	enum iov_param_type natural;
	struct iov_diag *d;
	struct iov_buf text;

	p->section = v->section->index;
	p->offset = v->offset;
	p->size = v->size;
	if (v->is_static || read_only == p->is_mutable) {
		d = SAY(k, MANIFEST_TYPE, p->where, "%s is %s, so it is no %sparameter", p->name,
			v->is_static ? "static"
			: read_only  ? "const"
				     : "not const",
			p->is_mutable ? "mutable " : "");
		diag_hint(d, p->is_mutable ? "declare it as a global without const"
					   : "declare it as a global `const volatile`, or write mutable: true");
		return;
	}
	if (module_fits(k->obj->btf, v->type, v->size, p->type)) {
		if (p->default_node)
			check_default(k, p, v);
		return;
	}
	buf_init(&text, k->arena->alloc);
	btf_declare(k->obj->btf, v->type, p->name, &text);
	d = SAY(k, MANIFEST_TYPE, p->where, "parameter %s is %s here, and `%s` in the object", p->name,
		module_type_word(p->type), buf_cstr(&text) ? buf_cstr(&text) : "");
	if (module_param_type(k->obj->btf, v->type, &natural))
		diag_hint(d, "write type: %s", module_type_word(natural));
	else
		diag_hint(d, "a parameter is an integer of 1, 2, 4 or 8 bytes, a bool, a MAC address or IPv6 address "
			     "(__u8[6], __u8[16]) or a string (char[N])");
	buf_free(&text);
}

/* A name in the manifest that is nothing of the object: the nearest one, or else what to write. */
static void hint_or(struct iov_diag *d, const char *name, const char *const *names, const char *otherwise)
{
	const char *near = yml_nearest(name, names);

	if (near)
		diag_hint(d, "is it %s that is meant?", near);
	else
		diag_hint(d, "%s", otherwise);
}

static enum iov_status check_params(struct check *k)
{
	const char **names = type_names(k, BTF_KIND_VAR, BTF_KIND_VAR);

	if (!names)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < k->m->param_count; i++) {
		struct iov_module_param *p = &k->m->params[i];
		struct iov_module_variable v;

		if (module_variable(k->obj, p->name, &v))
			check_param(k, p, &v);
		else
			hint_or(SAY(k, MANIFEST_NAME, p->where, "the object has no variable %s", p->name), p->name,
				names, "a parameter is a global variable: const volatile __u16 limit = 1;");
	}
	return IOV_OK;
}

/* SPDX expressions that name GPL-2.0 itself, not the LGPL, are what Linux takes as GPL-compatible. */
static bool spdx_is_gpl(const char *spdx)
{
	for (const char *p = spdx; (p = strstr(p, "GPL-2.0")); p++)
		if (p == spdx || p[-1] != 'L')
			return true;
	return false;
}

static void check_license(struct check *k)
{
	struct iov_diag *d;

	if (!k->m->license)
		return;
	if (!*k->obj->license) {
		d = SAY(k, MANIFEST_LICENSE, k->m->license_where, "the object has no section license");
		diag_hint(d, "add: char _license[] SEC(\"license\") = \"%s\";",
			  spdx_is_gpl(k->m->license) ? "GPL" : k->m->license);
	} else if (spdx_is_gpl(k->m->license) != prog_license_is_gpl(k->obj->license)) {
		d = SAY(k, MANIFEST_LICENSE, k->m->license_where, "the object's licence is \"%s\"", k->obj->license);
		diag_why(d, span_file_of(k->obj->name), "Linux takes \"%s\" as %scompatible with the GPL",
			 k->obj->license, prog_license_is_gpl(k->obj->license) ? "" : "not ");
		diag_hint(d, "the two have to agree: GPL-2.0-only with \"GPL\" or \"GPL v2\", \"GPL-2.0-only OR "
			     "BSD-2-Clause\" "
			     "with \"Dual BSD/GPL\"");
	}
}

/* Events: the map can carry them, the type is there, and so is every field of the format. */

static bool has_field(const struct iov_btf *btf, uint32_t id, const char *name, size_t len)
{
	const struct iov_btf_type *t = btf_type(btf, btf_strip(btf, id));

	for (uint32_t i = 0; t && (t->kind == BTF_KIND_STRUCT || t->kind == BTF_KIND_UNION) && i < t->count; i++) {
		const struct iov_btf_member *m = &t->members[i];

		if (strlen(m->name) == len && !memcmp(m->name, name, len))
			return true;
		if (!*m->name && has_field(btf, m->type, name, len))
			return true;
	}
	return false;
}

static const char **member_names(struct check *k, uint32_t id)
{
	const struct iov_btf_type *t = btf_type(k->obj->btf, btf_strip(k->obj->btf, id));
	bool has = t && (t->kind == BTF_KIND_STRUCT || t->kind == BTF_KIND_UNION);
	const char **names = arena_array(k->arena, has ? t->count + 1 : 1, sizeof(char *));
	uint32_t count = 0;

	for (uint32_t i = 0; names && has && i < t->count; i++)
		if (*t->members[i].name)
			names[count++] = t->members[i].name;
	return names;
}

static enum iov_status check_format(struct check *k, const struct iov_module_event *e, uint32_t type)
{
	const char **names = member_names(k, type);

	if (!names)
		return IOV_NOMEM;
	for (const char *p = e->format; p && (p = strstr(p, "%{")); p++) {
		size_t len = strcspn(p + 2, ":}");

		if (!strchr(p, '}')) {
			diag_hint(SAY(k, MANIFEST_VALUE, e->where, "a %%{ of the format has no }"),
				  "%%{member} or %%{member:form} stands for a member");
		} else if (!has_field(k->obj->btf, type, p + 2, len)) {
			const char *name = arena_copy(k->arena, p + 2, len);

			if (!name)
				return IOV_NOMEM;
			hint_near(SAY(k, MANIFEST_NAME, e->where, "%s has no member %s", e->type, name), name, names,
				  "members");
		}
	}
	return IOV_OK;
}

static enum iov_status check_event(struct check *k, const struct iov_module_event *e)
{
	const char **maps = map_names(k), **types = type_names(k, BTF_KIND_STRUCT, BTF_KIND_TYPEDEF);
	const struct iov_map_def *map = e->map ? find_map(k->obj, e->map) : NULL;
	const char *name = e->type && !strncmp(e->type, "struct ", 7) ? e->type + 7 : e->type;
	uint32_t type = name ? btf_find(k->obj->btf, name, e->type == name ? BTF_KIND_TYPEDEF : BTF_KIND_STRUCT) : 0;

	if (!maps || !types)
		return IOV_NOMEM;
	if (!map)
		hint_near(SAY(k, MANIFEST_NAME, e->where, "the object has no map %s", e->map ? e->map : ""),
			  e->map ? e->map : "", maps, "maps");
	else if (map->type != BPF_MAP_TYPE_RINGBUF && map->type != BPF_MAP_TYPE_PERF_EVENT_ARRAY)
		diag_hint(SAY(k, MANIFEST_TYPE, e->where, "map %s carries no events", e->map),
			  "events go through a ringbuf or a perf_event_array");
	if (type)
		return check_format(k, e, type);
	hint_or(SAY(k, MANIFEST_NAME, e->where, "the object has no type %s", e->type ? e->type : ""), name ? name : "",
		types,
		"types of locals are not in BTF: `const struct event *event_type __attribute__((unused));` keeps one");
	return IOV_OK;
}

enum iov_status module_check(struct iov_module_desc *m, const struct iov_object *obj, struct iov_arena *arena,
			     struct iov_sink *sink)
{
	struct check k = {m, obj, arena, sink};
	uint32_t before = sink->errors;
	enum iov_status status = check_progs(&k);

	if (!status)
		status = check_maps(&k);
	if (!status)
		status = check_params(&k);
	check_license(&k);
	for (uint32_t i = 0; i < m->event_count && !status; i++)
		status = check_event(&k, &m->events[i]);
	return status ? status : sink->errors > before ? IOV_DIAGNOSED : IOV_OK;
}

/* Limits. */

static struct iov_span limit_span(const struct iov_module_desc *m, const char *key)
{
	const struct iov_yaml *v = yml_get(m->limits, key);

	return v ? v->where : span_file_of(m->file);
}

static void over(const struct iov_module_desc *m, struct iov_sink *sink, const char *key, const char *prog,
		 const char *what, uint64_t have, uint64_t limit)
{
	if (!limit || have <= limit)
		return;
	if (have == UINT64_MAX)
		diag_hint(diag_add(sink, DIAG_MANIFEST_LIMIT, limit_span(m, key),
				   "%s: no number bounds its %s, at most %" PRIu64 " are allowed", prog, what, limit),
			  "bound its loops by constants, or leave limits.%s out", key);
	else
		diag_hint(diag_add(sink, DIAG_MANIFEST_LIMIT, limit_span(m, key),
				   "%s: %" PRIu64 " %s, at most %" PRIu64 " are allowed", prog, have, what, limit),
			  "make it smaller, or write limits.%s: %" PRIu64, key, have);
}

enum iov_status module_check_facts(const struct iov_module_desc *m, const struct iov_record_facts *f,
				   struct iov_sink *sink)
{
	uint32_t before = sink->errors;

	over(m, sink, "insns", f->program, "instructions", f->slots, m->max_insns);
	over(m, sink, "worst_insns", f->program, "instructions in one run", f->worst_insns, m->max_worst_insns);
	over(m, sink, "stack", f->program, "bytes of stack", f->stack, m->max_stack);
	if (m->isa && f->isa > m->isa)
		diag_hint(diag_add(sink, DIAG_MANIFEST_LIMIT, m->isa_where,
				   "%s needs instruction set v%u, requires.isa says v%u", f->program, f->isa, m->isa),
			  "compile it with -mcpu=v%u, or write isa: v%u", m->isa, f->isa);
	for (uint32_t i = 0; m->helpers && i < f->call_count; i++) {
		bool allowed = false;

		for (uint32_t j = 0; j < m->helpers->count && !allowed; j++) {
			const char *name = m->helpers->items[j]->text;

			allowed = name && !strcmp(!strncmp(name, "bpf_", 4) ? name + 4 : name, f->calls[i].name);
		}
		if (!allowed)
			diag_hint(diag_add(sink, DIAG_MANIFEST_LIMIT, m->helpers->where,
					   "%s calls %s, which requires.helpers does not list", f->program,
					   f->calls[i].name),
				  "add %s to the list, or do without the helper", f->calls[i].name);
	}
	return sink->errors > before ? IOV_DIAGNOSED : IOV_OK;
}

enum iov_status module_check_memory(const struct iov_module_desc *m, const struct iov_object *obj,
				    struct iov_sink *sink)
{
	uint32_t before = sink->errors;
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < obj->map_count; i++) {
		const struct iov_map_def *map = obj->maps[i];
		uint64_t each = (((uint64_t)map->key_size + 7) & ~7ull) + (((uint64_t)map->value_size + 7) & ~7ull),
			 all;

		/* A ring buffer's entries are its bytes. */
		if (map->type == BPF_MAP_TYPE_RINGBUF || map->type == BPF_MAP_TYPE_USER_RINGBUF)
			all = map->max_entries;
		else if (__builtin_mul_overflow(each, (uint64_t)map->max_entries, &all))
			all = UINT64_MAX / 2;
		if (__builtin_add_overflow(bytes, all, &bytes))
			bytes = UINT64_MAX - 1;
	}
	over(m, sink, "map_memory", m->name ? m->name : "the module", "bytes of maps", bytes, m->max_map_memory);
	return sink->errors > before ? IOV_DIAGNOSED : IOV_OK;
}
