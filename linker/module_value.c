/* SPDX-License-Identifier: Apache-2.0 */
#include "linker/module_value.h"

#include "linker/object/internal.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_big(enum iov_param_type type, bool big_endian)
{
	return type == IOV_TYPE_BE16 || type == IOV_TYPE_BE32 || type == IOV_TYPE_BE64 || big_endian;
}

static bool is_signed(enum iov_param_type type)
{
	return type >= IOV_TYPE_S8 && type <= IOV_TYPE_S64;
}

const char *module_value_form(enum iov_param_type type)
{
	switch (type) {
	case IOV_TYPE_BOOL:
		return "true or false";
	case IOV_TYPE_IPV4:
		return "an address: 192.0.2.1";
	case IOV_TYPE_IPV6:
		return "an address in quotes: \"2001:db8::1\"";
	case IOV_TYPE_MAC:
		return "an address in quotes: \"02:00:00:00:00:01\"";
	case IOV_TYPE_STRING:
		return "text";
	default:
		return "a number, or a name of the parameter's enum";
	}
}

static void put_number(uint64_t v, uint32_t size, bool big, uint8_t *out)
{
	for (uint32_t i = 0; i < size; i++)
		out[big ? size - 1 - i : i] = (uint8_t)(v >> 8 * i);
}

static bool in_width(int64_t v, bool huge, enum iov_param_type type, uint32_t size)
{
	unsigned bits = 8 * size;

	if (is_signed(type))
		return !huge && (bits == 64 || (v >= -(1ll << (bits - 1)) && v < 1ll << (bits - 1)));
	return huge ? bits == 64 : v >= 0 && (bits == 64 || v < 1ll << bits);
}

static bool number_value(const struct iov_module_param *p, const char *text, uint32_t size, bool big, uint8_t *out,
			 const char **why)
{
	char *end;
	int64_t v;
	bool huge = false;

	for (uint32_t i = 0; p->values && i < p->values->count; i++)
		if (!strcmp(p->values->keys[i]->text, text))
			text = p->values->items[i]->text;
	v = strtoll(text, &end, 0);
	if (*text == '\0' || *end) {
		*why = p->values ? "neither a number nor a name of its enum" : "it is not a number";
		return false;
	}
	if (v == INT64_MAX && *text != '-') {
		uint64_t u = strtoull(text, &end, 0);

		huge = u > INT64_MAX;
		v = (int64_t)u;
	}
	*why = "it does not fit into the type";
	if (!in_width(v, huge, p->type, size))
		return false;
	*why = "it is outside min and max";
	if ((p->has_min && !huge && v < p->min) || (p->has_max && (huge || v > p->max)))
		return false;
	put_number((uint64_t)v, size, big, out);
	return true;
}

static bool mac_value(const char *text, uint8_t *out)
{
	unsigned b[6];
	char more;

	if (strlen(text) != 17 ||
	    sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%c", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5], &more) != 6)
		return false;
	for (int i = 0; i < 6; i++)
		out[i] = (uint8_t)b[i];
	return true;
}

bool module_value(const struct iov_module_param *p, const struct iov_yaml *node, uint32_t size, bool big_endian,
		  uint8_t *out, const char **why)
{
	*why = "it is not a single value";
	if (node->kind != IOV_YAML_SCALAR)
		return false;
	switch (p->type) {
	case IOV_TYPE_BOOL:
		*why = "it is neither true nor false";
		out[0] = !strcmp(node->text, "true");
		return out[0] || !strcmp(node->text, "false");
	case IOV_TYPE_IPV4:
		*why = "it is not an IPv4 address";
		return inet_pton(AF_INET, node->text, out) == 1;
	case IOV_TYPE_IPV6:
		*why = "it is not an IPv6 address";
		return inet_pton(AF_INET6, node->text, out) == 1;
	case IOV_TYPE_MAC:
		*why = "it is not a MAC address";
		return mac_value(node->text, out);
	case IOV_TYPE_STRING:
		*why = "it is longer than the variable";
		if (node->len >= size)
			return false;
		memcpy(out, node->text, node->len);
		return true;
	default:
		return number_value(p, node->text, size, is_big(p->type, big_endian), out, why);
	}
}

/* C types. */

static const struct iov_btf_type *scalar(const struct iov_btf *btf, uint32_t type)
{
	return btf_type(btf, btf_strip(btf, type));
}

static bool is_array_of_bytes(const struct iov_btf *btf, const struct iov_btf_type *t, uint32_t count)
{
	const struct iov_btf_type *e = t->kind == BTF_KIND_ARRAY ? scalar(btf, t->type) : NULL;

	return e && e->kind == BTF_KIND_INT && e->size == 1 && (!count || t->nelems == count);
}

static bool is_enum(const struct iov_btf_type *t)
{
	return t->kind == BTF_KIND_ENUM || t->kind == KIND_ENUM64;
}

bool module_fits(const struct iov_btf *btf, uint32_t type, uint32_t size, enum iov_param_type param)
{
	const struct iov_btf_type *t = scalar(btf, type);

	if (module_type_size(param) && module_type_size(param) != size)
		return false;
	switch (param) {
	case IOV_TYPE_STRING:
	case IOV_TYPE_MAC:
		return is_array_of_bytes(btf, t, param == IOV_TYPE_MAC ? 6 : 0);
	case IOV_TYPE_IPV6:
		return is_array_of_bytes(btf, t, 16) || t->kind == BTF_KIND_STRUCT ||
		       (t->kind == BTF_KIND_ARRAY && size == 16);
	case IOV_TYPE_BOOL:
		return t->kind == BTF_KIND_INT;
	default:
		return is_enum(t) ||
		       (t->kind == BTF_KIND_INT && (is_signed(param) == (bool)(t->int_encoding & BTF_INT_SIGNED)));
	}
}

/* The name of the innermost typedef says what bytes mean: __be16. */
static bool named_big(const struct iov_btf *btf, uint32_t type)
{
	for (const struct iov_btf_type *t = btf_type(btf, type); t; t = btf_type(btf, t->type)) {
		if (t->kind == BTF_KIND_TYPEDEF && (!strncmp(t->name, "__be", 4) || !strncmp(t->name, "be", 2)))
			return true;
		if (t->kind != BTF_KIND_TYPEDEF && t->kind != BTF_KIND_CONST && t->kind != BTF_KIND_VOLATILE)
			return false;
	}
	return false;
}

bool module_param_type(const struct iov_btf *btf, uint32_t type, enum iov_param_type *out)
{
	const struct iov_btf_type *t = scalar(btf, type);
	bool big = named_big(btf, type);
	unsigned log;

	if (!t)
		return false;
	if (is_array_of_bytes(btf, t, 0)) {
		const struct iov_btf_type *e = scalar(btf, t->type);

		*out = t->nelems == 6 && !(e->int_encoding & BTF_INT_SIGNED) ? IOV_TYPE_MAC : IOV_TYPE_STRING;
		return t->nelems > 0;
	}
	if ((t->kind != BTF_KIND_INT && !is_enum(t)) || (t->size != 1 && t->size != 2 && t->size != 4 && t->size != 8))
		return false;
	log = (unsigned)__builtin_ctz(t->size);
	if (t->kind == BTF_KIND_INT && t->int_encoding & BTF_INT_BOOL)
		*out = IOV_TYPE_BOOL;
	else if (big && t->size > 1)
		*out = (enum iov_param_type)(IOV_TYPE_BE16 + log - 1);
	else if (t->kind == BTF_KIND_INT && t->int_encoding & BTF_INT_SIGNED)
		*out = (enum iov_param_type)(IOV_TYPE_S8 + log);
	else
		*out = (enum iov_param_type)(IOV_TYPE_U8 + log);
	return true;
}

void module_value_text(enum iov_param_type type, const uint8_t *bytes, uint32_t size, bool big_endian,
		       struct iov_buf *out)
{
	char text[INET6_ADDRSTRLEN];
	uint64_t v = 0;

	switch (type) {
	case IOV_TYPE_BOOL:
		buf_puts(out, bytes[0] ? "true" : "false");
		return;
	case IOV_TYPE_IPV4:
	case IOV_TYPE_IPV6:
		inet_ntop(type == IOV_TYPE_IPV4 ? AF_INET : AF_INET6, bytes, text, sizeof(text));
		buf_printf(out, type == IOV_TYPE_IPV4 ? "%s" : "\"%s\"", text);
		return;
	case IOV_TYPE_MAC:
		buf_printf(out, "\"%02x:%02x:%02x:%02x:%02x:%02x\"", bytes[0], bytes[1], bytes[2], bytes[3], bytes[4],
			   bytes[5]);
		return;
	case IOV_TYPE_STRING:
		buf_putc(out, '"');
		for (uint32_t i = 0; i < size && bytes[i]; i++) {
			if (bytes[i] == '"' || bytes[i] == '\\')
				buf_putc(out, '\\');
			if (bytes[i] < 32 || bytes[i] > 126)
				buf_printf(out, "\\x%02x", bytes[i]);
			else
				buf_putc(out, (char)bytes[i]);
		}
		buf_putc(out, '"');
		return;
	default:
		break;
	}
	for (uint32_t i = 0; i < size; i++)
		v |= (uint64_t)bytes[is_big(type, big_endian) ? size - 1 - i : i] << 8 * i;
	if (is_signed(type) && size < 8 && v >> (8 * size - 1))
		v |= ~0ull << 8 * size;
	if (is_signed(type))
		buf_printf(out, "%" PRId64, (int64_t)v);
	else
		buf_printf(out, "%" PRIu64, v);
}
