/* SPDX-License-Identifier: Apache-2.0 */
/* A YAML node into the bytes of a BTF type: structs by member name (what is not named is zero), arrays by position,
 * scalars as value.c takes them (a quoted letter is a char); and addresses as people write them: 10.1.2.3, 2001:db8::1,
 * 02:00:00:00:00:01, and prefixes such as 10.1.0.0/16 for the keys of LPM tries. */
#include "runtime/run/run.h"
#include "asm/yaml/yaml.h"
#include "runtime/value.h"

#include <arpa/inet.h>
#include <linux/btf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool wrong(const struct fill *f, const struct iov_yaml *node, const char *fmt, const char *a, const char *b)
{
	char message[512];

	snprintf(message, sizeof(message), fmt, a, b);
	diag_add(f->sink, DIAG_RULE_VALUE, node->where, "%s", message);
	return false;
}

static const struct iov_btf_type *resolve(const struct fill *f, uint32_t type)
{
	return btf_type(f->btf, btf_strip(f->btf, type));
}

static const char *type_name(const struct fill *f, uint32_t type, struct iov_buf *b)
{
	btf_declare(f->btf, type, "", b);
	return buf_cstr(b);
}

static bool is_bytes(const struct fill *f, const struct iov_btf_type *t, uint32_t count)
{
	const struct iov_btf_type *elem = t->kind == BTF_KIND_ARRAY ? resolve(f, t->type) : NULL;

	return elem && elem->kind == BTF_KIND_INT && elem->size == 1 && t->nelems == count;
}

static bool mac(const char *text, uint8_t to[6])
{
	for (int i = 0; i < 6; i++) {
		char *end;
		unsigned long v = strtoul(text, &end, 16);

		if (end == text || end - text > 2 || *end != (i < 5 ? ':' : 0))
			return false;
		to[i] = (uint8_t)v;
		text = end + 1;
	}
	return true;
}

/* A scalar that is written as an address, for a type of the address's size. */
static bool address(const struct fill *f, uint32_t type, const char *text, uint8_t *to, uint32_t size)
{
	const struct iov_btf_type *t = resolve(f, type);
	bool scalar = t && t->kind == BTF_KIND_INT;

	if (!t || (!scalar && t->kind != BTF_KIND_ARRAY && t->kind != BTF_KIND_STRUCT && t->kind != BTF_KIND_UNION))
		return false;
	if (size == 4 && strchr(text, '.'))
		return inet_pton(AF_INET, text, to) == 1;
	if (size == 16 && strchr(text, ':'))
		return inet_pton(AF_INET6, text, to) == 1;
	return size == 6 && is_bytes(f, t, 6) && strchr(text, ':') && mac(text, to);
}

/* "10.1.0.0/16" into { __u32 prefixlen; bytes }: bits behind the prefix must be zero, or it was not meant so. */
static bool prefix(const struct fill *f, const struct iov_yaml *node, const struct iov_btf_type *t, uint8_t *to,
		   uint32_t size)
{
	const char *slash = strchr(node->text, '/');
	char address_text[64], *end;
	unsigned long bits = strtoul(slash + 1, &end, 10);
	uint32_t bytes = size - 4;

	if (t->kind != BTF_KIND_STRUCT || (size != 8 && size != 20) || slash - node->text >= (long)sizeof(address_text))
		return wrong(f, node, "`%s` is a prefix, and the type is no LPM key for it%s", node->text, "");
	memcpy(address_text, node->text, (size_t)(slash - node->text));
	address_text[slash - node->text] = 0;
	if (end == slash + 1 || *end || bits > 8 * bytes ||
	    inet_pton(bytes == 4 ? AF_INET : AF_INET6, address_text, to + 4) != 1)
		return wrong(f, node, "`%s` is no %s prefix", node->text, bytes == 4 ? "IPv4" : "IPv6");
	for (uint32_t i = (uint32_t)bits; i < 8 * bytes; i++)
		if (to[4 + i / 8] >> (7 - i % 8) & 1)
			return wrong(f, node, "`%s` has bits set behind its prefix length%s", node->text, "");
	value_store(bits, 4, f->big_endian, to);
	return true;
}

static bool scalar(const struct fill *f, uint32_t type, const struct iov_yaml *node, uint8_t *to, uint32_t size)
{
	const struct iov_btf_type *t = resolve(f, type);
	struct iov_buf name = {0};
	const char *why;

	if (strchr(node->text, '/') && t->kind == BTF_KIND_STRUCT)
		return prefix(f, node, t, to, size);
	if (address(f, type, node->text, to, size))
		return true;
	if (is_bytes(f, t, t->nelems) && node->len <= t->nelems && node->quoted) {
		memcpy(to, node->text, node->len);
		return true;
	}
	if (t->kind == BTF_KIND_INT && t->size == 1 && node->quoted && node->len == 1) {
		*to = (uint8_t)*node->text;
		return true;
	}
	why = value_scalar(f->btf, type, node->text, f->big_endian, to);
	if (!why)
		return true;
	diag_add(f->sink, DIAG_RULE_VALUE, node->where, "`%s` %s (%s)", node->text, why, type_name(f, type, &name));
	buf_free(&name);
	return false;
}

static bool bitfield(const struct fill *f, const struct iov_btf_member *m, const struct iov_yaml *node, uint8_t *to,
		     uint32_t size)
{
	uint8_t bytes[8] = {0};
	const struct iov_btf_type *t = resolve(f, m->type);
	uint64_t v = 0;

	if (!t || t->size > 8 || node->kind != IOV_YAML_SCALAR ||
	    value_scalar(f->btf, m->type, node->text, false, bytes))
		return wrong(f, node, "member `%s` takes a number%s", m->name, "");
	for (int i = 7; i >= 0; i--)
		v = v << 8 | bytes[i];
	if (m->bit_size < 64 && v >> m->bit_size)
		return wrong(f, node, "`%s` does not fit in the bits of member `%s`", node->text, m->name);
	for (uint32_t i = 0; i < m->bit_size; i++) {
		uint32_t at = m->bit_offset + i;

		if (at / 8 < size && v >> i & 1)
			to[at / 8] |= (uint8_t)(f->big_endian ? 0x80 >> at % 8 : 1 << at % 8);
	}
	return true;
}

/* The member of that name, also in anonymous structs and unions inside; its offset in bits. */
static const struct iov_btf_member *member(const struct fill *f, const struct iov_btf_type *t, const char *name,
					   uint32_t *base)
{
	for (uint32_t i = 0; i < t->count; i++) {
		const struct iov_btf_type *inner = *t->members[i].name ? NULL : resolve(f, t->members[i].type);
		const struct iov_btf_member *found;
		uint32_t below = 0;

		if (!strcmp(t->members[i].name, name))
			return &t->members[i];
		if (!inner || (inner->kind != BTF_KIND_STRUCT && inner->kind != BTF_KIND_UNION))
			continue;
		found = member(f, inner, name, &below);
		if (found) {
			*base += t->members[i].bit_offset + below;
			return found;
		}
	}
	return NULL;
}

static bool structure(const struct fill *f, const struct iov_btf_type *t, const struct iov_yaml *node, uint8_t *to,
		      uint32_t size)
{
	bool ok = true;

	for (uint32_t i = 0; i < node->count; i++) {
		uint32_t base = 0;
		const struct iov_btf_member *m = member(f, t, node->keys[i]->text, &base);
		struct iov_btf_member moved;
		int64_t bytes;

		if (!m) {
			ok = wrong(f, node->keys[i], "there is no member `%s` in `%s`", node->keys[i]->text, t->name);
			continue;
		}
		moved = *m;
		moved.bit_offset += base;
		bytes = btf_size(f->btf, m->type);
		if (!node->items[i])
			continue;
		if (m->bit_size)
			ok &= bitfield(f, &moved, node->items[i], to, size);
		else if (bytes < 0 || moved.bit_offset / 8 + (uint64_t)bytes > size)
			ok = wrong(f, node->keys[i], "member `%s` of `%s` has no fixed size", m->name, t->name);
		else
			ok &= fill_value(f, m->type, node->items[i], to + moved.bit_offset / 8, (uint32_t)bytes);
	}
	return ok;
}

static bool array(const struct fill *f, const struct iov_btf_type *t, const struct iov_yaml *node, uint8_t *to,
		  uint32_t size)
{
	int64_t each = btf_size(f->btf, t->type);
	bool ok = true;

	if (node->count > t->nelems || each < 0 || (uint64_t)each * t->nelems > size)
		return wrong(f, node, "there are more elements than the array has%s%s", "", "");
	for (uint32_t i = 0; i < node->count; i++)
		if (node->items[i])
			ok &= fill_value(f, t->type, node->items[i], to + (uint64_t)i * (uint64_t)each, (uint32_t)each);
	return ok;
}

bool fill_value(const struct fill *f, uint32_t type, const struct iov_yaml *node, uint8_t *to, uint32_t size)
{
	const struct iov_btf_type *t = resolve(f, type);
	struct iov_buf name = {0};

	if (t && node->kind == IOV_YAML_SCALAR)
		return scalar(f, type, node, to, size);
	if (t && node->kind == IOV_YAML_MAPPING && (t->kind == BTF_KIND_STRUCT || t->kind == BTF_KIND_UNION))
		return structure(f, t, node, to, size);
	if (t && node->kind == IOV_YAML_SEQUENCE && t->kind == BTF_KIND_ARRAY)
		return array(f, t, node, to, size);
	wrong(f, node, "a %s does not make a `%s`", node->kind == IOV_YAML_MAPPING ? "mapping" : "sequence",
	      t ? type_name(f, type, &name) : "void");
	buf_free(&name);
	return false;
}
