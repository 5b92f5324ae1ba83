/* SPDX-License-Identifier: Apache-2.0 */
/* What a header made of BTF must hold to.
 *
 *	layout --asserts BTF		C that asserts size and offset of every member of every named struct of the BTF
 *	layout --compare BTF OBJECT	the named structs of both, member by member, bit-fields too: prints differences
 *
 * Names are those of the first type of each name, as the header has it. */
#include "asm/base/output.h"
#include "linker/object/object.h"
#include "linker/object/target.h"

#include <linux/btf.h>
#include <stdio.h>
#include <string.h>

static const char *keyword(const struct iov_btf_type *t)
{
	return t->kind == BTF_KIND_STRUCT ? "struct" : "union";
}

static bool is_composite(const struct iov_btf_type *t)
{
	return t->kind == BTF_KIND_STRUCT || t->kind == BTF_KIND_UNION;
}

/* The first of this name, whatever its kind: another is NAME___2. */
static bool is_first(const struct iov_btf *btf, uint32_t id)
{
	const struct iov_btf_type *t = &btf->types[id];

	for (uint32_t kind = 1; kind < 20; kind++) {
		uint32_t other = btf_find(btf, t->name, (uint8_t)kind);
		bool tag = kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION || kind == BTF_KIND_ENUM || kind == 19;

		if (tag && other && other < id)
			return false;
	}
	return true;
}

static void assert_members(const struct iov_btf *btf, const struct iov_btf_type *whole, const struct iov_btf_type *t,
			   uint32_t base, unsigned depth)
{
	for (uint32_t i = 0; i < t->count && depth < 20; i++) {
		const struct iov_btf_member *m = &t->members[i];
		const struct iov_btf_type *of = btf_type(btf, btf_strip(btf, m->type));

		if (!*m->name && is_composite(of)) {
			assert_members(btf, whole, of, base + m->bit_offset / 8, depth + 1);
		} else if (*m->name && !m->bit_size) {
			printf("_Static_assert(__builtin_offsetof(%s %s, %s) == %u, \"\");\n", keyword(whole),
			       whole->name, m->name, base + m->bit_offset / 8);
			if (btf_size(btf, m->type) > 0)
				printf("_Static_assert(sizeof(((%s %s *)0)->%s) == %lld, \"\");\n", keyword(whole),
				       whole->name, m->name, (long long)btf_size(btf, m->type));
		}
	}
}

static int print_asserts(const struct iov_btf *btf)
{
	for (uint32_t id = 1; id < btf->count; id++) {
		const struct iov_btf_type *t = &btf->types[id];

		if (!is_composite(t) || !*t->name || !is_first(btf, id))
			continue;
		printf("_Static_assert(sizeof(%s %s) == %u, \"\");\n", keyword(t), t->name, t->size);
		assert_members(btf, t, t, 0, 0);
	}
	return 0;
}

/* Whether two structs are the same; anonymous members are compared in place. */
static bool same(const struct iov_btf *a, const struct iov_btf_type *x, const struct iov_btf *b,
		 const struct iov_btf_type *y, unsigned depth)
{
	uint32_t j = 0;

	if (x->kind != y->kind || x->size != y->size || depth > 20)
		return false;
	for (uint32_t i = 0; i < x->count; i++, j++) {
		const struct iov_btf_member *m = &x->members[i], *n = &y->members[j];
		const struct iov_btf_type *of = btf_type(a, btf_strip(a, m->type));

		if (j >= y->count || strcmp(m->name, n->name) != 0 || m->bit_offset != n->bit_offset ||
		    m->bit_size != n->bit_size || btf_size(a, m->type) != btf_size(b, n->type))
			return false;
		if (!*m->name && is_composite(of) && !same(a, of, b, btf_type(b, btf_strip(b, n->type)), depth + 1))
			return false;
	}
	return j == y->count || !strcmp(y->members[j].name, "__size");
}

static int compare(const struct iov_btf *a, const struct iov_btf *b)
{
	unsigned count = 0, fields = 0;
	int status = 0;

	for (uint32_t id = 1; id < b->count; id++) {
		const struct iov_btf_type *y = &b->types[id];
		uint32_t other = is_composite(y) && *y->name && y->count ? btf_find(a, y->name, y->kind) : 0;

		if (!other)
			continue;
		count++;
		for (uint32_t i = 0; i < y->count; i++)
			fields += y->members[i].bit_size != 0;
		if (!same(a, &a->types[other], b, y, 0)) {
			printf("differs: %s %s\n", keyword(y), y->name);
			status = 1;
		}
	}
	printf("%u structs, %u bit-fields\n", count, fields);
	return status || count < 100 || fields < 50;
}

int main(int argc, char **argv)
{
	struct iov_arena arena;
	struct iov_sink sink;
	struct iov_btf *a, *b;

	arena_init(&arena, NULL);
	sink_init(&sink, NULL);
	if (argc == 3 && !strcmp(argv[1], "--asserts") && target_read(argv[2], &arena, &sink, &a) == IOV_OK)
		return print_asserts(a);
	if (argc == 4 && !strcmp(argv[1], "--compare") && target_read(argv[2], &arena, &sink, &a) == IOV_OK &&
	    target_read(argv[3], &arena, &sink, &b) == IOV_OK)
		return compare(a, b);
	fprintf(stderr, "usage: layout --asserts BTF | --compare BTF OBJECT\n");
	return 2;
}
