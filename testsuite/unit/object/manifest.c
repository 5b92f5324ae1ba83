/* SPDX-License-Identifier: Apache-2.0 */
/* Records in .iov.manifest: what is written is read, damage is counted and passed over, stale facts are not current. */
#include "linker/object/manifest.h"
#include "testsuite/unit/object/helper.h"

#include <stdlib.h>
#include <string.h>

static const char source[] =
	"struct val { u32 a; u64 b; };\n"
	"struct { __uint(type, 1); __type(key, u32); __type(value, struct val); __uint(max_entries, 16); } flows "
	"SEC(\".maps\");\n"
	"static __noinline int sub(int a) { return a * 3; }\n"
	"SEC(\"xdp\") int prog(struct xdp_md *c) { u32 k = 1; struct val *v = lookup(&flows, &k); return v ? sub(v->b) "
	": 0; }"
	"\nSEC(\"xdp\") int other(struct xdp_md *c) { return 2; }\n";

static void facts_of(struct fixture *f, const char *name, struct iov_record_facts *out)
{
	static struct iov_call_cost calls[] = {{.name = "map_lookup_elem", .id = 1, .most = 3},
					       {.name = "loop", .id = 181, .most = UINT64_MAX}};
	struct iov_facts proved = {
		.worst_insns = 77, .stack = 16, .frames = 2, .map_bytes = 384, .calls = calls, .call_count = 2};
	uint32_t index;

	cr_assert(find_prog(f, name, &index));
	cr_assert_eq(manifest_facts(f->obj, index, make_prog(f, name), &proved, &f->arena, &f->sink, out), IOV_OK);
}

static void put_both(struct fixture *f, const char *name, struct iov_buf *out)
{
	struct iov_record_evidence e = {
		.program = name, .platform = "linux-6.12", .verifier = "test 1", .processed = 9, .states = 4};
	struct iov_record_facts facts;

	facts_of(f, name, &facts);
	memcpy(e.code, facts.code, sizeof(e.code));
	memset(e.rules, 0x5a, sizeof(e.rules));
	manifest_put_facts(out, &facts);
	manifest_put_evidence(out, &e);
}

static void write_object(struct fixture *f, const struct iov_buf *records, struct fixture *into)
{
	struct iov_buf out = {0};

	cr_assert_eq(manifest_set(f->obj, records), IOV_OK);
	cr_assert_eq(object_write(f->obj, &out, &f->sink), IOV_OK);
	read_bytes(into, out.data, out.len);
	cr_assert_eq(into->status, IOV_OK);
	buf_free(&out);
}

static struct iov_manifest manifest_of(struct fixture *f)
{
	struct iov_manifest m;

	cr_assert_eq(manifest_read(f->obj, &f->arena, &f->sink, &m), IOV_OK);
	return m;
}

Test(manifest, what_is_written_is_read)
{
	static const char *const flags[] = {"-O2 -g -target bpfel", "-O2 -g -target bpfeb"};

	for (int i = 0; i < 2; i++) {
		struct iov_buf records = {0};
		struct fixture f, g, h;
		struct iov_manifest m;

		load(&f, source, flags[i]);
		put_both(&f, "prog", &records);
		put_both(&f, "other", &records);
		manifest_put(&records, IOV_RECORD_SOURCE, "name: x\n", 8);
		manifest_put(&records, 999, "a kind of later days", 20);
		write_object(&f, &records, &g);
		m = manifest_of(&g);
		cr_assert_eq(m.record_count, 6);
		cr_assert_eq(m.fact_count, 2);
		cr_assert_eq(m.evidence_count, 2);
		cr_assert_eq(m.damaged, 0);
		cr_assert_str_eq(m.facts[0].program, "prog");
		cr_assert_str_eq(m.facts[0].section, "xdp");
		cr_assert_eq(m.facts[0].type, 6);
		cr_assert_eq(m.facts[0].worst_insns, 77);
		cr_assert_eq(m.facts[0].call_count, 2);
		cr_assert_str_eq(m.facts[0].calls[0].name, "map_lookup_elem");
		cr_assert_eq(m.facts[0].calls[0].most, 3);
		cr_assert_eq(m.facts[0].calls[1].most, UINT64_MAX);
		cr_assert_eq(m.facts[0].map_count, 1);
		cr_assert_str_eq(m.facts[0].maps[0].name, "flows");
		cr_assert(m.facts[0].current && m.facts[1].current);
		cr_assert_eq(m.facts[1].map_count, 0);
		cr_assert_str_eq(m.evidence[0].platform, "linux-6.12");
		cr_assert(m.evidence[0].current && m.evidence[1].current);
		cr_assert_eq(m.records[4].kind, IOV_RECORD_SOURCE);
		cr_assert(!memcmp(m.records[4].data, "name: x\n", 8));

		records.len = 0;
		write_object(&g, &records, &h);
		cr_assert_eq(manifest_of(&h).record_count, 0);
		cr_assert_null(object_section(h.obj, IOV_MANIFEST_SECTION));
		buf_free(&records);
		drop(&f);
		drop(&g);
		drop(&h);
	}
}

/* Sections that a foreign linker puts one behind the other, filled up with zeros. */
Test(manifest, concatenated)
{
	struct iov_buf records = {0};
	struct fixture f, g;
	struct iov_manifest m;

	load(&f, source, "-O2 -g");
	put_both(&f, "prog", &records);
	memset(buf_grow(&records, 24), 0, 24);
	put_both(&f, "other", &records);
	write_object(&f, &records, &g);
	m = manifest_of(&g);
	cr_assert_eq(m.fact_count, 2);
	cr_assert_eq(m.evidence_count, 2);
	cr_assert_eq(m.damaged, 0);
	buf_free(&records);
	drop(&f);
	drop(&g);
}

/* One flipped bit costs one record; the others are read. */
Test(manifest, damaged)
{
	struct iov_buf good = {0}, bad = {0};
	struct fixture f;
	size_t first;

	load(&f, source, "-O2 -g");
	put_both(&f, "prog", &good);
	first = good.len;
	put_both(&f, "other", &good);
	for (size_t at = 0; at < good.len; at++) {
		struct iov_manifest m;

		bad.len = 0;
		buf_put(&bad, good.data, good.len);
		bad.data[at] ^= 0x10;
		cr_assert_eq(manifest_set(f.obj, &bad), IOV_OK);
		m = manifest_of(&f);
		if (m.damaged) /* else it was in the padding, which counts for nothing */
			cr_assert_eq(m.fact_count + m.evidence_count, 3, "byte %zu of %zu", at, first);
		else
			cr_assert_eq(m.fact_count + m.evidence_count, 4, "byte %zu", at);
	}
	for (size_t len = 1; len < good.len; len++) {
		struct iov_buf cut = {.data = good.data, .len = len};

		cr_assert_eq(manifest_set(f.obj, &cut), IOV_OK);
		cr_assert(manifest_of(&f).fact_count <= 2);
	}
	buf_free(&good);
	buf_free(&bad);
	drop(&f);
}

/* Payloads with a right checksum and nonsense in them. */
Test(manifest, nonsense)
{
	static const struct {
		const char *bytes;
		size_t len;
	} payloads[] = {
		{"", 0},
		{"\1\0", 2},
		{"\1\0\xff\xff\xff\xff"
		 "abc",
		 9},
		{"\1\0\4\0\0\0"
		 "a\0bc",
		 10},
		{"\5\0\1\0\0\0"
		 "x",
		 7},
		{"\13\0\6\0\0\0"
		 "\1\0\0\0\0\0",
		 12},
	};
	struct fixture f;

	load(&f, source, "-O2 -g");
	for (size_t i = 0; i < sizeof(payloads) / sizeof(*payloads); i++) {
		struct iov_buf records = {0};
		struct iov_manifest m;

		manifest_put(&records, IOV_RECORD_FACTS, payloads[i].bytes, (uint32_t)payloads[i].len);
		manifest_put(&records, IOV_RECORD_EVIDENCE, payloads[i].bytes, (uint32_t)payloads[i].len);
		cr_assert_eq(manifest_set(f.obj, &records), IOV_OK);
		m = manifest_of(&f);
		cr_assert_eq(m.damaged, 2, "%zu", i);
		cr_assert_eq(m.fact_count + m.evidence_count, 0);
		buf_free(&records);
	}
	drop(&f);
}

/* Facts of code that has changed are not current; what does not change the program leaves them so. */
Test(manifest, stale)
{
	struct iov_buf records = {0};
	struct fixture f, g;
	struct iov_manifest m;
	struct iov_section *text;
	uint8_t *code;

	load(&f, source, "-O2 -g");
	put_both(&f, "prog", &records);
	put_both(&f, "other", &records);
	f.obj->drop_debug = true;
	write_object(&f, &records, &g);
	m = manifest_of(&g);
	cr_assert(m.facts[0].current && m.facts[1].current);
	text = &g.obj->sections[find_prog(&g, "other", &(uint32_t){0})->section_index];
	code = arena_copy(&g.arena, text->data, text->size);
	code[find_prog(&g, "other", &(uint32_t){0})->offset + 4] ^= 1; /* return 2 becomes return 3 */
	text->data = code;
	m = manifest_of(&g);
	cr_assert(m.facts[0].current && m.evidence[0].current);
	cr_assert(!m.facts[1].current && !m.evidence[1].current);
	g.obj->maps[0]->max_entries = 17;
	m = manifest_of(&g);
	cr_assert(!m.facts[0].current, "the size of a map counts");
	buf_free(&records);
	drop(&f);
	drop(&g);
}
