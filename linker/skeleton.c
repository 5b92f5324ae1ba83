/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the skeleton header. It is C and C++ that needs nothing but libbpf (1.0 or later) or libiov; one program
 * includes it for one of the two. Names in it: the module's name, then the map's, variable's or program's. */
#include "linker/skeleton.h"

#include "asm/base/text.h"
#include "linker/c_types.h"
#include "linker/module_value.h"

#include <elf.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <string.h>

struct skeleton {
	const struct iov_object *obj;
	const struct iov_module_desc *m;
	const char *name; /* as a C identifier */
	struct c_types types;
	struct iov_arena *arena;
	struct iov_buf *out;
};

/* A name as a C identifier; when memory runs out, the output has failed. */
static const char *identifier(struct skeleton *s, const char *name)
{
	struct iov_buf text;
	const char *out;

	buf_init(&text, s->out->alloc);
	c_types_name(&text, name);
	out = buf_cstr(&text);
	out = out ? arena_strdup(s->arena, out) : NULL;
	s->out->failed |= !out;
	buf_free(&text);
	return out ? out : "";
}

/* Inside a C string: what means something there is escaped. */
static void quoted(struct skeleton *s, const char *text)
{
	for (; *text; text++)
		if (*text == '"' || *text == '\\' || *text == '?' || *text < 32 || *text == 127)
			buf_printf(s->out, "\\%03o", (unsigned char)*text);
		else
			buf_putc(s->out, *text);
}

/* Inside a C comment, on one line. */
static void comment(struct skeleton *s, const char *text)
{
	size_t from = s->out->len;

	text_safe(s->out, text, strlen(text));
	for (size_t i = from; i + 1 < s->out->len; i++)
		if ((s->out->data[i] == '*' && s->out->data[i + 1] == '/') ||
		    (s->out->data[i] == '/' && s->out->data[i + 1] == '*'))
			s->out->data[i + 1] = '.';
}

/* $: the module, %: `name` as an identifier, @: as it is, in a string. */
static void expand(struct skeleton *s, const char *text, const char *name)
{
	const char *as_identifier = identifier(s, name);

	for (; *text; text++)
		if (*text == '$')
			buf_puts(s->out, s->name);
		else if (*text == '%')
			buf_puts(s->out, as_identifier);
		else if (*text == '@')
			quoted(s, name);
		else
			buf_putc(s->out, *text);
}

static bool has_types(const struct iov_map_def *map)
{
	return map->key_btf && map->value_btf;
}

/* Each entry holds a value for each CPU. */
static bool is_per_cpu(const struct iov_map_def *map)
{
	return map->type == BPF_MAP_TYPE_PERCPU_HASH || map->type == BPF_MAP_TYPE_PERCPU_ARRAY ||
	       map->type == BPF_MAP_TYPE_LRU_PERCPU_HASH || map->type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
}

static void event_types(struct skeleton *s)
{
	for (uint32_t i = 0; s->m && i < s->m->event_count; i++) {
		const char *type = s->m->events[i].type, *name = !strncmp(type, "struct ", 7) ? type + 7 : type;
		uint32_t id = btf_find(s->obj->btf, name, name == type ? BTF_KIND_TYPEDEF : BTF_KIND_STRUCT);

		if (id)
			c_types_define(&s->types, id);
	}
}

static void all_types(struct skeleton *s)
{
	for (uint32_t i = 0; i < s->obj->map_count; i++) {
		const struct iov_map_def *map = s->obj->maps[i];

		if (map->origin == IOV_MAP_USER && map->key_btf)
			c_types_define(&s->types, map->key_btf);
		if (map->origin == IOV_MAP_USER && map->value_btf)
			c_types_define(&s->types, map->value_btf);
	}
	event_types(s);
}

static void map_type(struct skeleton *s, const struct iov_map_def *map, uint32_t type, const char *what)
{
	struct iov_buf name;

	buf_init(&name, s->out->alloc);
	buf_printf(&name, "%s_%s_%s", s->name, identifier(s, map->name), what);
	buf_puts(s->out, "typedef ");
	c_types_member(&s->types, type, buf_cstr(&name) ? buf_cstr(&name) : "", 0);
	buf_puts(s->out, ";\n");
	s->out->failed |= name.failed;
	buf_free(&name);
}

static void map_types(struct skeleton *s)
{
	for (uint32_t i = 0; i < s->obj->map_count; i++) {
		const struct iov_map_def *map = s->obj->maps[i];

		if (map->origin != IOV_MAP_USER || !has_types(map))
			continue;
		map_type(s, map, map->key_btf, "key");
		map_type(s, map, map->value_btf, "value");
		if (is_per_cpu(map))
			expand(s, "typedef struct { $_%_value value; } __attribute__((aligned(8))) $_%_slot;\n",
			       map->name);
	}
	buf_putc(s->out, '\n');
}

/* A data section as a struct of its variables. */
static void section_struct(struct skeleton *s, const struct iov_map_def *map, const char *name)
{
	const struct iov_btf_type *t = btf_type(s->obj->btf, map->value_btf);
	uint32_t at = 0, pads = 0;

	for (uint32_t i = 0; i < t->count; i++)
		c_types_define(&s->types, s->obj->btf->types[t->members[i].type].type);
	buf_printf(s->out, "struct %s_section_%s {\n", s->name, name);
	for (uint32_t i = 0; i < t->count; i++) {
		const struct iov_btf_member *m = &t->members[i];
		const struct iov_btf_type *var = &s->obj->btf->types[m->type];

		if (m->offset < at)
			continue;
		if (m->offset > at)
			buf_printf(s->out, "\tuint8_t _pad%u[%u];\n", pads++, m->offset - at);
		if (strchr(var->name, '.')) { /* static of a function */
			buf_printf(s->out, "\tuint8_t _static%u[%u];\n", pads++, m->size);
		} else {
			buf_putc(s->out, '\t');
			c_types_member(&s->types, var->type, var->name, 1);
			buf_puts(s->out, ";\n");
		}
		at = m->offset + m->size;
	}
	if (at < map->value_size)
		buf_printf(s->out, "\tuint8_t _pad%u[%u];\n", pads, map->value_size - at);
	buf_printf(s->out,
		   "} __attribute__((packed));\nstatic_assert(sizeof(struct %s_section_%s) == %u, \"size\");\n\n",
		   s->name, name, map->value_size);
}

static bool is_section(const struct skeleton *s, const struct iov_map_def *map)
{
	const struct iov_btf_type *t = btf_type(s->obj->btf, map->value_btf);

	return map->origin != IOV_MAP_USER && map->origin != IOV_MAP_KCONFIG && map->name[0] == '.' && t &&
	       t->kind == BTF_KIND_DATASEC && t->count;
}

static void bytes_of(struct skeleton *s, const uint8_t *bytes, size_t len)
{
	buf_printf(s->out, "static const unsigned char %s_object[%zu] __attribute__((aligned(8))) = {", s->name, len);
	for (size_t i = 0; i < len; i++)
		buf_printf(s->out, "%s%u,", i % 24 ? "" : "\n\t", bytes[i]);
	buf_puts(s->out, "\n};\n\n");
}

/* The engine's part, once for each of the two. $ stands for the module's name. */
static const char engine[] =
	"#ifdef SKEL_LIBIOV\n"
	"#include <iov/iov.h>\n"
	"struct $ { struct iov_module *module; struct iov_sink *sink; };\n"
	"typedef struct iov_map *$_map;\n"
	"static inline struct $ *$_open(void)\n"
	"{\n"
	"\tstruct $ *s = (struct $ *)calloc(1, sizeof(*s));\n"
	"\n"
	"\tif (!s || !(s->sink = iov_sink_new(NULL)) ||\n"
	"\t    iov_module_open($_object, sizeof($_object), \"$\", NULL, s->sink, &s->module)) {\n"
	"\t\tif (s)\n"
	"\t\t\tiov_sink_free(s->sink);\n"
	"\t\tfree(s);\n"
	"\t\treturn NULL;\n"
	"\t}\n"
	"\treturn s;\n"
	"}\n"
	"static inline int $_set(struct $ *s, const char *section, size_t offset, const char *name, const void *bytes, "
	"size_t size)\n"
	"{\n"
	"\t(void)section, (void)offset;\n"
	"\treturn iov_module_set_bytes(s->module, name, bytes, size, s->sink) ? -EINVAL : 0;\n"
	"}\n"
	"static inline int $_load(struct $ *s) { return iov_module_load(s->module, NULL, s->sink) ? -EINVAL : 0; }\n"
	"static inline void $_close(struct $ *s)\n"
	"{\n"
	"\tif (!s)\n"
	"\t\treturn;\n"
	"\tiov_module_close(s->module);\n"
	"\tiov_sink_free(s->sink);\n"
	"\tfree(s);\n"
	"}\n"
	"static inline $_map $_find(struct $ *s, const char *map) { return iov_module_map(s->module, map); }\n"
	"static inline int $_get($_map map, const void *key, void *value) { return iov_map_lookup(map, key, value); }\n"
	"static inline int $_put($_map map, const void *key, const void *value, uint64_t flags)\n"
	"{\n"
	"\treturn iov_map_update(map, key, value, flags);\n"
	"}\n"
	"static inline int $_remove($_map map, const void *key) { return iov_map_delete(map, key); }\n"
	"static inline int $_next($_map map, const void *key, void *next) { return iov_map_next_key(map, key, next); "
	"}\n"
	"static inline unsigned $_cpus($_map map)\n"
	"{\n"
	"\tstruct iov_map_info info;\n"
	"\n"
	"\tiov_map_info(map, &info);\n"
	"\treturn info.cpus;\n"
	"}\n"
	"#else\n"
	"#include <bpf/bpf.h>\n"
	"#include <bpf/libbpf.h>\n"
	"struct $ { struct bpf_object *object; };\n"
	"typedef struct bpf_map *$_map;\n"
	"static inline struct $ *$_open(void)\n"
	"{\n"
	"\tstruct $ *s = (struct $ *)calloc(1, sizeof(*s));\n"
	"\tLIBBPF_OPTS(bpf_object_open_opts, options, .object_name = \"$\");\n"
	"\n"
	"\tif (s && !(s->object = bpf_object__open_mem($_object, sizeof($_object), &options))) {\n"
	"\t\tfree(s);\n"
	"\t\ts = NULL;\n"
	"\t}\n"
	"\treturn s;\n"
	"}\n"
	"static inline struct bpf_map *$_find(struct $ *s, const char *name)\n"
	"{\n"
	"\tstruct bpf_map *map;\n"
	"\tsize_t len = strlen(name);\n"
	"\n"
	"\t/* libbpf puts the object's name in front of data sections. */\n"
	"\tbpf_object__for_each_map(map, s->object) {\n"
	"\t\tconst char *have = bpf_map__name(map);\n"
	"\t\tsize_t all = strlen(have);\n"
	"\n"
	"\t\tif (!strcmp(have, name) || (*name == '.' && all > len && !strcmp(have + all - len, name)))\n"
	"\t\t\treturn map;\n"
	"\t}\n"
	"\treturn NULL;\n"
	"}\n"
	"static inline int $_set(struct $ *s, const char *section, size_t offset, const char *name, const void *bytes, "
	"size_t size)\n"
	"{\n"
	"\tstruct bpf_map *map = $_find(s, section);\n"
	"\tsize_t room = 0;\n"
	"\tchar *at = map ? (char *)bpf_map__initial_value(map, &room) : NULL;\n"
	"\n"
	"\t(void)name;\n"
	"\tif (!at || offset + size > room)\n"
	"\t\treturn -EINVAL;\n"
	"\tmemcpy(at + offset, bytes, size);\n"
	"\treturn 0;\n"
	"}\n"
	"static inline int $_load(struct $ *s) { return bpf_object__load(s->object); }\n"
	"static inline void $_close(struct $ *s)\n"
	"{\n"
	"\tif (s)\n"
	"\t\tbpf_object__close(s->object);\n"
	"\tfree(s);\n"
	"}\n"
	"static inline int $_get($_map map, const void *key, void *value)\n"
	"{\n"
	"\treturn bpf_map_lookup_elem(bpf_map__fd(map), key, value);\n"
	"}\n"
	"static inline int $_put($_map map, const void *key, const void *value, uint64_t flags)\n"
	"{\n"
	"\treturn bpf_map_update_elem(bpf_map__fd(map), key, value, flags);\n"
	"}\n"
	"static inline int $_remove($_map map, const void *key) { return bpf_map_delete_elem(bpf_map__fd(map), key); "
	"}\n"
	"static inline int $_next($_map map, const void *key, void *next) { return "
	"bpf_map_get_next_key(bpf_map__fd(map), key, next); }\n"
	"static inline unsigned $_cpus($_map map)\n"
	"{\n"
	"\tint cpus = libbpf_num_possible_cpus();\n"
	"\n"
	"\t(void)map;\n"
	"\treturn cpus > 0 ? (unsigned)cpus : 0;\n"
	"}\n"
	"#endif\n\n";

static const char map_handle[] = "static inline $_map $_map_%(struct $ *s) { return $_find(s, \"@\"); }\n";

static const char map_access[] =
	"static inline int $_%_lookup(struct $ *s, const $_%_key *key, $_%_value *value)\n"
	"{\n"
	"\treturn $_get($_map_%(s), key, value);\n"
	"}\n"
	"static inline int $_%_update(struct $ *s, const $_%_key *key, const $_%_value *value, uint64_t flags)\n"
	"{\n"
	"\treturn $_put($_map_%(s), key, value, flags);\n"
	"}\n";

static const char slot_access[] =
	"/* A value for each CPU: $_cpus($_map_%(s)) slots. */\n"
	"static inline int $_%_lookup(struct $ *s, const $_%_key *key, $_%_slot *slots)\n"
	"{\n"
	"\treturn $_get($_map_%(s), key, slots);\n"
	"}\n"
	"static inline int $_%_update(struct $ *s, const $_%_key *key, const $_%_slot *slots, uint64_t flags)\n"
	"{\n"
	"\treturn $_put($_map_%(s), key, slots, flags);\n"
	"}\n";

static const char key_access[] =
	"static inline int $_%_delete(struct $ *s, const $_%_key *key) { return $_remove($_map_%(s), key); }\n"
	"/* key NULL: the first. */\n"
	"static inline int $_%_next(struct $ *s, const $_%_key *key, $_%_key *next)\n"
	"{\n"
	"\treturn $_next($_map_%(s), key, next);\n"
	"}\n\n";

static const char section_access[] = "static inline int $_%_read(struct $ *s, struct $_section_% *value)\n"
				     "{\n"
				     "\tuint32_t key = 0;\n"
				     "\n"
				     "\treturn $_get($_find(s, \".@\"), &key, value);\n"
				     "}\n"
				     "static inline int $_%_write(struct $ *s, const struct $_section_% *value)\n"
				     "{\n"
				     "\tuint32_t key = 0;\n"
				     "\n"
				     "\treturn $_put($_find(s, \".@\"), &key, value, 0);\n"
				     "}\n\n";

static const char prog_access[] =
	"#ifdef SKEL_LIBIOV\n"
	"static inline struct iov_program *$_program_%(struct $ *s) { return iov_module_program(s->module, \"@\"); }\n"
	"#else\n"
	"static inline struct bpf_program *$_program_%(struct $ *s)\n"
	"{\n"
	"\treturn bpf_object__find_program_by_name(s->object, \"@\");\n"
	"}\n"
	"#endif\n";

/* What a type holds needs no check. */
static int64_t type_least(enum iov_param_type type)
{
	bool is_signed = type >= IOV_TYPE_S8 && type <= IOV_TYPE_S64;

	return is_signed ? -(1ll << (8 * module_type_size(type) - 2)) * 2 : 0;
}

static uint64_t type_most(enum iov_param_type type)
{
	bool is_signed = type >= IOV_TYPE_S8 && type <= IOV_TYPE_S64;

	return UINT64_MAX >> (64 - 8 * module_type_size(type) + is_signed);
}

/* A parameter's setter takes the value as the host has it. */
static void setter(struct skeleton *s, const struct iov_module_param *p)
{
	static const char *const host[] = {"uint8_t", "uint16_t", "uint32_t", "uint64_t", "int8_t",   "int16_t",
					   "int32_t", "int64_t",  "uint16_t", "uint32_t", "uint64_t", "bool"};
	const char *section = s->obj->sections[p->section].name, *name = identifier(s, p->name);
	unsigned long long at = p->offset;

	if (p->description) {
		buf_puts(s->out, "/* ");
		comment(s, p->description);
		buf_puts(s->out, p->unit ? " (" : "");
		comment(s, p->unit ? p->unit : "");
		buf_puts(s->out, p->unit ? "). Before loading. */\n" : ". Before loading. */\n");
	}
	if (p->type <= IOV_TYPE_BOOL) {
		const char *wide = p->type >= IOV_TYPE_S8 && p->type <= IOV_TYPE_S64 ? "(int64_t)" : "(uint64_t)";
		bool big = s->obj->big_endian || (p->type >= IOV_TYPE_BE16 && p->type <= IOV_TYPE_BE64);

		buf_printf(s->out,
			   "static inline int %s_set_%s(struct %s *s, %s value)\n{\n\tunsigned char raw[%u];\n\n",
			   s->name, name, s->name, host[p->type], p->size);
		if (p->has_min && p->min > type_least(p->type))
			buf_printf(s->out, "\tif (%svalue < %lld)\n\t\treturn -ERANGE;\n", wide, (long long)p->min);
		if (p->has_max && (uint64_t)p->max < type_most(p->type))
			buf_printf(s->out, "\tif (%svalue > %lld)\n\t\treturn -ERANGE;\n", wide, (long long)p->max);
		for (uint32_t i = 0; i < p->size; i++)
			buf_printf(s->out, "\traw[%u] = (unsigned char)((uint64_t)value >> %u);\n",
				   big ? p->size - 1 - i : i, 8 * i);
		buf_printf(s->out, "\treturn %s_set(s, \"%s\", %llu, \"%s\", raw, sizeof(raw));\n}\n", s->name, section,
			   at, p->name);
		return;
	}
	if (p->type == IOV_TYPE_STRING) {
		buf_printf(s->out,
			   "static inline int %s_set_%s(struct %s *s, const char *value)\n{\n\tchar raw[%u] = {0};\n\n"
			   "\tif (strlen(value) >= sizeof(raw))\n\t\treturn -ERANGE;\n\tmemcpy(raw, value, "
			   "strlen(value));\n",
			   s->name, name, s->name, p->size);
		buf_printf(s->out, "\treturn %s_set(s, \"%s\", %llu, \"%s\", raw, sizeof(raw));\n}\n", s->name, section,
			   at, p->name);
		return;
	}
	buf_printf(s->out,
		   "/* %u bytes in network order. */\nstatic inline int %s_set_%s(struct %s *s, const void *value)\n{\n"
		   "\treturn %s_set(s, \"%s\", %llu, \"%s\", value, %u);\n}\n",
		   p->size, s->name, name, s->name, s->name, section, at, p->name, p->size);
}

static void enumeration(struct skeleton *s, const struct iov_module_param *p)
{
	expand(s, "enum $_param_% {\n", p->name);
	for (uint32_t i = 0; i < p->values->count; i++) {
		buf_printf(s->out, "\t%s_", s->name);
		c_types_name(s->out, p->name);
		buf_printf(s->out, "_%s = %s,\n", identifier(s, p->values->keys[i]->text), p->values->items[i]->text);
	}
	buf_puts(s->out, "};\n");
}

static void access_map(struct skeleton *s, const struct iov_map_def *map)
{
	if (map->origin == IOV_MAP_USER) {
		expand(s, map_handle, map->name);
		if (has_types(map)) {
			expand(s, is_per_cpu(map) ? slot_access : map_access, map->name);
			expand(s, key_access, map->name);
		}
	} else if (is_section(s, map) && map->origin != IOV_MAP_RODATA) {
		expand(s, section_access, map->name + 1);
	}
}

static void access_all(struct skeleton *s)
{
	for (uint32_t i = 0; i < s->obj->map_count; i++)
		access_map(s, s->obj->maps[i]);
	for (uint32_t i = 0; s->m && i < s->m->param_count; i++) {
		if (s->m->params[i].values)
			enumeration(s, &s->m->params[i]);
		setter(s, &s->m->params[i]);
	}
	buf_putc(s->out, '\n');
	for (uint32_t i = 0; i < s->obj->prog_count; i++)
		expand(s, prog_access, s->obj->progs[i].name);
}

static enum iov_status start(struct skeleton *s, const char *name, const char *what)
{
	s->name = identifier(s, name);
	buf_printf(s->out, "/* Made by iovld from module %s: %s. */\n#ifndef %s_%s_H\n#define %s_%s_H\n\n", s->name,
		   what, s->name, what, s->name, what);
	return c_types_init(&s->types, s->obj->btf, s->name, s->arena, s->out);
}

/* Types of keys, values and events. One program may include the header of types and the skeleton. */
static void shared_types(struct skeleton *s)
{
	buf_printf(s->out, "#ifndef %s_types_TOLD\n#define %s_types_TOLD\n", s->name, s->name);
	all_types(s);
	map_types(s);
	buf_puts(s->out, "#endif\n\n");
}

enum iov_status skeleton_types(const struct iov_object *obj, const struct iov_module_desc *m, const char *name,
			       struct iov_arena *arena, struct iov_buf *out)
{
	struct skeleton s = {.obj = obj, .m = m, .arena = arena, .out = out};
	enum iov_status status = start(&s, name, "types");

	if (status)
		return status;
	buf_puts(out, "#include <assert.h>\n#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n");
	shared_types(&s);
	buf_puts(out, "#endif\n");
	return out->failed ? IOV_NOMEM : IOV_OK;
}

enum iov_status skeleton_print(const struct iov_object *obj, const void *bytes, size_t len,
			       const struct iov_module_desc *m, const char *name, struct iov_arena *arena,
			       struct iov_buf *out)
{
	struct skeleton s = {.obj = obj, .m = m, .arena = arena, .out = out};
	enum iov_status status = start(&s, name, "skeleton");

	if (status)
		return status;
	buf_puts(out, "#include <assert.h>\n#include <errno.h>\n#include <stdbool.h>\n"
		      "#include <stddef.h>\n#include <stdint.h>\n#include <stdlib.h>\n#include <string.h>\n\n");
	shared_types(&s);
	for (uint32_t i = 0; i < obj->map_count; i++)
		if (is_section(&s, obj->maps[i]))
			section_struct(&s, obj->maps[i], identifier(&s, obj->maps[i]->name + 1));
	bytes_of(&s, bytes, len);
	expand(&s, engine, "");
	access_all(&s);
	buf_puts(out, "\n#endif\n");
	return out->failed ? IOV_NOMEM : IOV_OK;
}
