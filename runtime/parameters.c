/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what a host gives a module before it is loaded: values of global variables, sizes of maps, types of programs,
 * and settings: the values of the kernel's configuration that the module asks for (`extern … __kconfig`). */
#include "runtime/module.h"
#include "asm/isa/catalogue.h"
#include "runtime/value.h"

#include <linux/btf.h>
#include <stdio.h>
#include <string.h>

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

static bool is_text(const struct iov_btf *btf, uint32_t type)
{
	const struct iov_btf_type *array = btf_type(btf, btf_strip(btf, type)), *each;

	each = array && array->kind == BTF_KIND_ARRAY ? btf_type(btf, btf_strip(btf, array->type)) : NULL;
	return each && each->kind == BTF_KIND_INT && each->size == 1;
}

/* Characters, quoted or not, and zeros. */
static const char *put_text(const char *value, uint32_t size, uint8_t *at)
{
	size_t length = strlen(value);
	bool quoted = length > 1 && value[0] == '"' && value[length - 1] == '"';

	length -= quoted ? 2 : 0;
	if (length >= size)
		return "does not fit in the array, with the zero behind it";
	memset(at, 0, size);
	memcpy(at, value + quoted, length);
	return NULL;
}

static const char *put_value(const struct iov_module *m, const char *name, const char *value, uint32_t type,
			     uint32_t size, uint8_t *at)
{
	const struct iov_btf *btf = m->object->btf;
	const char *wrong;
	uint8_t scalar[8];

	if (btf_size(btf, type) != size)
		return "is for a variable whose size is not its type's";
	if (is_text(btf, type))
		return put_text(value, size, at);
	wrong = value_scalar(btf, type, tristate(m, name, type, value), m->object->big_endian, scalar);
	if (!wrong)
		memcpy(at, scalar, size);
	return wrong;
}

static enum iov_status set_variable(struct iov_module *m, const char *name, const char *value, struct iov_span where,
				    struct iov_sink *sink)
{
	uint32_t type, size = 0;
	uint8_t *at = variable(m, name, &type, &size);
	const char *wrong;

	if (!at && type)
		return IOV_NOMEM;
	if (!at) {
		no_variable(m, name, sink);
		return IOV_DIAGNOSED;
	}
	wrong = put_value(m, name, value, type, size, at);
	if (wrong) {
		diag_add(sink, DIAG_PARAMETER, where, "the value `%s` for `%s` %s", value, name, wrong);
		return IOV_DIAGNOSED;
	}
	return IOV_OK;
}

enum iov_result iov_module_set(struct iov_module *m, const char *name, const char *value, struct iov_sink *sink)
{
	if (!m || !name || !value || !sink)
		return IOV_R_USAGE;
	if (m->loaded || m->failed)
		return module_out_of_order(sink, "parameters are set before the module is loaded");
	return module_result(set_variable(m, name, value, IOV_NOWHERE, sink));
}

enum iov_result iov_module_set_bytes(struct iov_module *m, const char *name, const void *bytes, size_t size,
				     struct iov_sink *sink)
{
	uint32_t type, room = 0;
	uint8_t *at;

	if (!m || !name || (!bytes && size) || !sink)
		return IOV_R_USAGE;
	if (m->loaded || m->failed)
		return module_out_of_order(sink, "parameters are set before the module is loaded");
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
		return module_out_of_order(sink, "maps are sized before the module is loaded");
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

/* The type that a section of this name would say, or a type of the catalogue. */
static bool named_type(const char *name, uint32_t *type, uint32_t *attach)
{
	const struct iov_section_name *section = catalogue_section(name);
	const struct iov_prog_type *known = catalogue_prog_type_by_name(name);

	*type = section ? section->type : known ? known->id : 0;
	*attach = section ? section->attach : 0;
	return *type;
}

enum iov_result iov_module_set_type(struct iov_module *m, const char *program, const char *type, struct iov_sink *sink)
{
	uint32_t id, attach, found = 0;

	if (!m || !type || !sink)
		return IOV_R_USAGE;
	if (m->loaded || m->failed)
		return module_out_of_order(sink, "types are said before the module is loaded");
	if (!named_type(type, &id, &attach)) {
		struct iov_diag *d = diag_add(sink, DIAG_PROGRAM_TYPE, IOV_NOWHERE, "`%s` is no type of program", type);

		diag_hint(d, "say it as a section's name (xdp, tc, socket, cgroup_skb/egress) or as the kernel does "
			     "(sched_cls)");
		return IOV_R_INPUT;
	}
	for (uint32_t i = 0; i < m->object->prog_count; i++) {
		struct iov_object_prog *p = &m->object->progs[i];

		if (program ? strcmp(p->name, program) != 0 : p->type != 0)
			continue;
		p->type = id;
		p->attach_type = attach;
		found++;
	}
	if (found || !program)
		return IOV_R_OK;
	diag_add(sink, DIAG_PROGRAM_CHOICE, IOV_NOWHERE, "%s has no program `%s`", m->object->name, program);
	return IOV_R_INPUT;
}

/* --- The kernel's configuration. --------------------------------------------------------------------------------- */

static bool asks_for(const struct iov_module *m, const char *name, size_t length)
{
	for (uint32_t i = 0; i < m->object->extern_count; i++) {
		const struct iov_object_extern *x = &m->object->externs[i];

		if (x->kind == IOV_EXTERN_KCONFIG && strlen(x->name) == length && !memcmp(x->name, name, length))
			return true;
	}
	return false;
}

/* A line `CONFIG_NAME=VALUE`; anything else, and what the module does not ask for, says nothing. */
static enum iov_status config_line(struct iov_module *m, const char *line, size_t length, struct iov_span where,
				   struct iov_sink *sink)
{
	const char *equals = memchr(line, '=', length);
	const char *name, *value;

	if (!equals || length < 7 || memcmp(line, "CONFIG_", 7) || !asks_for(m, line, (size_t)(equals - line)))
		return IOV_OK;
	while (line[length - 1] == '\r' || line[length - 1] == ' ' || line[length - 1] == '\t')
		length--;
	name = arena_printf(&m->arena, "%.*s", (int)(equals - line), line);
	value = arena_printf(&m->arena, "%.*s", (int)(line + length - equals - 1), equals + 1);
	return name && value ? set_variable(m, name, value, where, sink) : IOV_NOMEM;
}

enum iov_result iov_module_set_config(struct iov_module *m, const char *text, size_t size, const char *name,
				      struct iov_sink *sink)
{
	struct iov_span where = IOV_NOWHERE;
	enum iov_status status = IOV_OK;

	if (!m || (!text && size) || !sink)
		return IOV_R_USAGE;
	if (m->loaded || m->failed)
		return module_out_of_order(sink, "parameters are set before the module is loaded");
	where.file = name;
	for (const char *line = text, *next; !status && line < text + size; line = next + 1) {
		const char *end = memchr(line, '\n', (size_t)(text + size - line));

		next = end ? end : text + size;
		where.line++;
		status = config_line(m, line, (size_t)(next - line), where, sink);
	}
	return module_result(status);
}

static bool lacks(const struct iov_module *m, const char *name)
{
	for (uint32_t i = 0; i < m->object->extern_count; i++)
		if (!strcmp(m->object->externs[i].name, name))
			return !m->given || !m->given[i];
	return false;
}

/* What libbpf finds out by itself: the release, the platform's (this runtime's helpers are those of 6.12), and whether
 * the kernel wraps its system calls and gives what it attaches a number: there is neither here. */
static enum iov_status own_setting(struct iov_module *m, const char *name, uint32_t value)
{
	uint32_t type = 0, size = 0;
	uint8_t *at;

	if (!lacks(m, name))
		return IOV_OK;
	at = setting(m, name, &type, &size);
	if (at)
		value_store(value, size, m->object->big_endian, at);
	return at || !type ? IOV_OK : IOV_NOMEM;
}

enum iov_status settings_complete(struct iov_module *m, const struct iov_platform *platform, struct iov_sink *sink)
{
	unsigned major = 6, minor = 12;
	enum iov_status status;

	if (platform->kernel)
		(void)sscanf(platform->kernel, "%u.%u", &major, &minor);
	status = own_setting(m, "LINUX_KERNEL_VERSION", major << 16 | minor << 8);
	if (!status)
		status = own_setting(m, "LINUX_HAS_BPF_COOKIE", 0);
	if (!status)
		status = own_setting(m, "LINUX_HAS_SYSCALL_WRAPPER", 0);
	for (uint32_t i = 0; i < m->object->extern_count && !status; i++) {
		const struct iov_object_extern *x = &m->object->externs[i];
		struct iov_diag *d;

		if (x->kind != IOV_EXTERN_KCONFIG || x->weak || (m->given && m->given[i]))
			continue;
		d = diag_add(sink, DIAG_KERNEL_SYMBOL, IOV_NOWHERE, "%s needs the kernel configuration value `%s`",
			     m->object->name, x->name);
		diag_hint(d, "give it before loading: iovrun --set %s=…, or --kconfig=FILE with a kernel's "
			     "configuration; or declare it __weak: then it is 0 here", x->name);
		status = IOV_DIAGNOSED;
	}
	return status;
}
