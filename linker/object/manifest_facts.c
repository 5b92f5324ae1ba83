/* SPDX-License-Identifier: Apache-2.0 */
/* Facts about programs: digests of code and of map layouts, and what the verifier found as a record. */
#include "linker/object/manifest_part.h"

#include <string.h>

static void add_map(struct iov_sha256 *s, const struct iov_map_def *map)
{
	uint64_t numbers[] = {map->type,  map->key_size, map->value_size, map->max_entries,
			      map->flags, map->extra,    map->origin,     map->inner != NULL};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		sha256_add_u64(s, numbers[i]);
	if (map->origin == IOV_MAP_RODATA && map->init)
		sha256_add(s, map->init, map->value_size);
}

static void add_prog(struct iov_sha256 *s, const struct iov_prog *p)
{
	sha256_add_text(s, "iov code 1");
	sha256_add_u64(s, p->big_endian);
	sha256_add_u64(s, p->count);
	for (uint32_t i = 0; i < p->count; i++) {
		uint8_t bytes[8];

		isa_encode(&p->insns[i], false, bytes);
		sha256_add(s, bytes, sizeof(bytes));
	}
	sha256_add_u64(s, p->sub_count);
	for (uint32_t i = 0; i < p->sub_count; i++)
		sha256_add_u64(s, p->subs[i].start);
	sha256_add_u64(s, p->map_count);
	for (uint32_t i = 0; i < p->map_count; i++) {
		sha256_add_text(s, p->maps[i]->name);
		for (const struct iov_map_def *map = p->maps[i]; map; map = map->inner)
			add_map(s, map);
	}
	sha256_add_u64(s, p->extern_count);
	for (uint32_t i = 0; i < p->extern_count; i++)
		sha256_add_text(s, p->externs[i].name);
}

enum iov_status manifest_code_digest(const struct iov_object *obj, uint32_t index, struct iov_arena *arena,
				     struct iov_sink *sink, uint8_t out[IOV_SHA256_BYTES])
{
	struct iov_sha256 s;
	struct iov_prog *prog;
	enum iov_status status = object_show(obj, obj->progs[index].func, arena, sink, &prog);

	if (status)
		return status;
	sha256_init(&s);
	add_prog(&s, prog);
	sha256_end(&s, out);
	return IOV_OK;
}

/* Types as C. What stands in a key or value is defined too, each type once, down to the last member; what a pointer
 * leads to is not the map's. */
struct layout {
	const struct iov_btf *btf;
	struct iov_buf text;
	uint8_t *told; /* by type id; NULL until something nests */
};

static void define(struct layout *l, uint32_t type);

static void define_member(struct layout *l, uint32_t type)
{
	const struct iov_btf_type *t = btf_type(l->btf, btf_strip(l->btf, type));

	while (t && t->kind == BTF_KIND_ARRAY)
		t = btf_type(l->btf, type = btf_strip(l->btf, t->type));
	type = btf_strip(l->btf, type);
	if (!t || (t->kind != BTF_KIND_STRUCT && t->kind != BTF_KIND_UNION))
		return;
	if (!l->told)
		l->told = alloc_zeroed(l->text.alloc, l->btf->count, 1);
	if (!l->told)
		l->text.failed = true;
	else if (!l->told[type]++)
		define(l, type);
}

static void define(struct layout *l, uint32_t type)
{
	const struct iov_btf_type *t = btf_type(l->btf, type);

	btf_define(l->btf, type, &l->text);
	if (t && t->kind == BTF_KIND_ARRAY)
		define_member(l, type);
	if (t && (t->kind == BTF_KIND_STRUCT || t->kind == BTF_KIND_UNION))
		for (uint32_t i = 0; i < t->count; i++)
			define_member(l, t->members[i].type);
}

static void add_type(struct iov_sha256 *s, const struct iov_object *obj, uint32_t type, struct layout *l)
{
	l->text.len = 0;
	if (type && obj->btf) {
		btf_declare(obj->btf, type, "", &l->text);
		define(l, btf_strip(obj->btf, type));
	}
	if (l->told)
		memset(l->told, 0, obj->btf->count);
	sha256_add_u64(s, l->text.len);
	sha256_add(s, l->text.data, l->text.len);
}

enum iov_status manifest_map_digest(const struct iov_object *obj, const struct iov_map_def *map,
				    uint8_t out[IOV_SHA256_BYTES])
{
	struct layout layout = {.btf = obj->btf};
	struct iov_sha256 s;
	enum iov_status status;

	buf_init(&layout.text, obj->arena->alloc);
	sha256_init(&s);
	sha256_add_text(&s, "iov map 1");
	for (const struct iov_map_def *m = map; m; m = m->inner) {
		uint64_t numbers[] = {m->type, m->key_size, m->value_size, m->max_entries, m->flags, m->extra};

		for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
			sha256_add_u64(&s, numbers[i]);
		add_type(&s, obj, m->key_btf, &layout);
		add_type(&s, obj, m->value_btf, &layout);
	}
	sha256_end(&s, out);
	status = layout.text.failed ? IOV_NOMEM : IOV_OK;
	if (layout.told)
		alloc_free(obj->arena->alloc, layout.told, obj->btf->count);
	buf_free(&layout.text);
	return status;
}

static uint32_t isa_level(const struct iov_prog *p)
{
	uint32_t level = 1;

	for (uint32_t i = 0; i < p->count; i += isa_is_wide(&p->insns[i]) ? 2 : 1) {
		const struct iov_isa_row *row = isa_find(&p->insns[i]);

		if (row && row->cpu > level)
			level = row->cpu;
	}
	return level;
}

static enum iov_status cost_calls(const struct iov_facts *proved, struct iov_arena *arena,
				  struct iov_record_facts *out)
{
	struct iov_record_call *calls = arena_array(arena, proved->call_count, sizeof(*calls));

	if (!calls)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < proved->call_count; i++)
		calls[i] = (struct iov_record_call){.name = proved->calls[i].name,
						    .id = proved->calls[i].kfunc ? 0 : proved->calls[i].id,
						    .most = proved->calls[i].most};
	out->calls = calls;
	out->call_count = proved->call_count;
	return IOV_OK;
}

enum iov_status manifest_cost(const struct iov_prog *prog, const struct iov_facts *proved, struct iov_arena *arena,
			      struct iov_record_facts *out)
{
	struct iov_record_map *maps = arena_array(arena, prog->map_count, sizeof(*maps));

	if (!maps)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < prog->map_count; i++)
		maps[i].name = prog->maps[i]->name;
	*out = (struct iov_record_facts){.program = prog->name,
					 .section = prog->section,
					 .type = prog->type,
					 .attach_type = prog->attach_type,
					 .isa = isa_level(prog),
					 .slots = prog->count,
					 .worst_insns = proved->worst_insns,
					 .stack = proved->stack,
					 .frames = proved->frames,
					 .map_bytes = proved->map_bytes,
					 .maps = maps,
					 .map_count = prog->map_count};
	return cost_calls(proved, arena, out);
}

enum iov_status manifest_facts(const struct iov_object *obj, uint32_t index, const struct iov_prog *prog,
			       const struct iov_facts *proved, struct iov_arena *arena, struct iov_sink *sink,
			       struct iov_record_facts *out)
{
	enum iov_status status = manifest_cost(prog, proved, arena, out);

	for (uint32_t i = 0; !status && i < prog->map_count; i++)
		status = manifest_map_digest(obj, prog->maps[i], ((struct iov_record_map *)out->maps)[i].layout);
	if (!status)
		status = manifest_code_digest(obj, index, arena, sink, out->code);
	out->current = !status;
	return status;
}
