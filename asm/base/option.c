/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing of command lines by table. An argument is tried in this order: one-dash long names ("-std"), long names,
 * then short names, the tool's own rows before the common ones. */
#include "asm/base/option.h"
#include "asm/base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const formats[] = {"text", "json", "sarif", NULL};
static const char *const colours[] = {"auto", "always", "never", NULL};

#define COMMON(field) offsetof(struct iov_option_common, field)
const struct iov_option option_common_rows[] = {
	{.kind = IOV_OPT_GROUP, .help = "Diagnostics and help"},
	{.long_name = "diagnostics-format", .kind = IOV_OPT_ENUM, .offset = COMMON(diag_format), .value_name = "FORMAT",
	 .help = "Print diagnostics as text, json or sarif", .choices = formats},
	{.long_name = "diagnostics-file", .kind = IOV_OPT_STRING, .offset = COMMON(diag_file), .value_name = "FILE",
	 .help = "Write diagnostics to FILE instead of standard error"},
	{.long_name = "color", .kind = IOV_OPT_ENUM, .offset = COMMON(colour), .value_name = "WHEN",
	 .help = "Colour the text: auto, always or never (NO_COLOR is obeyed by auto)", .choices = colours},
	{.long_name = "explain", .kind = IOV_OPT_STRING, .offset = COMMON(explain), .value_name = "CODE",
	 .help = "Explain a diagnostic such as IOV-B001 and exit"},
	{.short_name = 'h', .long_name = "help", .kind = IOV_OPT_FLAG, .offset = COMMON(help),
	 .help = "Print this text and exit"},
	{.long_name = "version", .kind = IOV_OPT_FLAG, .offset = COMMON(version), .help = "Print the version and exit"},
	{.long_name = "man", .kind = IOV_OPT_FLAG, .offset = COMMON(man)},
	{0},
};

struct parser {
	const struct iov_option_spec *spec;
	char **args;         /* what is left, args[0] is being looked at */
	struct iov_arena *arena;
	struct iov_sink *sink;
	void *into;
	struct iov_option_common *common;
	bool nomem;
};

/* A row and where its field is. */
struct match {
	const struct iov_option *row;
	void *field;
};

static bool takes_value(const struct iov_option *o)
{
	return o->kind != IOV_OPT_FLAG && (o->kind < IOV_OPT_PASS || o->value_name);
}

static const struct iov_option *find_long(const struct iov_option *rows, const char *name, size_t len)
{
	for (; !option_is_end(rows); rows++) {
		if (rows->kind != IOV_OPT_GROUP && rows->long_name && !strncmp(rows->long_name, name, len) &&
		    !rows->long_name[len])
			return rows;
	}
	return NULL;
}

static const struct iov_option *find_short(const struct iov_option *rows, char name)
{
	for (; !option_is_end(rows); rows++) {
		if (rows->kind != IOV_OPT_GROUP && rows->short_name && rows->short_name == name)
			return rows;
	}
	return NULL;
}

static struct match match_in(const struct parser *p, const struct iov_option *own, const struct iov_option *common)
{
	if (own)
		return (struct match){own, (char *)p->into + own->offset};
	if (common)
		return (struct match){common, (char *)p->common + common->offset};
	return (struct match){0};
}

static struct match match_long(const struct parser *p, const char *name, size_t len)
{
	return match_in(p, find_long(p->spec->options, name, len), find_long(option_common_rows, name, len));
}

static struct match match_short(const struct parser *p, char name)
{
	return match_in(p, find_short(p->spec->options, name), find_short(option_common_rows, name));
}

static void append(struct parser *p, struct iov_option_list *list, const char *item)
{
	p->nomem |= !option_append(list, item, p->arena);
}

static bool parse_uint(const char *s, uint64_t *out)
{
	static const char suffixes[] = "kKmMgG";
	unsigned long long v;
	const char *suffix;
	char *end;

	if (*s < '0' || *s > '9')
		return false;
	errno = 0;
	v = strtoull(s, &end, s[0] == '0' && (s[1] | 32) == 'x' ? 16 : 10);
	if (errno || end == s)
		return false;
	if (*end) {
		suffix = strchr(suffixes, *end);
		if (!suffix || end[1] || __builtin_mul_overflow(v, 1ull << 10 * ((suffix - suffixes) / 2 + 1), &v))
			return false;
	}
	*out = v;
	return true;
}

static struct iov_diag *wrong(const struct parser *p, const char *what, const char *arg)
{
	return diag_add(p->sink, DIAG_USAGE, IOV_NOWHERE, "%s '%s'", what, arg);
}

static void store_enum(struct parser *p, struct match m, const char *value, const char *arg)
{
	struct iov_buf list = {.alloc = p->arena->alloc};
	const char *text;

	for (int i = 0; m.row->choices[i]; i++) {
		if (!strcmp(m.row->choices[i], value)) {
			*(int *)m.field = i;
			buf_free(&list);
			return;
		}
		buf_printf(&list, "%s%s", i ? ", " : "", m.row->choices[i]);
	}
	text = buf_cstr(&list);
	diag_hint(wrong(p, "unknown value in", arg), "write one of: %s", text ? text : "?");
	buf_free(&list);
}

/* `arg` is the argument as written; `value` is inside it, or the argument after it, or NULL for a flag. */
static void store(struct parser *p, struct match m, const char *value, const char *arg)
{
	switch (m.row->kind) {
	case IOV_OPT_FLAG:
		*(bool *)m.field = true;
		break;
	case IOV_OPT_STRING:
		*(const char **)m.field = value;
		break;
	case IOV_OPT_LIST:
		append(p, m.field, value);
		break;
	case IOV_OPT_UINT:
		if (!parse_uint(value, m.field))
			diag_hint(wrong(p, "not a number:", value), "write a decimal or 0x number, such as 64 or 1M");
		break;
	case IOV_OPT_ENUM:
		store_enum(p, m, value, arg);
		break;
	case IOV_OPT_PASS:
	case IOV_OPT_JOINED:
		append(p, m.field, arg);
		if (value && (value < arg || value > arg + strlen(arg)))
			append(p, m.field, value);
		break;
	case IOV_OPT_GROUP:
		break;
	}
}

/* The next argument as a value; NULL and a diagnostic when there is none. */
static const char *next_value(struct parser *p, struct match m, const char *arg)
{
	if (p->args[1])
		return *++p->args;
	diag_hint(wrong(p, "no value after", arg), "write %s %s", arg, m.row->value_name ? m.row->value_name : "VALUE");
	return NULL;
}

/* `name` is behind the dashes (for one-dash long names: with its dash). False: no such name. */
static bool parse_long(struct parser *p, const char *name)
{
	const char *arg = *p->args, *equals = strchr(name, '='), *value = equals ? equals + 1 : NULL;
	struct match m = match_long(p, name, equals ? (size_t)(equals - name) : strlen(name));

	if (!m.row)
		return false;
	if (!takes_value(m.row)) {
		if (value)
			wrong(p, "no value is allowed in", arg);
		else
			store(p, m, NULL, arg);
		return true;
	}
	if (!value && m.row->kind != IOV_OPT_JOINED)
		value = next_value(p, m, arg);
	if (value || m.row->kind == IOV_OPT_JOINED)
		store(p, m, value, arg);
	return true;
}

/* The nearest long name to a word that is none, or NULL. */
static const char *nearest(const struct parser *p, const char *name)
{
	const struct iov_option *tables[] = {p->spec->options, option_common_rows};
	const char *best = NULL;
	unsigned least = 3;

	for (size_t t = 0; t < 2; t++) {
		for (const struct iov_option *o = tables[t]; !option_is_end(o); o++) {
			unsigned d = o->long_name && o->help ? text_distance(name, o->long_name, 2) : 3;

			if (d < least) {
				least = d;
				best = o->long_name;
			}
		}
	}
	return best;
}

static void unknown(struct parser *p, const char *arg)
{
	const char *dashless = arg + (arg[1] == '-' ? 2 : 1);
	char word[64] = {0};
	const char *best;

	strncpy(word, dashless, strcspn(dashless, "=") < sizeof(word) ? strcspn(dashless, "=") : sizeof(word) - 1);
	best = nearest(p, word);
	if (best)
		diag_hint(wrong(p, "unknown option", arg), "did you mean %s%s?", *best == '-' ? "" : "--", best);
	else
		diag_hint(wrong(p, "unknown option", arg), "%s --help lists the options", p->spec->tool);
}

static void parse_short(struct parser *p)
{
	const char *arg = *p->args;

	for (const char *s = arg + 1; *s; s++) {
		struct match m = match_short(p, *s);
		const char *value = s[1] ? s + 1 : NULL;

		if (!m.row || (s > arg + 1 && m.row->kind >= IOV_OPT_PASS)) {
			unknown(p, arg);
			return;
		}
		if (!takes_value(m.row)) {
			if (m.row->kind == IOV_OPT_FLAG) {
				store(p, m, NULL, arg);
				continue;
			}
			if (value) /* a PASS row without a value is one exact argument */
				unknown(p, arg);
			else
				store(p, m, NULL, arg);
			return;
		}
		if (!value && m.row->kind != IOV_OPT_JOINED)
			value = next_value(p, m, arg);
		if (value || m.row->kind == IOV_OPT_JOINED)
			store(p, m, value, arg);
		return;
	}
}

static void parse_argument(struct parser *p)
{
	const char *arg = *p->args;

	if (arg[1] == '-' ? parse_long(p, arg + 2) : parse_long(p, arg))
		return;
	if (arg[1] == '-')
		unknown(p, arg);
	else
		parse_short(p);
}

enum iov_status option_parse(const struct iov_option_spec *spec, int argc, char **argv, struct iov_arena *arena,
			     struct iov_sink *sink, void *into, struct iov_option_common *common,
			     struct iov_option_list *operands)
{
	enum iov_status status = option_expand(&argc, &argv, arena, sink);
	struct parser p = {.spec = spec, .args = argv + (argc > 0), .arena = arena, .sink = sink, .into = into,
			   .common = common};
	uint32_t errors = sink->errors;
	bool only_operands = false;

	if (status)
		return status;
	for (; argc > 0 && *p.args; p.args++) {
		const char *arg = *p.args;

		if (!only_operands && !strcmp(arg, "--"))
			only_operands = true;
		else if (only_operands || arg[0] != '-' || !arg[1])
			append(&p, operands, arg);
		else
			parse_argument(&p);
	}
	return p.nomem ? IOV_NOMEM : sink->errors > errors ? IOV_USAGE : IOV_OK;
}
