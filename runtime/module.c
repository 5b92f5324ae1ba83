/* SPDX-License-Identifier: Apache-2.0 */
/* iov/iov.h: modules, from object to loaded programs and maps. */
#include "runtime/module.h"
#include "runtime/guard.h"
#include "runtime/objects.h"

#include "linker/object/target.h"
#include "runtime/value.h"
#include "asm/base/output.h"
#include "asm/base/tool.h"
#include "asm/yaml/platform_read.h"

#include <linux/btf.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

static const uint64_t default_map_limit = 1ull << 30, default_object_bytes = 4 << 20;

const char *iov_version(void) { return IOV_VERSION; }

enum iov_result module_result(enum iov_status status)
{
	static const enum iov_result results[] = {
		[IOV_OK] = IOV_R_OK,       [IOV_DIAGNOSED] = IOV_R_INPUT, [IOV_NOMEM] = IOV_R_MEMORY,
		[IOV_USAGE] = IOV_R_USAGE, [IOV_BUG] = IOV_R_BUG,
	};

	return results[status];
}

enum iov_result module_out_of_order(struct iov_sink *sink, const char *what)
{
	diag_add(sink, DIAG_LOAD_STATE, IOV_NOWHERE, "%s", what);
	return IOV_R_USAGE;
}

static enum iov_status open_bytes(struct iov_module *m, const void *bytes, size_t size, const char *name,
				  struct iov_sink *sink)
{
	const uint8_t *copy = arena_copy(&m->arena, bytes, size);
	const char *label = arena_strdup(&m->arena, name ? name : "module");

	if (!copy || !label)
		return IOV_NOMEM;
	return object_read(copy, size, label, &m->arena, sink, &m->object);
}

enum iov_result iov_module_open(const void *bytes, size_t size, const char *name, const struct iov_allocator *allocator,
				struct iov_sink *sink, struct iov_module **out)
{
	const struct iov_alloc hook = allocator ? (struct iov_alloc){allocator->resize, allocator->ud} : *alloc_libc();
	struct iov_module *m;
	enum iov_status status;

	if (!out || !bytes || !sink)
		return IOV_R_USAGE;
	*out = NULL;
	m = alloc_zeroed(&hook, 1, sizeof(*m));
	if (!m)
		return IOV_R_MEMORY;
	m->hook = hook;
	m->alloc = &m->hook;
	arena_init(&m->arena, m->alloc);
	status = open_bytes(m, bytes, size, name, sink);
	if (status)
		iov_module_close(m);
	else
		*out = m;
	return module_result(status);
}

enum iov_result iov_module_open_file(const char *path, const struct iov_allocator *allocator, struct iov_sink *sink,
				     struct iov_module **out)
{
	const struct iov_alloc hook = allocator ? (struct iov_alloc){allocator->resize, allocator->ud} : *alloc_libc();
	enum iov_result result;
	struct iov_buf file;

	if (!path || !sink || !out)
		return IOV_R_USAGE;
	*out = NULL;
	buf_init(&file, &hook);
	result = module_result(input_read(path, 0, &file, sink));
	if (!result)
		result =
			iov_module_open(file.data ? (const void *)file.data : "", file.len, path, allocator, sink, out);
	buf_free(&file);
	return result;
}

void iov_module_close(struct iov_module *m)
{
	struct iov_alloc hook;

	if (!m)
		return;
	for (uint32_t i = 0; i < m->program_count; i++)
		if (m->programs[i].image)
			jit_free(m->programs[i].image);
	jit_pool_close(&m->pool);
	for (uint32_t i = 0; i < m->map_count; i++)
		if (m->maps[i])
			map_destroy(m->maps[i]);
	objects_free(m->objects);
	if (m->object)
		object_close(m->object);
	arena_free(&m->arena);
	hook = m->hook;
	alloc_free(&hook, m, sizeof(*m));
}

/* --- Helpers of the host's. -------------------------------------------------------------------------------------- */

static const char *plain_name(const char *name) { return strncmp(name, "bpf_", 4) ? name : name + 4; }

enum iov_result iov_helper_register(struct iov_module *m, const char *name, iov_helper_call *call,
				    struct iov_sink *sink)
{
	const char *copy;

	if (!m || !name || !call || !sink)
		return IOV_R_USAGE;
	if (m->loaded || m->failed)
		return module_out_of_order(sink, "helpers are registered before the module is loaded");
	copy = arena_strdup(&m->arena, plain_name(name));
	if (!copy || !arena_grow(&m->arena, &m->helpers, m->helper_count, &m->helper_room, sizeof(*m->helpers)))
		return IOV_R_MEMORY;
	m->helpers[m->helper_count++] = (struct iov_own_helper){copy, call};
	return IOV_R_OK;
}

/* The last that was registered under a name counts. */
static iov_helper_fn *helper_of(void *ud, const char *name)
{
	const struct iov_module *m = ud;

	for (size_t i = m->helper_count; i; i--)
		if (!strcmp(m->helpers[i - 1].name, plain_name(name)))
			return m->helpers[i - 1].call;
	return NULL;
}

static bool offers(const struct iov_platform *platform, const char *name)
{
	for (uint32_t i = 0; i < platform->helper_count; i++)
		if (!strcmp(plain_name(platform->helpers[i]->name), name))
			return true;
	return false;
}

static enum iov_status check_helpers(const struct iov_module *m, const struct iov_platform *platform,
				     struct iov_sink *sink)
{
	for (size_t i = 0; i < m->helper_count; i++) {
		struct iov_diag *d;

		if (offers(platform, m->helpers[i].name))
			continue;
		d = diag_add(sink, DIAG_HELPER_MISSING, IOV_NOWHERE,
			     "the helper `%s` was registered, and platform %s does not offer it", m->helpers[i].name,
			     platform->name);
		diag_hint(d, "describe it in the platform file: name, id and declaration, see iov-platform(5)");
		return IOV_DIAGNOSED;
	}
	return IOV_OK;
}

/* --- Loading. ---------------------------------------------------------------------------------------------------- */

static struct iov_map *map_of(void *ud, const struct iov_map_def *def)
{
	const struct iov_module *m = ud;

	for (uint32_t i = 0; i < m->map_count; i++)
		if (m->maps[i] && m->maps[i]->def == def)
			return m->maps[i];
	return NULL;
}

static uint32_t def_at(const struct iov_module *m, const struct iov_map_def *def)
{
	uint32_t i = 0;

	while (i < m->object->map_count && m->object->maps[i] != def)
		i++;
	return i;
}

static void need_map(const struct iov_module *m, const struct iov_map_def *def, bool *needed)
{
	uint32_t at = def_at(m, def);

	if (at == m->object->map_count || needed[at])
		return;
	needed[at] = true;
	for (uint32_t i = 0; i < def->slot_count; i++)
		for (uint32_t k = 0; k < m->object->map_count; k++)
			if (!strcmp(m->object->maps[k]->name, def->slots[i].name))
				need_map(m, m->object->maps[k], needed);
}

/* What the maps are made with, and how many bytes are left for them. */
struct map_maker {
	struct iov_map_options how;
	const struct iov_alloc *alloc;
	uint64_t left;
};

static enum iov_status make_map(struct iov_module *m, struct map_maker *maker, uint32_t index, struct iov_sink *sink)
{
	enum iov_status status;
	struct iov_map *map;

	maker->how.max_bytes = maker->left ? maker->left : 1;
	status = map_create(m->object->maps[index], &maker->how, maker->alloc, sink, &m->maps[index]);
	if (status)
		return status;
	map = m->maps[index];
	map->module = m;
	maker->left -= map->state_size + map->timers_size < maker->left ? map->state_size + map->timers_size
									 : maker->left;
	return IOV_OK;
}

/* The maps of loaded programs first. Of the others, for the host, those are left out that this runtime cannot make. */
static enum iov_status make_all(struct iov_module *m, struct map_maker *maker, const bool *needed,
				struct iov_sink *sink)
{
	enum iov_status status = IOV_OK, first = IOV_OK;
	struct iov_sink unheard;
	uint32_t made = 0;

	for (uint32_t i = 0; i < m->object->map_count && (!status || status == IOV_DIAGNOSED); i++) {
		status = needed[i] ? make_map(m, maker, i, sink) : IOV_OK;
		first = first ? first : status;
	}
	sink_init(&unheard, m->alloc);
	for (uint32_t i = 0; i < m->object->map_count && !first; i++)
		if (!needed[i] && make_map(m, maker, i, &unheard) == IOV_NOMEM)
			first = IOV_NOMEM;
	sink_free(&unheard);
	for (uint32_t i = 0; i < m->object->map_count && !first; i++)
		if (m->maps[i])
			m->maps[made++] = m->maps[i];
	m->map_count = first ? m->map_count : made;
	return first;
}

static enum iov_status make_maps(struct iov_module *m, const struct iov_load_options *o,
				 const struct iov_platform *platform, struct iov_sink *sink)
{
	struct map_maker maker = {.how = {.cpus = m->cpus, .seed = m->seed, .platform = platform},
				  .alloc = o->engine == IOV_ENGINE_CHECKING ? guard_alloc() : m->alloc,
				  .left = o->max_map_bytes ? o->max_map_bytes : default_map_limit};
	bool *needed = arena_array(&m->arena, m->object->map_count, sizeof(*needed));

	if (platform->max_map_memory && platform->max_map_memory < maker.left)
		maker.left = platform->max_map_memory;
	m->maps = arena_array(&m->arena, m->object->map_count, sizeof(*m->maps));
	if (!m->maps || !needed)
		return IOV_NOMEM;
	m->map_count = m->object->map_count;
	for (uint32_t i = 0; i < m->program_count; i++)
		for (uint32_t k = 0; k < m->programs[i].prog->map_count; k++)
			need_map(m, m->programs[i].prog->maps[k], needed);
	return make_all(m, &maker, needed, sink);
}

/* Named, or one of those that the object wants loaded and that are for this platform, as far as their type is known. */
static bool wanted(const struct iov_object_prog *p, const char *name, const struct iov_platform *platform)
{
	if (name)
		return !strcmp(p->name, name);
	return p->autoload && (!platform || !p->type || platform_prog_type(platform, p->type));
}

/* Objects hold programs for many places of a kernel; those that are not for packets are left out, and told. NULL: none
 * would be left. */
static const struct iov_platform *judge_of_types(struct iov_module *m, const struct iov_platform *platform,
						 struct iov_sink *sink)
{
	const char *names = NULL;
	uint32_t left = 0, count = 0;

	for (uint32_t i = 0; i < m->object->prog_count; i++) {
		const struct iov_object_prog *p = &m->object->progs[i];

		if (wanted(p, NULL, platform)) {
			left++;
		} else if (p->autoload) {
			names = count++ < 5 ? arena_printf(&m->arena, "%s%s`%s` (%s)", names ? names : "",
							   names ? ", " : "", p->name, p->section)
					    : names;
		}
	}
	if (!left)
		return NULL;
	if (names)
		diag_add(sink, DIAG_PROGRAM_LEFT_OUT, IOV_NOWHERE, "%s: left out, since %s does not run them: %s%s",
			 m->object->name, platform->name, names, count > 5 ? ", …" : "");
	return platform;
}

/* What is loaded, and some for subprograms, which lie elsewhere. */
static void open_pool(struct iov_module *m, const struct iov_load_options *o)
{
	size_t insns = 1024;

	for (uint32_t i = 0; i < m->program_count; i++)
		insns += m->programs[i].source->size / 8;
	if (o->engine == IOV_ENGINE_AUTO || o->engine == IOV_ENGINE_MACHINE)
		jit_pool_open(&m->pool, insns);
}

static enum iov_status seal_pool(struct iov_module *m, struct iov_sink *sink)
{
	if (jit_pool_seal(&m->pool))
		return IOV_OK;
	diag_hint(diag_add(sink, DIAG_JIT_MEMORY, IOV_NOWHERE, "the system refuses to make memory executable"),
		  "run it in the interpreter: --engine=interp");
	return IOV_DIAGNOSED;
}

static bool no_program(const struct iov_module *m, const char *name, struct iov_sink *sink)
{
	diag_add(sink, DIAG_PROGRAM_CHOICE, IOV_NOWHERE, name ? "%s has no program `%s`" : "%s has no program%s",
		 m->object->name, name ? name : "");
	return true;
}

static enum iov_status known_type(const struct iov_module *m, uint32_t index, struct iov_sink *sink)
{
	const struct iov_object_prog *p = &m->object->progs[index];
	struct iov_diag *d;

	if (p->type)
		return IOV_OK;
	d = diag_add(sink, DIAG_PROGRAM_TYPE, IOV_NOWHERE,
		     "%s: the section `%s` does not say what type of program `%s` is", m->object->name, p->section,
		     p->name);
	diag_hint(d, "say it: iovrun --type=%s=xdp (or tc, socket, …), or iov_module_set_type()", p->name);
	return IOV_DIAGNOSED;
}

/* The programs that are to be loaded, relocated. All are looked at, also after a mistake in one. */
static enum iov_status read_programs(struct iov_module *m, const char *name, const struct iov_load *how,
				     struct iov_sink *sink)
{
	const struct iov_platform *platform = name ? NULL : judge_of_types(m, how->platform, sink);
	enum iov_status status = IOV_OK, first = IOV_OK;

	m->programs = arena_array(&m->arena, m->object->prog_count, sizeof(*m->programs));
	if (!m->programs)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < m->object->prog_count && (!status || status == IOV_DIAGNOSED); i++) {
		struct iov_program *p = &m->programs[m->program_count];

		if (!wanted(&m->object->progs[i], name, platform))
			continue;
		status = known_type(m, i, sink);
		if (!status)
			status = object_prog(m->object, i, how->target, &m->arena, sink, &p->prog);
		first = first ? first : status;
		if (status)
			continue;
		p->source = &m->object->progs[i];
		p->type = platform_prog_type(how->platform, p->prog->type);
		m->program_count++;
	}
	return !first && !m->program_count && no_program(m, name, sink) ? IOV_DIAGNOSED : first;
}

static enum iov_status load_programs(struct iov_module *m, const struct iov_load_options *o, const struct iov_load *how,
				     struct iov_sink *sink)
{
	enum iov_status status = IOV_OK, first = IOV_OK;

	open_pool(m, o);
	for (uint32_t i = 0; i < m->program_count && (!status || status == IOV_DIAGNOSED); i++) {
		status = image_load(m->programs[i].prog, how, &m->arena, sink, &m->programs[i].image);
		first = first ? first : status;
	}
	return first ? first : seal_pool(m, sink);
}

/* Every type that some program allocates, once. */
static bool note_types(struct iov_module *m, const struct iov_facts *f, struct iov_made_type **all, size_t *count,
		       size_t *room)
{
	for (size_t i = 0; i < f->made_count; i++) {
		size_t k = 0;

		while (k < *count && ((*all)[k].type->id != f->made[i].type->id ||
				      (*all)[k].per_cpu != f->made[i].per_cpu))
			k++;
		if (k < *count)
			continue;
		if (!arena_grow(&m->arena, all, *count, room, sizeof(**all)))
			return false;
		(*all)[(*count)++] = f->made[i];
	}
	return true;
}

/* The heap for what programs allocate, when one does. */
static enum iov_status make_heap(struct iov_module *m, const struct iov_load_options *o)
{
	struct iov_made_type *all = NULL;
	size_t count = 0, room = 0;
	enum iov_status status;

	for (uint32_t i = 0; i < m->program_count; i++)
		if (!note_types(m, m->programs[i].image->facts, &all, &count, &room))
			return IOV_NOMEM;
	if (!count)
		return IOV_OK;
	status = objects_new(all, count, m->cpus, o->object_bytes ? o->object_bytes : default_object_bytes, m->alloc,
			     &m->objects);
	for (uint32_t i = 0; i < m->program_count; i++)
		m->programs[i].image->objects = m->objects;
	return status;
}

static struct iov_map *map_by_name(const struct iov_module *m, const char *name)
{
	for (uint32_t i = 0; i < m->map_count; i++)
		if (!strcmp(m->maps[i]->def->name, name))
			return m->maps[i];
	return NULL;
}

static enum iov_status fill_slot(struct iov_module *m, struct iov_map *map, const struct iov_map_slot *slot,
				 struct iov_sink *sink)
{
	const struct iov_program *p = iov_module_program(m, slot->name);
	struct iov_map *inner = map_by_name(m, slot->name);
	const struct iov_map_def *def = map->def;
	struct iov_diag *d;
	int64_t error = 0;

	if (inner)
		error = table_set_map(map, &slot->index, inner);
	else if (p)
		error = table_set_image(map, slot->index, p->image);
	if (!error)
		return IOV_OK;
	d = diag_add(sink, DIAG_MAP_SLOT, def->where, "map `%s` cannot hold `%s` in slot %u", def->name, slot->name,
		     slot->index);
	if (slot->index >= def->max_entries)
		diag_why(d, IOV_NOWHERE, "it has %u, from 0 to %u", def->max_entries, def->max_entries - 1);
	else if (inner)
		diag_why(d, IOV_NOWHERE, "the inner map's type, sizes and flags are not those of the template");
	else
		diag_why(d, IOV_NOWHERE, "it is for programs of another type");
	return IOV_DIAGNOSED;
}

/* Program arrays and maps of maps that the object fills itself. A program that was not loaded leaves its slot empty. */
static enum iov_status fill_tables(struct iov_module *m, struct iov_sink *sink)
{
	enum iov_status status = IOV_OK;

	for (uint32_t i = 0; i < m->map_count; i++)
		for (uint32_t j = 0; !status && j < m->maps[i]->def->slot_count; j++)
			status = fill_slot(m, m->maps[i], &m->maps[i]->def->slots[j], sink);
	return status;
}

static enum iov_status check_object(const struct iov_module *m, struct iov_sink *sink)
{
	const struct iov_object *obj = m->object;
	bool host_big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

	if (obj->big_endian != host_big) {
		struct iov_diag *d = diag_add(sink, DIAG_BYTE_ORDER, IOV_NOWHERE,
					      "%s was compiled for %s-endian machines, and this one is not", obj->name,
					      obj->big_endian ? "big" : "little");

		diag_hint(d, "compile it with -m%s-endian", obj->big_endian ? "little" : "big");
		return IOV_DIAGNOSED;
	}
	return IOV_OK;
}

static enum iov_status load(struct iov_module *m, const struct iov_load_options *o, struct iov_sink *sink)
{
	struct iov_load how = {
		.platform = o->own_platform,
		.engine = (enum iov_engine)o->engine,
		.budget = o->verify_budget,
		.map_of = map_of,
		.helper_of = helper_of,
		.pool = &m->pool,
		.hardening = (o->harden_constants ? (unsigned)IOV_HARDEN_CONSTANTS : 0) |
			     (o->harden_branches ? (unsigned)IOV_HARDEN_BRANCHES : 0),
		.ud = m,
	};
	enum iov_status status = IOV_OK, read;

	if (!how.platform)
		status = platform_open(o->platform ? o->platform : "iovrun", &m->arena, sink, &how.platform);
	if (!status)
		status = check_object(m, sink);
	if (!status)
		status = settings_complete(m, how.platform, sink);
	if (!status)
		status = check_helpers(m, how.platform, sink);
	if (status)
		return status;
	status = targets_find(&(struct iov_targets){0}, o->target_btf ? o->target_btf : how.platform->target_btf,
			      &m->arena, sink, &how.target);
	if (status)
		return status;
	m->cpus = o->cpus ? o->cpus : 1;
	m->seed = o->seed;
	if (!m->seed && getrandom(&m->seed, sizeof(m->seed), 0) != sizeof(m->seed))
		return IOV_BUG;
	read = read_programs(m, o->program, &how, sink);
	if (read && read != IOV_DIAGNOSED)
		return read;
	status = make_maps(m, o, how.platform, sink);
	if (!status)
		status = load_programs(m, o, &how, sink);
	if (!status)
		status = read;
	if (!status)
		status = make_heap(m, o);
	if (!status)
		status = fill_tables(m, sink);
	if (status)
		return status;
	for (uint32_t i = 0; i < m->map_count; i++)
		m->maps[i]->frozen = m->maps[i]->def->origin == IOV_MAP_RODATA ||
				     m->maps[i]->def->origin == IOV_MAP_KCONFIG;
	return IOV_OK;
}

enum iov_result iov_module_load(struct iov_module *m, const struct iov_load_options *options, struct iov_sink *sink)
{
	static const struct iov_load_options defaults;
	enum iov_status status;

	if (!options)
		options = &defaults;
	if (!m || !sink || (unsigned)options->engine > IOV_ENGINE_CHECKING)
		return IOV_R_USAGE;
	if (m->loaded || m->failed)
		return module_out_of_order(sink, "the module has been loaded already");
	status = load(m, options, sink);
	m->loaded = !status;
	m->failed = status;
	return module_result(status);
}

struct iov_program *iov_module_program(const struct iov_module *m, const char *name)
{
	for (uint32_t i = 0; m && !m->failed && i < m->program_count; i++)
		if (!name || !strcmp(m->programs[i].source->name, name))
			return &m->programs[i];
	return NULL;
}

struct iov_program *iov_module_program_at(const struct iov_module *m, size_t index)
{
	return m && m->loaded && index < m->program_count ? &m->programs[index] : NULL;
}

const char *iov_program_name(const struct iov_program *program) { return program->source->name; }
const char *iov_program_type(const struct iov_program *program) { return program->type ? program->type->name : ""; }
size_t iov_program_code_size(const struct iov_program *program) { return program->image->code_size; }
