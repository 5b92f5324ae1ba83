/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: programs and maps as text. */
#include "asm/dump_part.h"

#include <inttypes.h>
#include <string.h>

enum { MAX_HELPERS = 512, MAX_DEFINED = 64 };

void dump_map_type(const struct iov_map_def *map, struct iov_buf *out)
{
	const struct iov_map_type *type = catalogue_map_type(map->type);

	if (type)
		buf_puts(out, type->name);
	else
		buf_printf(out, "type %u", map->type);
}

const char *dump_map_flag(unsigned bit)
{
	static const char *const names[] = {
		"no_prealloc",      "no_common_lru",  "numa_node",     "rdonly",       "wronly",
		"stack_build_id",   "zero_seed",      "rdonly_prog",   "wronly_prog",  "clone",
		"mmapable",         "preserve_elems", "inner_map",     "link",         "path_fd",
		"vtype_btf_obj_fd", "token_fd",       "segv_on_fault", "no_user_conv",
	};

	return bit < sizeof(names) / sizeof(*names) ? names[bit] : NULL;
}

static void print_flags(uint32_t flags, struct iov_buf *out)
{
	buf_puts(out, "  flags    ");
	for (unsigned bit = 0; bit < 32; bit++) {
		if (!(flags >> bit & 1))
			continue;
		if (dump_map_flag(bit))
			buf_puts(out, dump_map_flag(bit));
		else
			buf_printf(out, "0x%x", 1u << bit);
		if (flags >> bit >> 1)
			buf_putc(out, ' ');
	}
	buf_putc(out, '\n');
}

static void print_side(const struct iov_object *obj, const char *what, uint32_t size, uint32_t type,
		       struct iov_buf *out)
{
	if (!size && !type)
		return;
	buf_printf(out, "  %-8s %u byte%s", what, size, size == 1 ? "" : "s");
	if (type && btf_type(obj->btf, type)->kind != BTF_KIND_DATASEC) { /* its variables are listed below */
		buf_puts(out, "  ");
		btf_declare(obj->btf, type, "", out);
	}
	buf_putc(out, '\n');
}

static void print_variables(const struct iov_object *obj, const struct iov_map_def *map, struct iov_buf *out)
{
	const struct iov_btf_type *t = btf_type(obj->btf, map->value_btf);

	for (uint32_t i = 0; t && t->kind == BTF_KIND_DATASEC && i < t->count; i++) {
		const struct iov_btf_member *m = &t->members[i];
		const struct iov_btf_type *var = btf_type(obj->btf, m->type);

		buf_printf(out, "  %8u ", m->offset);
		btf_declare(obj->btf, var->type, var->name, out);
		if (map->init && m->offset <= map->value_size && m->size <= map->value_size - m->offset) {
			buf_puts(out, " = ");
			btf_print_value(obj->btf, var->type, map->init + m->offset, m->size, obj->big_endian, false,
					out);
		}
		buf_putc(out, '\n');
	}
}

static void print_map(const struct iov_object *obj, const struct iov_map_def *map, struct iov_buf *out)
{
	buf_puts(out, "\nmap ");
	dump_name(out, map->name);
	buf_puts(out, ": ");
	dump_map_type(map, out);
	buf_putc(out, '\n');
	print_side(obj, "key", map->key_size, map->key_btf, out);
	print_side(obj, "value", map->value_size, map->value_btf, out);
	buf_printf(out, "  entries  %u\n", map->max_entries);
	if (map->flags)
		print_flags(map->flags, out);
	if (map->extra)
		buf_printf(out, "  extra    0x%" PRIx64 "\n", map->extra);
	if (map->pinning)
		buf_puts(out, "  pinning  by name\n");
	if (map->numa_node)
		buf_printf(out, "  node     %u\n", map->numa_node);
	for (uint32_t i = 0; i < map->slot_count; i++) {
		buf_printf(out, "  [%u]      ", map->slots[i].index);
		dump_name(out, map->slots[i].name);
		buf_putc(out, '\n');
	}
	if (map->inner) {
		buf_puts(out, "  inner    ");
		dump_map_type(map->inner, out);
		buf_printf(out, ", key %u, value %u bytes, %u entries\n", map->inner->key_size, map->inner->value_size,
			   map->inner->max_entries);
	}
	print_variables(obj, map, out);
}

static bool is_enum(const struct iov_btf_type *t) { return t->kind == BTF_KIND_ENUM || t->kind == BTF_KIND_ENUM64; }

/* The struct, union or enumeration at the bottom of a type, or 0. */
static uint32_t definable(const struct iov_btf *btf, uint32_t id)
{
	const struct iov_btf_type *t = btf_type(btf, id = btf_strip(btf, id));

	while (t && t->kind == BTF_KIND_ARRAY) {
		id = btf_strip(btf, t->type);
		t = btf_type(btf, id);
	}
	if (!t || !*t->name)
		return 0;
	return t->kind == BTF_KIND_STRUCT || t->kind == BTF_KIND_UNION || is_enum(t) ? id : 0;
}

/* The definitions that keys and values need, each once, those inside them after them. */
static void print_definitions(const struct iov_object *obj, struct iov_buf *out)
{
	uint32_t todo[MAX_DEFINED], n = 0;

	for (uint32_t i = 0; i < obj->map_count; i++)
		for (int side = 0; side < 2; side++) {
			uint32_t id = definable(obj->btf, side ? obj->maps[i]->value_btf : obj->maps[i]->key_btf);
			bool known = !id || n == MAX_DEFINED;

			for (uint32_t j = 0; j < n; j++)
				known |= todo[j] == id;
			if (!known)
				todo[n++] = id;
		}
	for (uint32_t i = 0; i < n; i++) {
		const struct iov_btf_type *t = btf_type(obj->btf, todo[i]);

		buf_putc(out, '\n');
		btf_define(obj->btf, todo[i], out);
		for (uint32_t m = 0; !is_enum(t) && m < t->count; m++) {
			uint32_t id = definable(obj->btf, t->members[m].type);
			bool known = !id || n == MAX_DEFINED;

			for (uint32_t j = 0; j < n; j++)
				known |= todo[j] == id;
			if (!known)
				todo[n++] = id;
		}
	}
}

void dump_maps(const struct iov_object *obj, struct iov_arena *arena, struct iov_buf *out)
{
	(void)arena;
	for (uint32_t i = 0; i < obj->map_count; i++)
		print_map(obj, obj->maps[i], out);
	if (obj->btf)
		print_definitions(obj, out);
}

static void print_program(const struct iov_object_prog *p, const struct iov_prog *prog, struct iov_buf *out)
{
	const struct iov_prog_type *type = catalogue_prog_type(p->type);
	int32_t ids[MAX_HELPERS + 1];
	uint32_t n;

	buf_puts(out, "\nprogram ");
	dump_name(out, p->name);
	buf_printf(out, ": %s\n  section  ", p->type && type ? type->name : "no type");
	dump_name(out, p->section);
	buf_puts(out, p->autoload ? "\n" : " (not loaded by default)\n");
	if (!prog)
		return;
	buf_printf(out, "  size     %u instructions", prog->count);
	if (prog->sub_count > 1)
		buf_printf(out, " in %u functions", prog->sub_count);
	n = dump_helpers(prog, ids, MAX_HELPERS);
	for (uint32_t i = 0; i < n; i++) {
		const struct iov_helper *h = catalogue_helper((uint32_t)ids[i]);

		if (h)
			buf_printf(out, "%sbpf_%s", i ? " " : "\n  helpers  ", h->name);
		else
			buf_printf(out, "%s#%d", i ? " " : "\n  helpers  ", ids[i]);
	}
	for (uint32_t i = 0; i < prog->extern_count; i++) {
		buf_puts(out, i ? " " : "\n  externs  ");
		dump_name(out, prog->externs[i].name);
	}
	for (uint32_t i = 0; i < prog->map_count; i++) {
		buf_puts(out, i ? " " : "\n  maps     ");
		dump_name(out, prog->maps[i]->name);
	}
	buf_putc(out, '\n');
}

void dump_programs(const struct iov_object *obj, struct iov_prog *const *progs, const struct iov_dump_options *options,
		   struct iov_buf *out)
{
	buf_printf(out, "eBPF object, %s-endian, licence ", obj->big_endian ? "big" : "little");
	dump_name(out, *obj->license ? obj->license : "not given");
	buf_putc(out, '\n');
	for (uint32_t i = 0; i < obj->prog_count; i++)
		if (dump_wants(options, obj->progs[i].name))
			print_program(&obj->progs[i], progs[i], out);
}
