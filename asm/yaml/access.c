/* SPDX-License-Identifier: Apache-2.0 */
/* Getting typed values out of a tree; what does not fit is said at its place, with what would fit. */
#include "asm/yaml/yaml.h"

#include <inttypes.h>
#include <string.h>

static const char *kind_name(const struct iov_yaml *node)
{
	switch (node->kind) {
	case IOV_YAML_NULL: return "nothing";
	case IOV_YAML_SEQUENCE: return "a list";
	case IOV_YAML_MAPPING: return "a mapping";
	default: return node->quoted ? "a string" : "a word";
	}
}

static bool wrong_kind(const struct iov_yaml *node, const char *what, const char *wanted, struct iov_sink *sink)
{
	struct iov_diag *d = diag_add(sink, DIAG_YAML_TYPE, node->where, "%s must be %s; this is %s", what, wanted,
				      kind_name(node));

	if (node->kind == IOV_YAML_SCALAR && node->quoted)
		diag_hint(d, "write it without quotes");
	return false;
}

const struct iov_yaml *yml_get(const struct iov_yaml *node, const char *key)
{
	uint32_t low = 0, high = node && node->kind == IOV_YAML_MAPPING ? node->count : 0;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2, at = node->sorted[mid];
		int order = strcmp(node->keys[at]->text, key);

		if (!order)
			return node->items[at];
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const struct iov_yaml *yml_require(const struct iov_yaml *node, const char *key, struct iov_sink *sink)
{
	const struct iov_yaml *value = yml_get(node, key);

	if (!value)
		diag_add(sink, DIAG_YAML_MISSING, node->where, "the key '%s' is missing here", key);
	return value;
}

bool yml_need_mapping(const struct iov_yaml *node, const char *what, struct iov_sink *sink)
{
	return node->kind == IOV_YAML_MAPPING || wrong_kind(node, what, "a mapping (key: value)", sink);
}

bool yml_need_sequence(const struct iov_yaml *node, const char *what, struct iov_sink *sink)
{
	return node->kind == IOV_YAML_SEQUENCE || wrong_kind(node, what, "a list", sink);
}

bool yml_string(const struct iov_yaml *node, const char *what, struct iov_sink *sink, const char **out)
{
	if (node->kind != IOV_YAML_SCALAR)
		return wrong_kind(node, what, "text", sink);
	*out = node->text;
	return true;
}

/* Sign and magnitude of a plain number; false when it is none or has more than 64 bits. */
static bool parse_number(const char *s, bool *negative, uint64_t *magnitude)
{
	uint64_t v = 0, base = 10;

	*negative = *s == '-';
	s += *s == '-' || *s == '+';
	if (s[0] == '0' && s[1] == 'x') {
		base = 16;
		s += 2;
	}
	if (!*s)
		return false;
	for (; *s; s++) {
		uint64_t digit = *s >= '0' && *s <= '9' ? (uint64_t)(*s - '0')
				 : (*s | 32) >= 'a' && (*s | 32) <= 'f' ? (uint64_t)((*s | 32) - 'a' + 10) : 16;

		if (digit >= base || v > (UINT64_MAX - digit) / base)
			return false;
		v = v * base + digit;
	}
	*magnitude = v;
	return true;
}

static bool is_number(const struct iov_yaml *node, const char *what, struct iov_sink *sink, bool *negative, uint64_t *v)
{
	if (node->kind != IOV_YAML_SCALAR || node->quoted || !parse_number(node->text, negative, v))
		return wrong_kind(node, what, "a whole number, decimal or 0x hexadecimal, of at most 64 bits", sink);
	return true;
}

bool yml_uint(const struct iov_yaml *node, const char *what, uint64_t min, uint64_t max, struct iov_sink *sink,
	       uint64_t *out)
{
	bool negative;
	uint64_t v;

	if (!is_number(node, what, sink, &negative, &v))
		return false;
	if ((negative && v) || v < min || v > max) {
		diag_add(sink, DIAG_YAML_RANGE, node->where, "%s is %s; it must be %" PRIu64 " to %" PRIu64, what,
			 node->text, min, max);
		return false;
	}
	*out = v;
	return true;
}

bool yml_int(const struct iov_yaml *node, const char *what, int64_t min, int64_t max, struct iov_sink *sink,
	     int64_t *out)
{
	bool negative, fits;
	uint64_t v;
	int64_t value;

	if (!is_number(node, what, sink, &negative, &v))
		return false;
	fits = v <= (uint64_t)INT64_MAX + negative;
	value = fits ? (int64_t)(negative ? -v : v) : 0;
	if (!fits || value < min || value > max) {
		diag_add(sink, DIAG_YAML_RANGE, node->where, "%s is %s; it must be %" PRId64 " to %" PRId64, what,
			 node->text, min, max);
		return false;
	}
	*out = value;
	return true;
}

bool yml_bool(const struct iov_yaml *node, const char *what, struct iov_sink *sink, bool *out)
{
	bool is_true = node->kind == IOV_YAML_SCALAR && !strcmp(node->text, "true");

	if (node->kind != IOV_YAML_SCALAR || node->quoted || (!is_true && strcmp(node->text, "false")))
		return wrong_kind(node, what, "true or false", sink);
	*out = is_true;
	return true;
}

/* ---- words of a list ---- */

/* Edits (insert, delete, replace, swap of neighbours) from a to b; words of up to 31 letters. */
static unsigned distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned rows[3][32];

	for (size_t j = 0; j <= m; j++)
		rows[1][j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned *now = rows[2], *last = rows[1], *before = rows[0];

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			unsigned best = last[j - 1] + (a[i - 1] != b[j - 1]);

			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
		memmove(rows[0], rows[1], sizeof(rows[0]) * 2);
	}
	return rows[1][m];
}

const char *yml_nearest(const char *word, const char *const *list)
{
	size_t len = strlen(word);
	unsigned best = len < 4 ? 2 : (unsigned)(len / 3) + 2; /* farther than this is no misspelling */
	const char *found = NULL;

	for (; len < 32 && *list; list++) {
		size_t other = strlen(*list);
		unsigned d = other < 32 ? distance(word, len, *list, other) : UINT32_MAX;

		if (d < best) {
			best = d;
			found = *list;
		}
	}
	return found;
}

static void suggest(struct iov_diag *d, const char *word, const char *const *list)
{
	const char *nearest = yml_nearest(word, list);

	if (nearest)
		diag_hint(d, "did you mean '%s'?", nearest);
}

bool yml_choice(const struct iov_yaml *node, const char *what, const char *const *choices, struct iov_sink *sink,
		 uint32_t *out)
{
	struct iov_diag *d;

	if (node->kind != IOV_YAML_SCALAR)
		return wrong_kind(node, what, "a word", sink);
	for (uint32_t i = 0; choices[i]; i++) {
		if (!strcmp(choices[i], node->text)) {
			*out = i;
			return true;
		}
	}
	d = diag_add(sink, DIAG_YAML_NAME, node->where, "%s cannot be '%.80s'", what, node->text);
	suggest(d, node->text, choices);
	return false;
}

bool yml_flags(const struct iov_yaml *node, const char *what, const char *const *choices, struct iov_sink *sink,
		uint32_t *out)
{
	uint32_t bits = 0, bit;
	bool ok = yml_need_sequence(node, what, sink);

	for (uint32_t i = 0; node->kind == IOV_YAML_SEQUENCE && i < node->count; i++) {
		if (yml_choice(node->items[i], what, choices, sink, &bit))
			bits |= 1u << bit;
		else
			ok = false;
	}
	*out = bits;
	return ok;
}

bool yml_only_keys(const struct iov_yaml *node, const char *const *known, struct iov_sink *sink)
{
	bool ok = true;

	for (uint32_t i = 0; i < node->count; i++) {
		const char *key = node->keys[i]->text;
		const char *const *k = known;

		while (*k && strcmp(*k, key))
			k++;
		if (*k)
			continue;
		suggest(diag_add(sink, DIAG_YAML_KEY, node->keys[i]->where, "there is no key '%.80s' here", key), key,
			known);
		ok = false;
	}
	return ok;
}
