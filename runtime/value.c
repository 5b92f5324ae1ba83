/* SPDX-License-Identifier: Apache-2.0 */
/* Text to scalar by BTF type. Range-checked against the type's width and sign. */
#include "runtime/value.h"

#include <errno.h>
#include <linux/btf.h>
#include <stdlib.h>
#include <string.h>

static bool is_wrapper(uint8_t kind)
{
	return kind == BTF_KIND_TYPEDEF || kind == BTF_KIND_CONST || kind == BTF_KIND_VOLATILE ||
	       kind == BTF_KIND_RESTRICT || kind == BTF_KIND_TYPE_TAG;
}

bool value_is_network_order(const struct iov_btf *btf, uint32_t id)
{
	for (const struct iov_btf_type *t = btf_type(btf, id); t && is_wrapper(t->kind); t = btf_type(btf, t->type))
		if (t->kind == BTF_KIND_TYPEDEF && !strncmp(t->name, "__be", 4))
			return true;
	return false;
}

void value_store(uint64_t v, uint32_t size, bool big_endian, uint8_t *to)
{
	for (uint32_t i = 0; i < size; i++)
		to[big_endian ? size - 1 - i : i] = i < 8 ? (uint8_t)(v >> 8 * i) : 0;
}

static bool enumerator(const struct iov_btf_type *t, const char *text, int64_t *value)
{
	for (uint32_t i = 0; i < t->count; i++)
		if (!strcmp(t->members[i].name, text)) {
			*value = t->members[i].value;
			return true;
		}
	return false;
}

/* An integer literal into 64 bits; `negative` when it has a minus. */
static const char *number(const char *text, uint64_t *value, bool *negative)
{
	char *end;

	*negative = *text == '-';
	if (text[0] == '\'' && text[1] && text[2] == '\'' && !text[3]) {
		*value = (uint8_t)text[1];
		return NULL;
	}
	if (!strcmp(text, "true") || !strcmp(text, "false")) {
		*value = *text == 't';
		return NULL;
	}
	if (text[*negative] < '0' || text[*negative] > '9')
		return "is not a number, true, false or an enumerator of its type";
	errno = 0;
	*value = strtoull(text + *negative, &end, 0);
	if (*end)
		return "is not a number";
	if (errno == ERANGE || (*negative && *value > 1ull << 63))
		return "does not fit in 64 bits";
	return NULL;
}

static const char *in_range(uint64_t value, bool negative, unsigned bits, bool is_signed)
{
	uint64_t top = 1ull << (bits - 1);

	if (negative && value && !is_signed)
		return "is negative, and the type is unsigned";
	if (negative ? value > top : bits < 64 && value >= 2 * top)
		return "does not fit in the type";
	if (!negative && is_signed && value >= top)
		return "does not fit in the type";
	return NULL;
}

const char *value_scalar(const struct iov_btf *btf, uint32_t id, const char *text, bool big_endian, uint8_t *to)
{
	const struct iov_btf_type *t = btf_type(btf, btf_strip(btf, id));
	bool is_enum = t && (t->kind == BTF_KIND_ENUM || t->kind == BTF_KIND_ENUM64), negative = false, is_signed;
	const char *wrong;
	uint64_t value = 0;
	int64_t named;

	if (!t || !(is_enum || t->kind == BTF_KIND_INT) || !t->size || t->size > 8)
		return "is for a type that is no scalar";
	if (is_enum && enumerator(t, text, &named)) {
		value = (uint64_t)named;
	} else {
		is_signed = is_enum ? t->flag : t->int_encoding & BTF_INT_SIGNED;
		wrong = number(text, &value, &negative);
		if (!wrong && !(t->kind == BTF_KIND_INT && t->int_encoding & BTF_INT_BOOL && value > 1))
			wrong = in_range(value, negative, t->size * 8, is_signed);
		else if (!wrong)
			wrong = "is not true or false";
		if (wrong)
			return wrong;
		value = negative ? 0 - value : value;
	}
	value_store(value, t->size, value_is_network_order(btf, id) || big_endian, to);
	return NULL;
}
