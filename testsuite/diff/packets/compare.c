/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: putting two runs side by side. Values are printed in their BTF types, so that a difference reads as C. */
#include "packets.h"

#include <bpf/btf.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN 10 /* differences printed for one comparison */

/* --- Walking the fields of a BTF type. */

typedef void leaf_fn(const char *name, uint32_t off, uint32_t size, void *ud);

static const char LIST_HEAD[] = "bpf_list_head";

static void walk(const struct btf *btf, uint32_t type, const char *name, uint32_t off, leaf_fn *leaf, void *ud);

static void walk_members(const struct btf *btf, const struct btf_type *t, uint32_t off, leaf_fn *leaf, void *ud)
{
	const struct btf_member *m = btf_members(t);

	for (int i = 0; i < btf_vlen(t); i++, m++)
		if (!btf_member_bitfield_size(t, i))
			walk(btf, m->type, btf__name_by_offset(btf, m->name_off), off + btf_member_bit_offset(t, i) / 8,
			     leaf, ud);
}

static void walk_section(const struct btf *btf, const struct btf_type *t, leaf_fn *leaf, void *ud)
{
	const struct btf_var_secinfo *v = btf_var_secinfos(t);

	for (int i = 0; i < btf_vlen(t); i++, v++) {
		const struct btf_type *var = btf__type_by_id(btf, v->type);

		walk(btf, var->type, btf__name_by_offset(btf, var->name_off), v->offset, leaf, ud);
	}
}

static void walk(const struct btf *btf, uint32_t type, const char *name, uint32_t off, leaf_fn *leaf, void *ud)
{
	int id = btf ? btf__resolve_type(btf, type) : -1;
	const struct btf_type *t = id < 0 ? NULL : btf__type_by_id(btf, (uint32_t)id);

	if (!t)
		return;
	if (btf_is_composite(t) && !strcmp(btf__name_by_offset(btf, t->name_off), LIST_HEAD)) {
		leaf(LIST_HEAD, off, t->size, ud);
	} else if (btf_is_composite(t)) {
		walk_members(btf, t, off, leaf, ud);
	} else if (btf_is_datasec(t)) {
		walk_section(btf, t, leaf, ud);
	} else if (btf_is_array(t)) {
		const struct btf_array *a = btf_array(t);
		int64_t size = btf__resolve_size(btf, a->type);

		for (uint32_t i = 0; size > 0 && i < a->nelems; i++)
			walk(btf, a->type, name, off + i * (uint32_t)size, leaf, ud);
	} else {
		int64_t size = btf__resolve_size(btf, (uint32_t)id);

		leaf(name, off, size > 0 ? (uint32_t)size : 0, ud);
	}
}

/* The kernel gives an address of its own as an empty list. */
struct mask {
	uint8_t *value;
	uint32_t size;
};

static void mask_leaf(const char *name, uint32_t off, uint32_t size, void *ud)
{
	const struct mask *mask = ud;
	size_t len = name ? strlen(name) : 0;

	if (((len > 3 && !strcmp(name + len - 3, "_ns")) || (name && !strcmp(name, LIST_HEAD))) &&
	    off + size <= mask->size)
		memset(mask->value + off, 0, size);
}

void mask_times(const struct btf *btf, uint32_t type, uint8_t *value, uint32_t size)
{
	struct mask mask = {value, size};

	walk(btf, type, NULL, 0, mask_leaf, &mask);
}

struct sum {
	uint8_t *sum;
	const uint8_t *more;
	uint32_t size;
};

static void sum_leaf(const char *name, uint32_t off, uint32_t size, void *ud)
{
	const struct sum *s = ud;
	uint64_t a = 0, b = 0;

	(void)name;
	if (size > 8 || off + size > s->size)
		return;
	memcpy(&a, s->sum + off, size);
	memcpy(&b, s->more + off, size);
	a += b;
	memcpy(s->sum + off, &a, size);
}

void sum_value(const struct btf *btf, uint32_t type, uint8_t *sum, const uint8_t *more, uint32_t size)
{
	struct sum s = {sum, more, size};

	if (type)
		walk(btf, type, NULL, 0, sum_leaf, &s);
	else
		for (uint32_t off = 0; off < size; off += 8)
			sum_leaf(NULL, off, size - off < 8 ? size - off : 8, &s);
}

bool has_variable(const struct btf *btf, const char *name)
{
	return btf && btf__find_by_name_kind(btf, name, BTF_KIND_VAR) > 0;
}

uint32_t record_type(const struct btf *btf, const char *map)
{
	static const char prefix[] = "iov:record:";

	for (uint32_t id = 1; btf && id < btf__type_cnt(btf); id++) {
		const struct btf_type *tag = btf__type_by_id(btf, id), *var;
		const char *text = btf__name_by_offset(btf, tag->name_off);
		int32_t type;

		if (!btf_is_decl_tag(tag) || strncmp(text, prefix, sizeof(prefix) - 1))
			continue;
		var = btf__type_by_id(btf, tag->type);
		if (!btf_is_var(var) || strcmp(btf__name_by_offset(btf, var->name_off), map))
			continue;
		type = btf__find_by_name_kind(btf, text + sizeof(prefix) - 1, BTF_KIND_STRUCT);
		return type > 0 ? (uint32_t)type : 0;
	}
	return 0;
}

/* --- Printing. */

static void print_text(void *out, const char *format, va_list args)
{
	vfprintf(out, format, args);
}

static void print_hex(const uint8_t *data, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		fprintf(stderr, "%02x%s", data[i], i % 4 == 3 ? " " : "");
}

static void print_value(const struct btf *btf, uint32_t type, const uint8_t *data, uint32_t size)
{
	LIBBPF_OPTS(btf_dump_type_data_opts, opts, .compact = true, .skip_names = false);
	struct btf_dump *dump;

	if (!type) {
		print_hex(data, size);
		return;
	}
	dump = btf_dump__new(btf, print_text, stderr, NULL);
	if (!dump || btf_dump__dump_type_data(dump, type, data, size, &opts) < 0)
		print_hex(data, size);
	btf_dump__free(dump);
}

static void print_entry(const struct job *job, const struct map_dump *map, uint32_t i, const char *who)
{
	fprintf(stderr, "    %-8s ", who);
	if (map->key_size) {
		print_value(job->btf, map->key_btf, map->entries[i].key, map->key_size);
		fputs(" -> ", stderr);
	}
	print_value(job->btf, map->value_btf, map->entries[i].value, map->value_sizes[i]);
	fputc('\n', stderr);
}

/* --- Comparing. */

uint32_t compare_verdicts(const struct job *job, const struct trial *want, const struct trial *got,
			  const char *names[2])
{
	uint32_t differ = 0;

	for (uint32_t i = 0; i < job->frames->count; i++) {
		if (want->results[i].verdict == got->results[i].verdict)
			continue;
		if (differ++ < SHOWN)
			fprintf(stderr, "  frame %u (%u bytes): %s %d, %s %d\n", i + 1, job->frames->at[i].len,
				names[0], (int)want->results[i].verdict, names[1], (int)got->results[i].verdict);
	}
	return differ;
}

uint32_t compare_frames(const struct job *job, const struct trial *want, const struct trial *got, const char *names[2])
{
	uint32_t differ = 0;

	for (uint32_t i = 0; i < job->frames->count; i++) {
		const struct result *a = &want->results[i], *b = &got->results[i];

		if (a->len == b->len && !memcmp(a->data, b->data, a->len))
			continue;
		if (differ++ >= SHOWN)
			continue;
		fprintf(stderr, "  frame %u:\n    %-8s %4u bytes: ", i + 1, names[0], a->len);
		print_hex(a->data, a->len < 64 ? a->len : 64);
		fprintf(stderr, "\n    %-8s %4u bytes: ", names[1], b->len);
		print_hex(b->data, b->len < 64 ? b->len : 64);
		fputc('\n', stderr);
	}
	return differ;
}

static int order(const struct map_dump *a, uint32_t i, const struct map_dump *b, uint32_t j)
{
	if (i >= a->count)
		return 1;
	if (j >= b->count)
		return -1;
	return a->ring ? 0 : memcmp(a->entries[i].key, b->entries[j].key, a->key_size);
}

static bool same_value(const struct map_dump *a, uint32_t i, const struct map_dump *b, uint32_t j)
{
	return a->value_sizes[i] == b->value_sizes[j] &&
	       !memcmp(a->entries[i].value, b->entries[j].value, a->value_sizes[i]);
}

static uint32_t compare_map(const struct job *job, const struct map_dump *a, const struct map_dump *b,
			    const char *names[2])
{
	uint32_t differ = 0, i = 0, j = 0;

	if (a->count != b->count)
		fprintf(stderr, "  map %s: %s has %u entries, %s %u\n", a->name, names[0], a->count, names[1],
			b->count);
	while (i < a->count || j < b->count) {
		int c = order(a, i, b, j);

		if (!c && same_value(a, i, b, j)) {
			i++, j++;
			continue;
		}
		if (differ++ < SHOWN) {
			fprintf(stderr, "  map %s:\n", a->name);
			if (c <= 0)
				print_entry(job, a, i, names[0]);
			if (c >= 0)
				print_entry(job, b, j, names[1]);
		}
		i += c <= 0;
		j += c >= 0;
	}
	return differ;
}

/* A map that the other has not: one that no program uses may not have been made. */
static uint32_t lone_map(const struct map_dump *a, const char *name)
{
	if (a->count)
		fprintf(stderr, "  only %s has a map %s\n", name, a->name);
	return a->count != 0;
}

/* Storage of sockets has the host's keys: file descriptors there, cookies here. */
static uint32_t compare_pair(const struct job *job, const struct map_dump *a, const struct map_dump *b,
			     const char *names[2])
{
	if (a->type == BPF_MAP_TYPE_SK_STORAGE && b->type == a->type && a->value_size == b->value_size)
		return 0;
	if (a->key_size == b->key_size && a->value_size == b->value_size)
		return compare_map(job, a, b, names);
	fprintf(stderr, "  map %s (%u, %u) stands against (%u, %u)\n", a->name, a->key_size, a->value_size,
		b->key_size, b->value_size);
	return 1;
}

uint32_t compare_maps(const struct job *job, const struct trial *want, const struct trial *got, const char *names[2])
{
	uint32_t differ = 0, i = 0, j = 0;

	while (i < want->map_count || j < got->map_count) {
		const struct map_dump *a = &want->maps[i], *b = &got->maps[j];
		int c = i == want->map_count ? 1 : j == got->map_count ? -1 : strcmp(a->name, b->name);

		differ += c < 0 ? lone_map(a, names[0])
			  : c > 0 ? lone_map(b, names[1])
				  : compare_pair(job, a, b, names);
		i += c <= 0;
		j += c >= 0;
	}
	return differ;
}
