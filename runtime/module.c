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
	for (uint32_t i = 0; m->maps && i < m->object->map_count; i++)
		map_destroy(m->maps[i]);
	objects_free(m->objects);
	if (m->object)
		object_close(m->object);
	arena_free(&m->arena);
	hook = m->hook;
	alloc_free(&hook, m, sizeof(*m));
}

/* The contents of a data map, made writable. */
static uint8_t *contents(struct iov_module *m, struct iov_map_def *def)
{
	uint8_t *bytes = arena_alloc(&m->arena, def->value_size);

	if (bytes && def->init)
		memcpy(bytes, def->init, def->value_size);
	def->init = bytes ? bytes : def->init;
	return bytes;
}

static struct iov_map_def *kconfig_map(const struct iov_module *m)
{
	for (uint32_t i = 0; i < m->object->map_count; i++)
		if (m->object->maps[i]->origin == IOV_MAP_KCONFIG)
			return m->object->maps[i];
	return NULL;
}

/* A value of the kernel's configuration that the object asks for: from now on it is given. */
static uint8_t *setting(struct iov_module *m, const char *name, uint32_t *type, uint32_t *size)
{
	struct iov_map_def *def = kconfig_map(m);

	for (uint32_t i = 0; def && i < m->object->extern_count; i++) {
		const struct iov_object_extern *x = &m->object->externs[i];
		const struct iov_btf_type *var = btf_type(m->object->btf, x->type);
		uint8_t *bytes;

		if (x->kind != IOV_EXTERN_KCONFIG || strcmp(x->name, name) || !var)
			continue;
		if (!m->given)
			m->given = arena_array(&m->arena, m->object->extern_count, sizeof(*m->given));
		bytes = m->given ? contents(m, def) : NULL;
		*type = var->type;
		*size = x->size;
		if (bytes)
			m->given[i] = true;
		return bytes ? bytes + x->offset : NULL;
	}
	return NULL;
}

/* A variable in one of the data maps: its type and its bytes, made writable. */
static uint8_t *variable(struct iov_module *m, const char *name, uint32_t *type, uint32_t *size)
{
	const struct iov_object *obj = m->object;
	uint8_t *set;

	*type = 0;
	set = setting(m, name, type, size);
	if (set || *type)
		return set;
	for (uint32_t i = 0; i < obj->map_count; i++) {
		struct iov_map_def *def = obj->maps[i];
		const struct iov_btf_type *sec = obj->btf ? btf_type(obj->btf, def->value_btf) : NULL;

		if (def->origin == IOV_MAP_USER || def->origin == IOV_MAP_KCONFIG || !sec ||
		    sec->kind != BTF_KIND_DATASEC)
			continue;
		for (uint32_t j = 0; j < sec->count; j++) {
			const struct iov_btf_type *var = btf_type(obj->btf, sec->members[j].type);
			uint8_t *bytes;

			if (!var || strcmp(var->name, name) ||
			    (uint64_t)sec->members[j].offset + sec->members[j].size > def->value_size)
				continue;
			bytes = contents(m, def);
			*type = var->type;
			*size = sec->members[j].size;
			return bytes ? bytes + sec->members[j].offset : NULL;
		}
	}
	*type = 0;
	return NULL;
}

static void no_variable(struct iov_module *m, const char *name, struct iov_sink *sink)
{
	const struct iov_object *obj = m->object;
	struct iov_diag *d =
		diag_add(sink, DIAG_PARAMETER, IOV_NOWHERE, "%s has no global variable `%s`", obj->name, name);
	const char *names = NULL;

	for (uint32_t i = 0; i < obj->map_count; i++) {
		const struct iov_btf_type *sec = obj->btf ? btf_type(obj->btf, obj->maps[i]->value_btf) : NULL;

		if (obj->maps[i]->origin == IOV_MAP_USER || !sec || sec->kind != BTF_KIND_DATASEC)
			continue;
		for (uint32_t j = 0; j < sec->count; j++)
			names = arena_printf(&m->arena, "%s%s%s", names ? names : "", names ? ", " : "",
					     btf_type(obj->btf, sec->members[j].type)->name);
	}
	if (names)
		diag_hint(d, "it has: %s", names);
}

/* The kernel's configuration says y, n and m: true and false, the letter itself, or an enumerator's number. */
static const char *tristate(const struct iov_module *m, const char *name, uint32_t type, const char *value)
{
	const struct iov_btf_type *t = btf_type(m->object->btf, btf_strip(m->object->btf, type));
	static const char letters[] = "nym";
	static const char *const as_number[] = {"0", "1", "2"}, *const as_letter[] = {"'n'", "'y'", "'m'"};
	const char *at = *value && !value[1] ? strchr(letters, *value) : NULL;

	if (!at || strncmp(name, "CONFIG_", 7) || !t)
		return value;
	if (t->kind == BTF_KIND_INT && t->size == 1 && !(t->int_encoding & BTF_INT_BOOL))
		return as_letter[at - letters];
	return as_number[at - letters];
}

static enum iov_status set_variable(struct iov_module *m, const char *name, const char *value, struct iov_sink *sink)
{
	uint32_t type, size = 0;
	uint8_t *at = variable(m, name, &type, &size), scalar[8];
	const char *wrong;

	if (!at && type)
		return IOV_NOMEM;
	if (!at) {
		no_variable(m, name, sink);
		return IOV_DIAGNOSED;
	}
	wrong = value_scalar(m->object->btf, type, tristate(m, name, type, value), m->object->big_endian, scalar);
	if (!wrong && btf_size(m->object->btf, type) != size)
		wrong = "is for a variable whose size is not its type's";
	if (wrong) {
		diag_add(sink, DIAG_PARAMETER, IOV_NOWHERE, "the value `%s` for `%s` %s", value, name, wrong);
		return IOV_DIAGNOSED;
	}
	memcpy(at, scalar, size);
	return IOV_OK;
}

static enum iov_result out_of_order(struct iov_sink *sink, const char *what)
{
	diag_add(sink, DIAG_LOAD_STATE, IOV_NOWHERE, "%s", what);
	return IOV_R_USAGE;
}

enum iov_result iov_module_set(struct iov_module *m, const char *name, const char *value, struct iov_sink *sink)
{
	if (!m || !name || !value || !sink)
		return IOV_R_USAGE;
	if (m->loaded || m->failed)
		return out_of_order(sink, "parameters are set before the module is loaded");
	return module_result(set_variable(m, name, value, sink));
}

enum iov_result iov_module_set_bytes(struct iov_module *m, const char *name, const void *bytes, size_t size,
				     struct iov_sink *sink)
{
	uint32_t type, room = 0;
	uint8_t *at;

	if (!m || !name || (!bytes && size) || !sink)
		return IOV_R_USAGE;
	if (m->loaded || m->failed)
		return out_of_order(sink, "parameters are set before the module is loaded");
	at = variable(m, name, &type, &room);
	if (!at && type)
		return module_result(IOV_NOMEM);
	if (at && size == room) {
		memcpy(at, bytes, size);
		return IOV_R_OK;
	}
	if (at)
		diag_add(sink, DIAG_PARAMETER, IOV_NOWHERE, "%zu bytes for `%s`, which has %u", size, name, room);
	else
		no_variable(m, name, sink);
	return module_result(IOV_DIAGNOSED);
}

static void no_map(struct iov_module *m, const char *name, struct iov_sink *sink)
{
	struct iov_diag *d = diag_add(sink, DIAG_PARAMETER, IOV_NOWHERE, "%s has no map `%s`", m->object->name, name);
	const char *names = NULL;

	for (uint32_t i = 0; i < m->object->map_count; i++)
		if (m->object->maps[i]->origin == IOV_MAP_USER)
			names = arena_printf(&m->arena, "%s%s%s", names ? names : "", names ? ", " : "",
					     m->object->maps[i]->name);
	if (names)
		diag_hint(d, "it has: %s", names);
}

enum iov_result iov_module_set_entries(struct iov_module *m, const char *map, uint32_t entries, struct iov_sink *sink)
{
	if (!m || !map || !sink)
		return IOV_R_USAGE;
	if (m->loaded || m->failed)
		return out_of_order(sink, "maps are sized before the module is loaded");
	for (uint32_t i = 0; i < m->object->map_count; i++) {
		struct iov_map_def *def = m->object->maps[i];

		if (def->origin != IOV_MAP_USER || strcmp(def->name, map))
			continue;
		def->max_entries = entries;
		return IOV_R_OK;
	}
	no_map(m, map, sink);
	return module_result(IOV_DIAGNOSED);
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
		return out_of_order(sink, "helpers are registered before the module is loaded");
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

	for (uint32_t i = 0; i < m->object->map_count; i++)
		if (m->object->maps[i] == def)
			return m->maps[i];
	return NULL;
}

static enum iov_status make_maps(struct iov_module *m, const struct iov_load_options *o,
				 const struct iov_platform *platform, struct iov_sink *sink)
{
	struct iov_map_options how = {.cpus = m->cpus, .seed = m->seed, .platform = platform};
	uint64_t left = o->max_map_bytes ? o->max_map_bytes : default_map_limit;
	enum iov_status status = IOV_OK;

	if (platform->max_map_memory && platform->max_map_memory < left)
		left = platform->max_map_memory;
	m->maps = arena_array(&m->arena, m->object->map_count, sizeof(*m->maps));
	if (!m->maps)
		return IOV_NOMEM;
	for (uint32_t i = 0; !status && i < m->object->map_count; i++) {
		how.max_bytes = left ? left : 1;
		status = map_create(m->object->maps[i], &how,
				    o->engine == IOV_ENGINE_CHECKING ? guard_alloc() : m->alloc, sink, &m->maps[i]);
		left -= status || m->maps[i]->state_size > left ? 0 : m->maps[i]->state_size;
	}
	return status;
}

static bool wanted(const struct iov_object_prog *p, const char *name)
{
	return name ? !strcmp(p->name, name) : p->autoload;
}

static enum iov_status load_program(struct iov_module *m, uint32_t index, const struct iov_load *how,
				    struct iov_sink *sink)
{
	struct iov_program *p = &m->programs[m->program_count];
	enum iov_status status = object_prog(m->object, index, how->target, &m->arena, sink, &p->prog);

	if (status)
		return status;
	p->source = &m->object->progs[index];
	p->type = platform_prog_type(how->platform, p->prog->type);
	status = image_load(p->prog, how, &m->arena, sink, &p->image);
	if (!status)
		m->program_count++;
	return status;
}

/* What is loaded, and some for subprograms, which lie elsewhere. */
static void open_pool(struct iov_module *m, const struct iov_load_options *o)
{
	size_t insns = 1024;

	for (uint32_t i = 0; i < m->object->prog_count; i++)
		insns += wanted(&m->object->progs[i], o->program) ? m->object->progs[i].size / 8 : 0;
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

static enum iov_status load_programs(struct iov_module *m, const struct iov_load_options *o, const struct iov_load *how,
				     struct iov_sink *sink)
{
	enum iov_status status = IOV_OK, first = IOV_OK;

	m->programs = arena_array(&m->arena, m->object->prog_count, sizeof(*m->programs));
	if (!m->programs)
		return IOV_NOMEM;
	open_pool(m, o);
	for (uint32_t i = 0; i < m->object->prog_count && (!status || status == IOV_DIAGNOSED); i++) {
		if (!wanted(&m->object->progs[i], o->program))
			continue;
		status = load_program(m, i, how, sink);
		first = first ? first : status;
	}
	if (!first && !m->program_count) {
		diag_add(sink, DIAG_PROGRAM_CHOICE, IOV_NOWHERE,
			 o->program ? "%s has no program `%s`" : "%s has no program%s", m->object->name,
			 o->program ? o->program : "");
		return IOV_DIAGNOSED;
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
	for (uint32_t i = 0; i < m->object->map_count; i++)
		if (!strcmp(m->object->maps[i]->name, name))
			return m->maps[i];
	return NULL;
}

static enum iov_status fill_slot(struct iov_module *m, uint32_t map, const struct iov_map_slot *slot,
				 struct iov_sink *sink)
{
	const struct iov_program *p = iov_module_program(m, slot->name);
	struct iov_map *inner = map_by_name(m, slot->name);
	const struct iov_map_def *def;
	struct iov_diag *d;
	int64_t error = 0;

	if (inner)
		error = table_set_map(m->maps[map], &slot->index, inner);
	else if (p)
		error = table_set_image(m->maps[map], slot->index, p->image);
	if (!error)
		return IOV_OK;
	def = m->object->maps[map];
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

	for (uint32_t i = 0; i < m->object->map_count; i++)
		for (uint32_t j = 0; !status && j < m->object->maps[i]->slot_count; j++)
			status = fill_slot(m, i, &m->object->maps[i]->slots[j], sink);
	return status;
}

/* LINUX_KERNEL_VERSION, unless the host has set it: the platform's; this runtime's helpers are those of 6.12. */
static enum iov_status set_version(struct iov_module *m, const struct iov_platform *platform)
{
	unsigned major = 6, minor = 12;
	uint32_t type = 0, size = 0, index = 0;
	uint8_t *at;

	while (index < m->object->extern_count && strcmp(m->object->externs[index].name, "LINUX_KERNEL_VERSION"))
		index++;
	if (index == m->object->extern_count || (m->given && m->given[index]))
		return IOV_OK;
	if (platform->kernel)
		(void)sscanf(platform->kernel, "%u.%u", &major, &minor);
	at = setting(m, "LINUX_KERNEL_VERSION", &type, &size);
	if (at)
		value_store(major << 16 | minor << 8, size, m->object->big_endian, at);
	return at || !type ? IOV_OK : IOV_NOMEM;
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
	for (uint32_t i = 0; i < obj->extern_count; i++)
		if (obj->externs[i].kind == IOV_EXTERN_KCONFIG && !obj->externs[i].weak &&
		    !(m->given && m->given[i])) {
			struct iov_diag *d =
				diag_add(sink, DIAG_KERNEL_SYMBOL, IOV_NOWHERE,
					 "%s needs the kernel configuration value `%s`", obj->name,
					 obj->externs[i].name);

			diag_hint(d, "set it before loading, as a parameter (iovrun --set %s=…); or declare it "
				     "__weak: then it is 0 here", obj->externs[i].name);
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
	enum iov_status status = IOV_OK;

	if (!how.platform)
		status = platform_open(o->platform ? o->platform : "iovrun", &m->arena, sink, &how.platform);
	if (!status)
		status = set_version(m, how.platform);
	if (!status)
		status = check_object(m, sink);
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
	status = make_maps(m, o, how.platform, sink);
	if (!status)
		status = load_programs(m, o, &how, sink);
	if (!status)
		status = make_heap(m, o);
	if (!status)
		status = fill_tables(m, sink);
	if (status)
		return status;
	for (uint32_t i = 0; i < m->object->map_count; i++)
		m->maps[i]->frozen =
			m->object->maps[i]->origin == IOV_MAP_RODATA || m->object->maps[i]->origin == IOV_MAP_KCONFIG;
	return IOV_OK;
}

enum iov_result iov_module_load(struct iov_module *m, const struct iov_load_options *options, struct iov_sink *sink)
{
	static const struct iov_load_options defaults;
	enum iov_status status;

	if (!m || !sink)
		return IOV_R_USAGE;
	if (m->loaded || m->failed)
		return out_of_order(sink, "the module has been loaded already");
	status = load(m, options ? options : &defaults, sink);
	m->loaded = !status;
	m->failed = status;
	return module_result(status);
}

struct iov_program *iov_module_program(const struct iov_module *m, const char *name)
{
	for (uint32_t i = 0; m && i < m->program_count; i++)
		if (!name || !strcmp(m->programs[i].source->name, name))
			return &m->programs[i];
	return NULL;
}

struct iov_program *iov_module_program_at(const struct iov_module *m, size_t index)
{
	return m && index < m->program_count ? &m->programs[index] : NULL;
}

const char *iov_program_name(const struct iov_program *program) { return program->source->name; }
const char *iov_program_type(const struct iov_program *program) { return program->type ? program->type->name : ""; }
size_t iov_program_code_size(const struct iov_program *program) { return program->image->code_size; }
