/* SPDX-License-Identifier: Apache-2.0 */
/* bpf_strtol and bpf_strtoul: Linux' rules, where the text ends at its first byte that is no digit of the base. */
#include "runtime/helpers.h"

#include <ctype.h>
#include <string.h>

enum { BASE_MASK = 0x1f, MOST_BYTES = 63 };

/* The digits' value in base 8, 10 or 16; 0 in `base`: 0x…, 0… or decimal. Bytes read, or -errno. */
static int64_t digits(const char *text, uint32_t len, uint32_t base, uint64_t *out)
{
	uint32_t at = 0, start;
	uint64_t value = 0;
	bool marked = len > 1 && text[0] == '0' && (text[1] | 32) == 'x';

	if (!base)
		base = marked && len > 2 && isxdigit((unsigned char)text[2]) ? 16u : text[0] == '0' ? 8u : 10u;
	if (base == 16 && marked)
		at = 2;
	for (start = at; at < len; at++) {
		unsigned char c = (unsigned char)text[at];
		uint32_t digit = base;

		if (isdigit(c))
			digit = (uint32_t)(c - '0');
		else if (isalpha(c))
			digit = (uint32_t)(tolower(c) - 'a' + 10);
		if (digit >= base)
			break;
		if (__builtin_mul_overflow(value, base, &value) || __builtin_add_overflow(value, digit, &value))
			return -ERANGE;
	}
	*out = value;
	return at == start ? -EINVAL : (int64_t)at;
}

/* Blanks, a sign, digits. */
static int64_t parse(uint64_t buffer, uint64_t size, uint64_t flags, uint64_t *out, bool *negative)
{
	const char *text = helper_ptr(buffer);
	uint32_t len = (uint32_t)size, base = flags & BASE_MASK, at = 0;
	int64_t used;

	*out = 0;
	*negative = false;
	if (!len || flags & ~(uint64_t)BASE_MASK || (base && base != 8 && base != 10 && base != 16))
		return -EINVAL;
	while (at < len && isspace((unsigned char)text[at]))
		at++;
	if (at < len && text[at] == '-') {
		*negative = true;
		at++;
	}
	if (at == len)
		return -EINVAL;
	used = digits(text + at, len - at < MOST_BYTES ? len - at : MOST_BYTES, base, out);
	return used < 0 ? used : at + used;
}

uint64_t helper_strtol(uint64_t buffer, uint64_t size, uint64_t flags, uint64_t to, uint64_t r5, struct iov_env *env)
{
	uint64_t value, result = 0;
	bool negative;
	int64_t used = parse(buffer, size, flags, &value, &negative);

	(void)r5, (void)env;
	if (used > 0 && value > (uint64_t)INT64_MAX + negative)
		used = -ERANGE;
	if (used > 0)
		result = negative ? -value : value;
	memcpy(helper_ptr(to), &result, sizeof(result));
	return helper_err(used);
}

uint64_t helper_strtoul(uint64_t buffer, uint64_t size, uint64_t flags, uint64_t to, uint64_t r5, struct iov_env *env)
{
	uint64_t value;
	bool negative;
	int64_t used = parse(buffer, size, flags, &value, &negative);

	(void)r5, (void)env;
	if (negative && used > 0)
		used = -EINVAL;
	if (used < 0)
		value = 0;
	memcpy(helper_ptr(to), &value, sizeof(value));
	return helper_err(used);
}
