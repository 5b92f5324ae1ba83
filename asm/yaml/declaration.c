/* SPDX-License-Identifier: Apache-2.0 */
/* What a helper's C declaration tells about its prototype. Only what cannot be meant otherwise is concluded:
 *
 *   struct xdp_md *, struct __sk_buff *, any pointer called ctx      ctx
 *   struct bpf_map *                                                 map
 *   const void *key, const void *value after a map                   map_key, map_value
 *   const T * followed by an integer                                 mem, size
 *   u64 *, u32 * (and signed) not followed by a size                 long_ptr, int_ptr
 *   an integer                                                       any
 *
 * A pointer to memory that is not const may be read, written or both: the file must say which (arguments:). The result:
 * void, an integer (its type gives the range); pointers must be said (returns:). */
#include "asm/yaml/platform_rows.h"

#include <ctype.h>
#include <string.h>

struct param {
	const char *start, *end; /* trimmed */
	const char *name, *name_end;
	bool pointer, is_const;
};

static bool wrong(struct platform_maker *m, const struct iov_yaml *node, const char *what)
{
	diag_add(m->sink, DIAG_PLATFORM_PROTOTYPE, node->where, "declaration: %s", what);
	if (m->status == IOV_OK)
		m->status = IOV_DIAGNOSED;
	return false;
}

static bool word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Whether the text has `word` as a whole word. */
static bool has(const struct param *p, const char *word)
{
	size_t len = strlen(word);

	for (const char *s = p->start; s + len <= p->end; s++) {
		if (!memcmp(s, word, len) && (s == p->start || !word_char(s[-1])) &&
		    (s + len == p->end || !word_char(s[len])))
			return true;
	}
	return false;
}

static bool named(const struct param *p, const char *name)
{
	return (size_t)(p->name_end - p->name) == strlen(name) && !memcmp(p->name, name, strlen(name));
}

static void describe(const char *start, const char *end, struct param *p)
{
	while (start < end && isspace((unsigned char)*start))
		start++;
	while (start < end && isspace((unsigned char)end[-1]))
		end--;
	*p = (struct param){.start = start, .end = end, .name_end = end};
	p->name = end;
	while (p->name > start && word_char(p->name[-1]))
		p->name--;
	p->pointer = memchr(start, '*', (size_t)(end - start));
	p->is_const = has(p, "const");
}

static bool any_of(const struct param *p, const char *const *words)
{
	while (*words && !has(p, *words))
		words++;
	return *words;
}

static uint8_t pointer_kind(const struct param *p, const struct param *next, const struct iov_helper *h, int at)
{
	static const char *const contexts[] = {"xdp_md", "__sk_buff", "xdp_buff", "sk_buff", NULL};
	static const char *const longs[] = {"u64", "s64", "__u64", "__s64", "long", NULL};
	static const char *const ints[] = {"u32", "s32", "__u32", "__s32", "int", NULL};
	bool sized = next && !next->pointer;

	if (any_of(p, contexts) || named(p, "ctx"))
		return IOV_ARG_CTX;
	if (has(p, "bpf_map"))
		return IOV_ARG_MAP;
	if (p->is_const && named(p, "key") && at && h->args[at - 1] == IOV_ARG_MAP)
		return IOV_ARG_MAP_KEY;
	if (p->is_const && named(p, "value") && at &&
	    (h->args[at - 1] == IOV_ARG_MAP_KEY || h->args[at - 1] == IOV_ARG_MAP))
		return IOV_ARG_MAP_VALUE;
	if (p->is_const && sized)
		return IOV_ARG_MEM;
	if (!p->is_const && !sized && any_of(p, longs))
		return IOV_ARG_LONG_PTR;
	if (!p->is_const && !sized && any_of(p, ints))
		return IOV_ARG_INT_PTR;
	return IOV_ARG_NONE;
}

static bool conclude_args(struct platform_maker *m, const struct iov_yaml *node, const struct param *params, int count,
			  struct iov_helper *h)
{
	for (int i = 0; i < count; i++) {
		const struct param *p = &params[i];

		if (!p->pointer) {
			h->args[i] = i && h->args[i - 1] == IOV_ARG_MEM ? IOV_ARG_SIZE : IOV_ARG_ANY;
			continue;
		}
		h->args[i] = pointer_kind(p, i + 1 < count ? p + 1 : NULL, h, i);
		if (h->args[i] == IOV_ARG_NONE)
			return wrong(m, node, "it does not tell what a pointer is for; say it with 'arguments: [...]'");
	}
	return true;
}

static const struct { const char *type; int64_t min, max;
} integers[] = {
	{"bool", 0, 1},
	{"u8", 0, UINT8_MAX},
	{"u16", 0, UINT16_MAX},
	{"u32", 0, UINT32_MAX},
	{"__u8", 0, UINT8_MAX},
	{"__u16", 0, UINT16_MAX},
	{"__u32", 0, UINT32_MAX},
	{"s32", INT32_MIN, INT32_MAX},
	{"int", INT32_MIN, INT32_MAX},
	{"__s32", INT32_MIN, INT32_MAX},
	{"u64", INT64_MIN, INT64_MAX},
	{"s64", INT64_MIN, INT64_MAX},
	{"__u64", INT64_MIN, INT64_MAX},
	{"__s64", INT64_MIN, INT64_MAX},
	{"long", INT64_MIN, INT64_MAX},
};

static bool conclude_ret(struct platform_maker *m, const struct iov_yaml *node, const struct param *ret,
			 struct iov_helper *h)
{
	if (ret->pointer)
		return wrong(m, node, "it returns a pointer; say which with 'returns:'");
	if (has(ret, "void")) {
		h->ret = IOV_RET_VOID;
		return true;
	}
	for (size_t i = 0; i < sizeof(integers) / sizeof(*integers); i++) {
		if (has(ret, integers[i].type)) {
			h->ret_min = integers[i].min;
			h->ret_max = integers[i].max;
			return true;
		}
	}
	return wrong(m, node, "its result is neither void, an integer (u32, s64, int, ...) nor a pointer");
}

/* The parameters, split at commas; -1 when there are more than five. */
static int split(const char *start, const char *end, struct param params[5])
{
	int count = 0;

	while (start < end) {
		const char *comma = memchr(start, ',', (size_t)(end - start));
		const char *stop = comma ? comma : end;

		if (count == 5)
			return -1;
		describe(start, stop, &params[count++]);
		start = comma ? comma + 1 : end;
	}
	if (count == 1 && !params[0].pointer && has(&params[0], "void"))
		return 0;
	return count;
}

bool platform_declaration(struct platform_maker *m, const struct iov_yaml *node, bool have_args, bool have_ret,
			  struct iov_helper *h)
{
	const char *open = strchr(h->decl, '('), *close = strrchr(h->decl, ')');
	struct param head, params[5];
	int count;

	if (!open || !close || close < open || strchr(open + 1, '(') || close[1 + strspn(close + 1, " ;")])
		return wrong(m, node, "a C function declaration is expected: u32 name(struct xdp_md *ctx, u64 flags)");
	describe(h->decl, open, &head);
	if (!strncmp(head.name, "bpf_", 4) && strncmp(h->name, "bpf_", 4))
		head.name += 4;
	if (head.name == head.start || !named(&head, h->name))
		return wrong(m, node, "it declares another name than 'name' says");
	count = split(open + 1, close, params);
	if (count < 0)
		return wrong(m, node, "a helper has at most five parameters");
	head.end = head.name;
	return (have_args || conclude_args(m, node, params, count, h)) && (have_ret || conclude_ret(m, node, &head, h));
}
