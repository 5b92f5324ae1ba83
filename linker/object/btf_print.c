/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: bytes of a value as text or JSON, by their type. Reads inside the bytes given, prints a bounded amount,
 * whatever the types say. */
#include "linker/object/internal.h"

#include <inttypes.h>
#include <string.h>

enum { MAX_NODES = 1 << 18, MAX_DEPTH = 64 };

struct printer {
	const struct iov_btf *btf;
	const uint8_t *bytes;
	size_t len;
	bool big, json;
	struct iov_buf *out;
	uint32_t nodes;
};

/* One value: its type, its place in bits, and the member that it is. */
struct value {
	uint32_t type;
	uint64_t bit, width; /* width in bits: bitfields; 0: the type's own */
	const char *name;
	bool network;        /* __be16, __be32, __be64 */
	unsigned depth;
};

static void print_value(struct printer *p, struct value v);

static uint64_t read_bytes(const struct printer *p, uint64_t at, size_t size, bool big)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value |= (uint64_t)p->bytes[at + i] << 8 * (big ? size - 1 - i : i);
	return value;
}

/* Up to 64 bits from anywhere. Callers have checked that they lie inside the bytes. */
static uint64_t read_bits(const struct printer *p, uint64_t bit, uint64_t width)
{
	uint64_t value = 0;

	for (uint64_t i = 0; i < width; i++) {
		uint64_t at = bit + i;
		unsigned one = p->bytes[at / 8] >> (p->big ? 7 - at % 8 : at % 8) & 1;

		value = p->big ? value << 1 | one : value | (uint64_t)one << i;
	}
	return value;
}

static bool inside(const struct printer *p, uint64_t bit, uint64_t width)
{
	return bit <= (uint64_t)p->len * 8 && width <= (uint64_t)p->len * 8 - bit;
}

static void put_string(struct printer *p, const char *s, size_t len)
{
	buf_putc(p->out, '"');
	for (size_t i = 0; i < len && s[i]; i++) {
		uint8_t c = (uint8_t)s[i];

		if (c == '"' || c == '\\')
			buf_printf(p->out, "\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			buf_printf(p->out, p->json ? "\\u%04x" : "\\x%02x", c);
		else
			buf_putc(p->out, (char)c);
	}
	buf_putc(p->out, '"');
}

static void put_missing(struct printer *p) { buf_puts(p->out, p->json ? "null" : "?"); }

static void print_int128(struct printer *p, uint64_t at)
{
	uint64_t low = read_bytes(p, at + (p->big ? 8 : 0), 8, p->big),
		 high = read_bytes(p, at + (p->big ? 0 : 8), 8, p->big);

	buf_printf(p->out, p->json ? "\"0x%016" PRIx64 "%016" PRIx64 "\"" : "0x%016" PRIx64 "%016" PRIx64, high, low);
}

static uint64_t read_scalar(const struct printer *p, const struct value *v, uint32_t size)
{
	if (v->width)
		return read_bits(p, v->bit, v->width);
	return read_bytes(p, v->bit / 8, size, p->big || v->network);
}

static int64_t sign_extend(uint64_t value, uint64_t width)
{
	return width && width < 64 ? (int64_t)(value << (64 - width)) >> (64 - width) : (int64_t)value;
}

static void print_int(struct printer *p, const struct value *v, const struct iov_btf_type *t)
{
	uint64_t value;

	if (t->size > 8) {
		print_int128(p, v->bit / 8);
		return;
	}
	value = read_scalar(p, v, t->size);
	if (t->int_encoding & BTF_INT_BOOL)
		buf_puts(p->out, value ? "true" : "false");
	else if (t->int_encoding & BTF_INT_SIGNED)
		buf_printf(p->out, "%" PRId64, sign_extend(value, v->width ? v->width : t->size * 8ull));
	else
		buf_printf(p->out, "%" PRIu64, value);
}

static void print_enum(struct printer *p, const struct value *v, const struct iov_btf_type *t)
{
	uint64_t width = v->width ? v->width : t->size * 8ull, value = read_scalar(p, v, t->size);
	int64_t number = t->flag ? sign_extend(value, width) : (int64_t)value;

	for (uint32_t i = 0; i < t->count; i++)
		if (t->members[i].value == number) {
			buf_printf(p->out, p->json ? "\"%s\"" : "%s", t->members[i].name);
			return;
		}
	if (t->flag)
		buf_printf(p->out, "%" PRId64, number);
	else
		buf_printf(p->out, "%" PRIu64, value);
}

static void print_float(struct printer *p, const struct value *v, const struct iov_btf_type *t)
{
	uint64_t bits = t->size <= 8 ? read_scalar(p, v, t->size) : 0;
	uint32_t low = (uint32_t)bits;
	double number = 0;
	float small;

	if (t->size == 8) {
		memcpy(&number, &bits, sizeof(number));
	} else if (t->size == 4) {
		memcpy(&small, &low, sizeof(small));
		number = (double)small;
	} else {
		put_missing(p);
		return;
	}
	if (number != number || number - number != 0)
		put_missing(p);
	else
		buf_printf(p->out, "%.17g", number);
}

static void print_member(struct printer *p, const struct value *of, const struct iov_btf_member *m)
{
	struct value v = {.type = m->type, .bit = of->bit + m->bit_offset, .width = m->bit_size, .name = m->name,
			  .depth = of->depth + 1};

	if (*m->name)
		buf_printf(p->out, p->json ? "\"%s\": " : ".%s = ", m->name);
	else if (p->json)
		buf_printf(p->out, "\"%" PRIu32 "\": ", m->bit_offset);
	print_value(p, v);
}

static void print_struct(struct printer *p, const struct value *v, const struct iov_btf_type *t)
{
	bool any = false;

	buf_puts(p->out, t->count ? "{ " : "{");
	for (uint32_t i = 0; i < t->count && p->nodes < MAX_NODES; i++) {
		if (any)
			buf_puts(p->out, ", ");
		print_member(p, v, &t->members[i]);
		any = true;
	}
	buf_puts(p->out, t->count ? " }" : "}");
}

static void print_datasec(struct printer *p, const struct value *v, const struct iov_btf_type *t)
{
	buf_puts(p->out, "{ ");
	for (uint32_t i = 0; i < t->count && p->nodes < MAX_NODES; i++) {
		const struct iov_btf_type *var = &p->btf->types[t->members[i].type];
		struct iov_btf_member m = {
			.name = var->name, .type = var->type, .bit_offset = t->members[i].offset * 8};

		if (var->kind != BTF_KIND_VAR || t->members[i].offset > UINT32_MAX / 8)
			continue;
		buf_puts(p->out, i ? ", " : "");
		print_member(p, v, &m);
	}
	buf_puts(p->out, " }");
}

static bool is_byte(const struct iov_btf *btf, uint32_t id)
{
	const struct iov_btf_type *t = btf_type(btf, btf_strip(btf, id));

	return t->kind == BTF_KIND_INT && t->size == 1;
}

static bool is_char(const struct iov_btf *btf, uint32_t id)
{
	const struct iov_btf_type *t = btf_type(btf, btf_strip(btf, id));

	return is_byte(btf, id) && !strcmp(t->name, "char");
}

/* Text up to a NUL, and nothing but NULs after it. */
static bool is_text(const uint8_t *s, size_t len)
{
	size_t n = strnlen((const char *)s, len);

	for (size_t i = 0; i < len; i++)
		if (i < n ? s[i] < 0x20 && s[i] != '\n' && s[i] != '\t' : s[i])
			return false;
	return n || len;
}

static bool names_one_of(const char *name, const char *const *words)
{
	for (; *words; words++)
		if (strstr(name, *words))
			return true;
	return false;
}

/* Byte arrays that are addresses by size and by the member's name. */
static bool print_address(struct printer *p, const struct value *v, const uint8_t *b, uint32_t n)
{
	static const char *const ip[] = {"addr", "ip", "src", "dst", "low", "high", NULL};
	static const char *const mac[] = {"mac", "eth", "src", "dst", "dest", "source", "addr", NULL};
	const char *quote = p->json ? "\"" : "";
	bool is_ip = names_one_of(v->name, ip);

	if (n == 4 && is_ip) {
		buf_printf(p->out, "%s%u.%u.%u.%u%s", quote, b[0], b[1], b[2], b[3], quote);
	} else if (n == 6 && names_one_of(v->name, mac)) {
		buf_printf(p->out, "%s%02x:%02x:%02x:%02x:%02x:%02x%s", quote, b[0], b[1], b[2], b[3], b[4], b[5],
			   quote);
	} else if (n == 16 && is_ip) {
		static const uint8_t mapped[12] = {[10] = 0xff, 0xff};

		buf_puts(p->out, quote);
		if (!memcmp(b, mapped, sizeof(mapped)))
			buf_printf(p->out, "::ffff:%u.%u.%u.%u", b[12], b[13], b[14], b[15]);
		for (int i = 0; memcmp(b, mapped, sizeof(mapped)) && i < 16; i += 2)
			buf_printf(p->out, "%s%x", i ? ":" : "", b[i] << 8 | b[i + 1]);
		buf_puts(p->out, quote);
	} else {
		return false;
	}
	return true;
}

static void print_array(struct printer *p, const struct value *v, const struct iov_btf_type *t)
{
	int64_t each = btf_size(p->btf, t->type);
	const uint8_t *bytes = p->bytes + v->bit / 8;

	if (is_char(p->btf, t->type) && inside(p, v->bit, t->nelems * 8ull) && is_text(bytes, t->nelems)) {
		put_string(p, (const char *)bytes, t->nelems);
		return;
	}
	if (is_byte(p->btf, t->type) && inside(p, v->bit, t->nelems * 8ull) && print_address(p, v, bytes, t->nelems))
		return;
	buf_putc(p->out, p->json ? '[' : '{');
	for (uint32_t i = 0; each >= 0 && i < t->nelems && p->nodes < MAX_NODES; i++) {
		struct value e = {.type = t->type,
				  .bit = v->bit + (uint64_t)each * 8 * i,
				  .name = v->name,
				  .depth = v->depth + 1};

		if (!inside(p, e.bit, (uint64_t)each * 8))
			break;
		buf_puts(p->out, i ? ", " : p->json ? "" : " ");
		print_value(p, e);
	}
	buf_puts(p->out, p->json ? "]" : " }");
}

static bool is_network(const char *name)
{
	return !strcmp(name, "__be16") || !strcmp(name, "__be32") || !strcmp(name, "__be64");
}

static void print_value(struct printer *p, struct value v)
{
	const struct iov_btf_type *t = btf_type(p->btf, v.type);
	int64_t size = btf_size(p->btf, v.type);

	while (t && (t->kind == BTF_KIND_TYPEDEF || t->kind == BTF_KIND_CONST || t->kind == BTF_KIND_VOLATILE ||
		     t->kind == BTF_KIND_RESTRICT || t->kind == KIND_TYPE_TAG || t->kind == BTF_KIND_VAR)) {
		v.network |= t->kind == BTF_KIND_TYPEDEF && is_network(t->name);
		t = btf_type(p->btf, t->type);
	}
	if (!t || p->nodes++ >= MAX_NODES || v.depth > MAX_DEPTH || size < 0 || v.width > 64 ||
	    (!v.width && v.bit % 8) ||
	    (t->kind != BTF_KIND_ARRAY && t->kind != BTF_KIND_DATASEC &&
	     !inside(p, v.bit, v.width ? v.width : (uint64_t)size * 8)) ||
	    !inside(p, v.bit, 0)) {
		put_missing(p);
		return;
	}
	switch (t->kind) {
	case BTF_KIND_INT:
		print_int(p, &v, t);
		break;
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
		print_enum(p, &v, t);
		break;
	case BTF_KIND_PTR:
		buf_printf(p->out, p->json ? "\"0x%" PRIx64 "\"" : "0x%" PRIx64, read_bytes(p, v.bit / 8, 8, p->big));
		break;
	case BTF_KIND_FLOAT:
		print_float(p, &v, t);
		break;
	case BTF_KIND_ARRAY:
		print_array(p, &v, t);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		print_struct(p, &v, t);
		break;
	case BTF_KIND_DATASEC:
		print_datasec(p, &v, t);
		break;
	default:
		put_missing(p);
	}
}

void btf_print_value(const struct iov_btf *btf, uint32_t id, const uint8_t *bytes, size_t len, bool big_endian,
		     bool json, struct iov_buf *out)
{
	struct printer p = {.btf = btf, .bytes = bytes, .len = len, .big = big_endian, .json = json, .out = out};

	print_value(&p, (struct value){.type = id, .name = ""});
}
