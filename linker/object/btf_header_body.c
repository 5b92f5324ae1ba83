/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: bodies of structs, unions and enumerations whose layout in C is that of the BTF. What C would place elsewhere
 * is moved by unnamed bit-fields, which take no part in alignment (System V ABI, which BPF follows), or is packed. */
#include "linker/object/btf_header.h"
#include "linker/object/internal.h"

enum { MAX_TEXT = 64 << 20, MAX_WORK = 20 << 20 };

static uint32_t align_of(struct header *h, uint32_t id);

static bool is_composite(const struct iov_btf_type *t)
{
	return t->kind == BTF_KIND_STRUCT || t->kind == BTF_KIND_UNION;
}

/* Bits of a bit-field, 0 when it is none. Old BTF says them in the integer. */
static uint32_t field_bits(const struct header *h, const struct iov_btf_member *m)
{
	const struct iov_btf_type *t = btf_type(h->btf, btf_strip(h->btf, m->type));

	if (m->bit_size || t->kind != BTF_KIND_INT || t->int_bits == 8 * t->size)
		return m->bit_size;
	return t->int_bits;
}

static uint64_t size_of(const struct header *h, uint32_t id)
{
	int64_t size = btf_size(h->btf, id);

	return size > 0 ? (uint64_t)size : 0;
}

static uint64_t round_up(uint64_t n, uint64_t to)
{
	return to > 1 ? (n + to - 1) / to * to : n;
}

/* Whether some member stands where only a packed struct has it. */
static bool is_packed(struct header *h, uint32_t id)
{
	const struct iov_btf_type *t = &h->btf->types[id];
	uint32_t most = 1;

	for (uint32_t i = 0; i < t->count; i++) {
		const struct iov_btf_member *m = &t->members[i];
		uint32_t bits = field_bits(h, m), align = align_of(h, m->type);
		uint64_t unit = 8 * size_of(h, m->type);

		if (bits ? unit && m->bit_offset % unit + bits > unit : m->bit_offset % (8 * align) != 0)
			return true;
		most = align > most ? align : most;
	}
	return t->size % most != 0;
}

static uint32_t composite_align(struct header *h, uint32_t id)
{
	const struct iov_btf_type *t = &h->btf->types[id];
	uint32_t most = 1;

	if (is_packed(h, id))
		return 1;
	for (uint32_t i = 0; i < t->count; i++) {
		uint32_t align = align_of(h, t->members[i].type);

		most = align > most ? align : most;
	}
	return most;
}

static uint32_t align_of(struct header *h, uint32_t id)
{
	const struct iov_btf_type *t;
	uint32_t align;

	id = btf_strip(h->btf, id);
	t = &h->btf->types[id];
	if (h->aligned[id])
		return h->aligned[id] - 1;
	switch (t->kind) {
	case BTF_KIND_ARRAY:
		align = align_of(h, t->type);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		align = composite_align(h, id);
		break;
	case BTF_KIND_PTR:
		align = 8;
		break;
	default:
		align = t->size && !(t->size & (t->size - 1)) && t->size <= 16 ? t->size : 1;
	}
	h->aligned[id] = align + 1;
	return align;
}

static void indent_by(struct iov_buf *out, unsigned indent)
{
	for (unsigned i = 0; i < indent; i++)
		buf_putc(out, '\t');
}

/* Unnamed bits from `at` to `to`. */
static void pad(struct header *h, uint64_t at, uint64_t to, unsigned indent, struct iov_buf *out)
{
	while (at < to && out->len < MAX_TEXT) {
		uint64_t left = 64 - at % 64, bits = to - at < left ? to - at : left;

		indent_by(out, indent);
		buf_printf(out, "long: %u;\n", (unsigned)bits);
		at += bits;
	}
	h->failed |= at < to;
}

/* Where C puts a member after `at` bits. */
static uint64_t natural(struct header *h, const struct iov_btf_member *m, uint64_t at, bool packed)
{
	uint32_t bits = field_bits(h, m), align = packed ? 1 : align_of(h, m->type);
	uint64_t unit = 8 * size_of(h, m->type);

	if (!bits)
		return round_up(at, 8ull * align);
	return packed || !unit || at % unit + bits <= unit ? at : round_up(at, unit);
}

static void put_member(struct header *h, const struct iov_btf_member *m, unsigned indent, struct iov_buf *out)
{
	uint32_t bits = field_bits(h, m);

	indent_by(out, indent);
	header_declare(h, m->type, m->name, indent, out);
	if (bits)
		buf_printf(out, ": %u", bits);
	buf_puts(out, ";\n");
}

static void put_members(struct header *h, uint32_t id, bool packed, unsigned indent, struct iov_buf *out)
{
	const struct iov_btf_type *t = &h->btf->types[id];
	bool in_union = t->kind == BTF_KIND_UNION;
	uint64_t at = 0, end = 0, whole = 8ull * t->size;
	uint32_t align = packed ? 1 : align_of(h, id);

	for (uint32_t i = 0; i < t->count && !h->failed; i++) {
		const struct iov_btf_member *m = &t->members[i];
		uint32_t bits = field_bits(h, m);

		if (!in_union && natural(h, m, at, packed) < m->bit_offset)
			pad(h, at, m->bit_offset, indent, out);
		put_member(h, m, indent, out);
		at = m->bit_offset + (bits ? bits : 8 * size_of(h, m->type));
		end = at > end ? at : end;
		h->failed |= out->len > MAX_TEXT || h->work++ > MAX_WORK;
	}
	if (round_up(end, 8ull * align) >= whole)
		return;
	if (!in_union) {
		pad(h, end, whole, indent, out);
		return;
	}
	indent_by(out, indent);
	buf_printf(out, "char __size[%u];\n", t->size);
}

static void put_composite(struct header *h, uint32_t id, unsigned indent, struct iov_buf *out)
{
	bool packed = is_packed(h, id);

	buf_puts(out, " {\n");
	put_members(h, id, packed, indent + 1, out);
	indent_by(out, indent);
	buf_puts(out, packed ? "} __attribute__((packed))" : "}");
}

/* C makes an enumeration as wide as its values ask for: only what is else than that is said. */
static const char *mode_of(const struct iov_btf_type *t)
{
	bool wide = false;

	for (uint32_t i = 0; i < t->count; i++)
		wide |= t->flag ? t->members[i].value != (int32_t)t->members[i].value
				: (uint64_t)t->members[i].value > UINT32_MAX;
	switch (t->size) {
	case 1:
		return " __attribute__((mode(QI)))";
	case 2:
		return " __attribute__((mode(HI)))";
	case 8:
		return wide ? "" : " __attribute__((mode(DI)))";
	default:
		return "";
	}
}

static void put_enumerators(struct header *h, const struct iov_btf_type *t, unsigned indent, struct iov_buf *out)
{
	bool wide = t->kind == KIND_ENUM64;

	buf_puts(out, " {\n");
	for (uint32_t i = 0; i < t->count; i++) {
		const struct iov_btf_member *m = &t->members[i];

		indent_by(out, indent + 1);
		header_name(h, m->name, header_count(h, m->name, false), out);
		if (t->flag && m->value == INT64_MIN)
			buf_puts(out, " = -9223372036854775807LL - 1,\n");
		else if (t->flag)
			buf_printf(out, " = %lld%s,\n", (long long)m->value, wide ? "LL" : "");
		else
			buf_printf(out, " = %llu%s,\n",
				   (unsigned long long)m->value & (wide ? ~0ull : 0xffffffffull), wide ? "ULL" : "");
	}
	indent_by(out, indent);
	buf_printf(out, "}%s", mode_of(t));
}

void header_body(struct header *h, uint32_t id, unsigned indent, struct iov_buf *out)
{
	const struct iov_btf_type *t = &h->btf->types[id];

	if (is_composite(t))
		put_composite(h, id, indent, out);
	else if (t->count)
		put_enumerators(h, t, indent, out);
}
