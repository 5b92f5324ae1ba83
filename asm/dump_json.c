/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: programs and maps as JSON (iov-isa(7) and the man page iovdump(1) describe the members). */
#include "asm/dump_part.h"

#include <inttypes.h>

enum { MAX_HELPERS = 512 };

static void put_key(struct iov_buf *out, const char *key, bool first)
{
	buf_printf(out, "%s\"%s\": ", first ? "" : ", ", key);
}

static void put_strings(struct iov_buf *out, const char *key, const char *(*name)(const struct iov_prog *, uint32_t),
			const struct iov_prog *prog, uint32_t count)
{
	put_key(out, key, false);
	buf_putc(out, '[');
	for (uint32_t i = 0; i < count; i++) {
		buf_puts(out, i ? ", " : "");
		text_json(out, name(prog, i));
	}
	buf_putc(out, ']');
}

static const char *sub_name(const struct iov_prog *prog, uint32_t i)
{
	return prog->subs[i].name;
}
static const char *map_name(const struct iov_prog *prog, uint32_t i)
{
	return prog->maps[i]->name;
}
static const char *extern_name(const struct iov_prog *prog, uint32_t i)
{
	return prog->externs[i].name;
}

static void put_helpers(const struct iov_prog *prog, struct iov_buf *out)
{
	int32_t ids[MAX_HELPERS + 1];
	uint32_t n = dump_helpers(prog, ids, MAX_HELPERS);

	put_key(out, "helpers", false);
	buf_putc(out, '[');
	for (uint32_t i = 0; i < n; i++) {
		const struct iov_helper *h = catalogue_helper((uint32_t)ids[i]);

		buf_printf(out, "%s{\"id\": %d, \"name\": ", i ? ", " : "", ids[i]);
		text_json(out, h ? h->name : NULL);
		buf_putc(out, '}');
	}
	buf_putc(out, ']');
}

static void put_program(const struct iov_object *obj, const struct iov_object_prog *p, const struct iov_prog *prog,
			const struct iov_dump_options *options, struct iov_arena *arena, struct iov_buf *out)
{
	const struct iov_prog_type *type = catalogue_prog_type(p->type);

	buf_puts(out, "{\"name\": ");
	text_json(out, p->name);
	put_key(out, "section", false);
	text_json(out, p->section);
	put_key(out, "type", false);
	text_json(out, p->type && type ? type->name : NULL);
	buf_printf(out, ", \"type_id\": %u, \"attach_type_id\": %u, \"autoload\": %s", p->type, p->attach_type,
		   p->autoload ? "true" : "false");
	if (prog) {
		buf_printf(out, ", \"instructions\": %u", prog->count);
		put_strings(out, "functions", sub_name, prog, prog->sub_count);
		put_strings(out, "maps", map_name, prog, prog->map_count);
		put_strings(out, "externs", extern_name, prog, prog->extern_count);
		put_helpers(prog, out);
		if (options->disassemble)
			dump_json_listing(obj, prog, options, arena, out);
	}
	buf_putc(out, '}');
}

static void put_declaration(const struct iov_object *obj, const char *key, uint32_t type, struct iov_buf *out)
{
	struct iov_buf text;

	buf_init(&text, out->alloc);
	if (type)
		btf_declare(obj->btf, type, "", &text);
	put_key(out, key, false);
	text_json(out, type ? buf_cstr(&text) : NULL);
	out->failed |= text.failed;
	buf_free(&text);
}

static void put_flags(uint32_t flags, struct iov_buf *out)
{
	bool any = false;

	buf_printf(out, ", \"map_flags\": %u, \"flags\": [", flags);
	for (unsigned bit = 0; bit < 32; bit++) {
		if (!(flags >> bit & 1) || !dump_map_flag(bit))
			continue;
		buf_printf(out, "%s\"%s\"", any ? ", " : "", dump_map_flag(bit));
		any = true;
	}
	buf_putc(out, ']');
}

static void put_variables(const struct iov_object *obj, const struct iov_map_def *map, struct iov_buf *out)
{
	const struct iov_btf_type *t = btf_type(obj->btf, map->value_btf);

	put_key(out, "variables", false);
	buf_putc(out, '[');
	for (uint32_t i = 0; i < t->count; i++) {
		const struct iov_btf_type *var = btf_type(obj->btf, t->members[i].type);

		buf_printf(out, "%s{\"name\": ", i ? ", " : "");
		text_json(out, var->name);
		buf_printf(out, ", \"offset\": %u, \"size\": %u", t->members[i].offset, t->members[i].size);
		put_declaration(obj, "type", var->type, out);
		buf_putc(out, '}');
	}
	buf_putc(out, ']');
}

static void put_map(const struct iov_object *obj, const struct iov_map_def *map, struct iov_buf *out)
{
	static const char *const origins[] = {"user", "data", "bss", "rodata", "kconfig", "struct_ops"};
	const struct iov_map_type *type = catalogue_map_type(map->type);
	const struct iov_btf_type *value = map->value_btf ? btf_type(obj->btf, map->value_btf) : NULL;
	bool section = value && value->kind == BTF_KIND_DATASEC;

	buf_puts(out, "{\"name\": ");
	text_json(out, map->name);
	put_key(out, "type", false);
	text_json(out, type ? type->name : NULL);
	buf_printf(out,
		   ", \"type_id\": %u, \"origin\": \"%s\", \"key_size\": %u, \"value_size\": %u, \"max_entries\": %u",
		   map->type, origins[map->origin], map->key_size, map->value_size, map->max_entries);
	put_flags(map->flags, out);
	buf_printf(out, ", \"map_extra\": %" PRIu64 ", \"pinning\": %u, \"numa_node\": %u", map->extra, map->pinning,
		   map->numa_node);
	put_declaration(obj, "key", map->key_btf, out);
	put_declaration(obj, "value", section ? 0 : map->value_btf, out);
	if (section)
		put_variables(obj, map, out);
	put_key(out, "values", false);
	buf_putc(out, '[');
	for (uint32_t i = 0; i < map->slot_count; i++) {
		buf_printf(out, "%s{\"index\": %u, \"name\": ", i ? ", " : "", map->slots[i].index);
		text_json(out, map->slots[i].name);
		buf_putc(out, '}');
	}
	buf_puts(out, "]");
	if (map->inner) {
		put_key(out, "inner", false);
		put_map(obj, map->inner, out);
	}
	buf_putc(out, '}');
}

struct functions {
	const struct iov_object *obj;
	const struct iov_dump_options *options;
	struct iov_arena *arena;
	struct iov_buf *out;
	bool any;
};

static void put_function(void *ud, const struct iov_prog *prog)
{
	struct functions *f = ud;

	buf_puts(f->out, f->any ? ",\n  {\"name\": " : "\n  {\"name\": ");
	text_json(f->out, prog->name);
	buf_printf(f->out, ", \"instructions\": %u", prog->count);
	dump_json_listing(f->obj, prog, f->options, f->arena, f->out);
	buf_putc(f->out, '}');
	f->any = true;
}

static void put_programs(const struct iov_object *obj, struct iov_prog *const *progs,
			 const struct iov_dump_options *options, struct iov_arena *arena, struct iov_buf *out)
{
	bool any = false;

	buf_puts(out, ",\n\"programs\": [");
	for (uint32_t i = 0; i < obj->prog_count; i++) {
		if (!dump_wants(options, obj->progs[i].name))
			continue;
		buf_puts(out, any ? ",\n  " : "\n  ");
		put_program(obj, &obj->progs[i], progs[i], options, arena, out);
		any = true;
	}
	buf_puts(out, "]");
}

enum iov_status dump_json(const struct iov_object *obj, struct iov_prog *const *progs,
			  const struct iov_manifest *manifest, const struct iov_dump_options *options,
			  struct iov_arena *arena, struct iov_sink *sink, struct iov_buf *out)
{
	struct functions functions = {obj, options, arena, out, false};
	enum iov_status status = IOV_OK;

	buf_puts(out, "{\"file\": ");
	text_json(out, obj->name);
	put_key(out, "license", false);
	text_json(out, obj->license);
	buf_printf(out, ", \"byte_order\": \"%s\"", obj->big_endian ? "big" : "little");
	if (options->programs || options->disassemble)
		put_programs(obj, progs, options, arena, out);
	if (options->disassemble) {
		buf_puts(out, ",\n\"functions\": [");
		status = dump_functions(obj, progs, options, arena, sink, put_function, &functions);
		buf_puts(out, "]");
	}
	if (options->maps) {
		buf_puts(out, ",\n\"maps\": [");
		for (uint32_t i = 0; i < obj->map_count; i++) {
			buf_puts(out, i ? ",\n  " : "\n  ");
			put_map(obj, obj->maps[i], out);
		}
		buf_puts(out, "]");
	}
	if (options->symbols)
		dump_json_symbols(obj, out);
	if (options->relocs)
		dump_json_relocs(obj, out);
	if (options->types)
		dump_json_types(obj, out);
	if (options->cost)
		dump_json_costs(obj, manifest, options, out);
	if (options->manifest) {
		buf_puts(out, ",\n\"manifest\": ");
		manifest_json(manifest, out);
	}
	buf_puts(out, "}\n");
	return status;
}
