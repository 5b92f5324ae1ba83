/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: struct iov_btf and struct iov_btf_ext → bytes, both over one fresh string table. Source: bpf/btf.rst. */
#include "linker/object/btf_raw.h"
#include "linker/object/internal.h"
#include "linker/object/strtab.h"

enum { BTF_HEADER = 24, EXT_HEADER = 32, FUNC_RECORD = 8, LINE_RECORD = 16, CORE_RECORD = 16 };

/* Strings that records share are one in memory: what was added under an address is found by it. */
enum { SEEN = 4096 };
struct seen {
	const char *string;
	uint32_t offset;
};

struct writer {
	struct iov_buf *out;
	struct strtab *strings;
	bool big;
	struct seen *seen; /* SEEN slots by address */
};

static void put32(struct writer *w, uint32_t v)
{
	buf_u32(w->out, v, w->big);
}

static uint32_t name_offset(struct writer *w, const char *s)
{
	struct seen *slot = &w->seen[((uintptr_t)s ^ (uintptr_t)s >> 12) % SEEN];

	if (slot->string != s)
		*slot = (struct seen){s, strtab_add(w->strings, s)};
	return slot->offset;
}

static void put_name(struct writer *w, const char *s)
{
	put32(w, name_offset(w, s));
}

static void write_member(struct writer *w, const struct iov_btf_type *t, const struct iov_btf_member *m)
{
	switch (t->kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		put_name(w, m->name);
		put32(w, m->type);
		put32(w, t->flag ? m->bit_size << 24 | (m->bit_offset & 0xffffff) : m->bit_offset);
		break;
	case BTF_KIND_FUNC_PROTO:
		put_name(w, m->name);
		put32(w, m->type);
		break;
	case BTF_KIND_ENUM:
		put_name(w, m->name);
		put32(w, (uint32_t)m->value);
		break;
	case KIND_ENUM64:
		put_name(w, m->name);
		put32(w, (uint32_t)m->value);
		put32(w, (uint32_t)((uint64_t)m->value >> 32));
		break;
	default: /* DATASEC */
		put32(w, m->type);
		put32(w, m->offset);
		put32(w, m->size);
	}
}

static bool has_size(uint8_t kind)
{
	return kind == BTF_KIND_INT || kind == BTF_KIND_ENUM || kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION ||
	       kind == BTF_KIND_DATASEC || kind == BTF_KIND_FLOAT || kind == KIND_ENUM64;
}

static void write_type(struct writer *w, const struct iov_btf_type *t)
{
	uint32_t low = t->kind == BTF_KIND_FUNC ? t->linkage : t->count;

	put_name(w, t->name);
	put32(w, (uint32_t)t->flag << 31 | (uint32_t)t->kind << 24 | (low & 0xffff));
	put32(w, has_size(t->kind) ? t->size : t->kind == BTF_KIND_ARRAY || t->kind == BTF_KIND_FWD ? 0 : t->type);
	switch (t->kind) {
	case BTF_KIND_INT:
		put32(w, (uint32_t)t->int_encoding << 24 | (uint32_t)t->int_offset << 16 | t->int_bits);
		break;
	case BTF_KIND_ARRAY:
		put32(w, t->type);
		put32(w, t->index_type);
		put32(w, t->nelems);
		break;
	case BTF_KIND_VAR:
		put32(w, t->linkage);
		break;
	case KIND_DECL_TAG:
		put32(w, (uint32_t)t->component);
		break;
	default:
		for (uint32_t i = 0; i < t->count; i++)
			write_member(w, t, &t->members[i]);
	}
}

static void write_funcs(struct writer *w, const struct iov_btf_ext_section *s)
{
	for (uint32_t i = 0; i < s->func_count; i++) {
		put32(w, s->funcs[i].insn * 8);
		put32(w, s->funcs[i].type);
	}
}

static inline uint32_t in_order(const struct writer *w, uint32_t v)
{
	return w->big == (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) ? v : __builtin_bswap32(v);
}

static void write_run(struct writer *w, const struct iov_btf_line_run *run)
{
	uint8_t *out = buf_grow(w->out, (size_t)run->count * LINE_RECORD);
	const uint32_t *from = run->words;

	for (uint32_t i = 0; out && i < run->count; i++, from += run->step, out += LINE_RECORD) {
		uint32_t words[] = {in_order(w, from[0] + 8 * run->shift),
				    in_order(w, name_offset(w, run->strings + from[1])),
				    in_order(w, name_offset(w, run->strings + from[2])), in_order(w, from[3])};

		memcpy(out, words, sizeof(words));
	}
}

static void write_lines(struct writer *w, const struct iov_btf_ext_section *s)
{
	for (uint32_t i = 0; i < s->run_count; i++)
		write_run(w, &s->runs[i]);
	for (uint32_t i = 0; !s->run_count && i < s->line_count; i++) {
		put32(w, s->lines[i].insn * 8);
		put_name(w, s->lines[i].file);
		put_name(w, s->lines[i].text);
		put32(w, s->lines[i].line << 10 | (s->lines[i].col & 1023));
	}
}

static void write_cores(struct writer *w, const struct iov_btf_ext_section *s)
{
	for (uint32_t i = 0; i < s->core_count; i++) {
		put32(w, s->cores[i].insn * 8);
		put32(w, s->cores[i].type);
		put_name(w, s->cores[i].access);
		put32(w, s->cores[i].kind);
	}
}

static uint32_t record_count(const struct iov_btf_ext_section *s, int table)
{
	return table == 0 ? s->func_count : table == 1 ? s->line_count : s->core_count;
}

/* One of the three tables; an empty one has no bytes. Returns its length. */
static uint32_t write_table(struct writer *w, const struct iov_btf_ext *ext, int table)
{
	static const uint32_t record[] = {FUNC_RECORD, LINE_RECORD, CORE_RECORD};
	size_t begin = w->out->len;

	for (uint32_t i = 0; i < ext->count; i++) {
		const struct iov_btf_ext_section *s = &ext->sections[i];

		if (!record_count(s, table))
			continue;
		if (w->out->len == begin)
			put32(w, record[table]);
		put_name(w, s->name);
		put32(w, record_count(s, table));
		if (table == 0)
			write_funcs(w, s);
		else if (table == 1)
			write_lines(w, s);
		else
			write_cores(w, s);
	}
	return (uint32_t)(w->out->len - begin);
}

static void put_head(struct iov_buf *out, uint32_t header, bool big)
{
	buf_u16(out, BTF_MAGIC, big);
	buf_putc(out, BTF_VERSION);
	buf_putc(out, 0);
	buf_u32(out, header, big);
}

static size_t ext_room(const struct iov_btf_ext *ext)
{
	size_t room = EXT_HEADER + 3 * sizeof(uint32_t);

	for (uint32_t i = 0; i < ext->count; i++) {
		const struct iov_btf_ext_section *s = &ext->sections[i];

		room += 3 * 8 + (size_t)s->func_count * FUNC_RECORD + (size_t)s->line_count * LINE_RECORD +
			(size_t)s->core_count * CORE_RECORD;
	}
	return room;
}

static void write_ext(struct writer *w, const struct iov_btf_ext *ext, struct iov_buf *out)
{
	size_t head = out->len, tables = 3 * 2 * sizeof(uint32_t);
	uint32_t offset = 0;

	buf_reserve(out, ext_room(ext));
	put_head(out, EXT_HEADER, w->big);
	buf_grow(out, tables);
	w->out = out;
	for (int table = 0; table < 3; table++) {
		uint32_t len = write_table(w, ext, table);

		buf_patch_u32(out, head + EXT_HEADER - tables + 8 * (size_t)table, offset, w->big);
		buf_patch_u32(out, head + EXT_HEADER - tables + 8 * (size_t)table + 4, len, w->big);
		offset += len;
	}
}

/* At most what the types take. */
static size_t types_room(const struct iov_btf *btf)
{
	size_t room = BTF_HEADER;

	for (uint32_t id = 1; id < btf->count; id++)
		room += (2 * RAW_TAIL + RAW_TAIL * (size_t)btf->types[id].count) * sizeof(uint32_t);
	return room;
}

static void write_all(struct writer *w, const struct iov_btf *btf, const struct iov_btf_ext *ext, struct iov_buf *out,
		      struct iov_buf *ext_out)
{
	struct iov_buf *strings = &w->strings->bytes;
	size_t begin = out->len, len;

	for (uint32_t i = 0; i < btf->string_count; i++)
		strtab_add(w->strings, btf->strings[i]);
	buf_reserve(out, types_room(btf));
	put_head(out, BTF_HEADER, w->big);
	buf_u32(out, 0, w->big);
	buf_grow(out, 3 * sizeof(uint32_t)); /* where strings are, and how long both are */
	for (uint32_t id = 1; id < btf->count; id++)
		write_type(w, &btf->types[id]);
	len = out->len - begin - BTF_HEADER;
	if (ext)
		write_ext(w, ext, ext_out);
	buf_patch_u32(out, begin + BTF_HEADER - 12, (uint32_t)len, w->big);
	buf_patch_u32(out, begin + BTF_HEADER - 8, (uint32_t)len, w->big);
	buf_patch_u32(out, begin + BTF_HEADER - 4, (uint32_t)strings->len, w->big);
	buf_reserve(out, strings->len);
	buf_put(out, strings->data, strings->len);
	out->failed |= strings->failed;
}

enum iov_status btf_write(const struct iov_btf *btf, const struct iov_btf_ext *ext, bool big_endian,
			  const struct iov_alloc *alloc, struct iov_buf *btf_out, struct iov_buf *ext_out)
{
	struct strtab strings;
	struct writer w = {btf_out, &strings, big_endian, alloc_zeroed(alloc, SEEN, sizeof(struct seen))};

	if (!w.seen)
		return IOV_NOMEM;
	strtab_init(&strings, alloc);
	write_all(&w, btf, ext, btf_out, ext_out);
	strtab_free(&strings);
	alloc_free(alloc, w.seen, SEEN * sizeof(*w.seen));
	return btf_out->failed || (ext && ext_out->failed) ? IOV_NOMEM : IOV_OK;
}
