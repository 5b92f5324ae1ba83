/* SPDX-License-Identifier: Apache-2.0 */
/* The option table as text: --help, and man(7) for the generated part of a tool's page. */
#include "asm/base/option.h"

#include <string.h>

static const char file_help[] = "Put the words of FILE here, quoted as in the shell";

enum { HELP_COLUMN = 30, HELP_WIDTH = 100 };

/* "-o, --output=FILE" or "-IDIR"; in man(7) names are bold and values italic. */
static void put_names(struct iov_buf *out, const struct iov_option *o, bool man)
{
	const char *bold = man ? "\\fB" : "", *italic = man ? "\\fI" : "", *plain = man ? "\\fR" : "";
	const char *dash = man ? "\\-" : "-", *name = o->long_name;
	bool one_dash = name && *name == '-', pass = o->kind == IOV_OPT_PASS || o->kind == IOV_OPT_JOINED;

	if (o->short_name) {
		buf_printf(out, "%s%s%c%s", bold, dash, o->short_name, plain);
		if (o->value_name && !name)
			buf_printf(out, "%s%s%s%s", pass ? "" : " ", italic, o->value_name, plain);
	}
	if (!name)
		return;
	buf_puts(out, o->short_name ? ", " : man ? "" : "    ");
	buf_printf(out, "%s%s%s", bold, dash, one_dash ? "" : dash);
	for (name += one_dash; *name; name++) {
		if (*name == '-' && man)
			buf_puts(out, "\\-");
		else
			buf_putc(out, *name);
	}
	buf_puts(out, plain);
	if (o->value_name)
		buf_printf(out, "=%s%s%s", italic, o->value_name, plain);
}

static void pad_to(struct iov_buf *out, size_t start, size_t column)
{
	if (out->len - start + 2 > column) {
		buf_putc(out, '\n');
		start = out->len;
	}
	while (!out->failed && out->len - start < column)
		buf_putc(out, ' ');
}

/* Words of `text` folded at HELP_WIDTH, continuation lines indented to HELP_COLUMN. */
static void put_folded(struct iov_buf *out, const char *text)
{
	size_t column = HELP_COLUMN;

	while (*text) {
		size_t word = strcspn(text, " ");

		if (column > HELP_COLUMN && column + 1 + word > HELP_WIDTH) {
			buf_printf(out, "\n%*s", HELP_COLUMN, "");
			column = HELP_COLUMN;
		} else if (column > HELP_COLUMN) {
			buf_putc(out, ' ');
			column++;
		}
		buf_put(out, text, word);
		column += word;
		text += word + strspn(text + word, " ");
	}
	buf_putc(out, '\n');
}

static void help_row(struct iov_buf *out, const struct iov_option *o)
{
	size_t start = out->len;

	if (!o->help)
		return;
	if (o->kind == IOV_OPT_GROUP) {
		buf_printf(out, "\n%s:\n", o->help);
		return;
	}
	buf_puts(out, "  ");
	put_names(out, o, false);
	pad_to(out, start, HELP_COLUMN);
	put_folded(out, o->help);
}

void option_help(const struct iov_option_spec *spec, struct iov_buf *out)
{
	const struct iov_option *tables[] = {spec->options, option_common_rows};

	buf_printf(out, "usage: %s [OPTION]... %s\n%s: %s\n", spec->tool, spec->operands, spec->tool, spec->summary);
	if (spec->options->kind != IOV_OPT_GROUP)
		buf_puts(out, "\nOptions:\n");
	for (size_t t = 0; t < 2; t++) {
		for (const struct iov_option *o = tables[t]; !option_is_end(o); o++)
			help_row(out, o);
	}
	buf_printf(out, "  %-*s%s\n", HELP_COLUMN - 2, "@FILE", file_help);
	if (spec->epilogue)
		buf_printf(out, "\n%s\n", spec->epilogue);
}

/* Text that roff takes literally: backslashes, dashes, and control characters at the start of a line. */
static void put_roff(struct iov_buf *out, const char *text)
{
	for (const char *s = text; *s; s++) {
		if (*s == '\\')
			buf_puts(out, "\\e");
		else if (*s == '-')
			buf_puts(out, "\\-");
		else if ((*s == '.' || *s == '\'') && (s == text || s[-1] == '\n'))
			buf_printf(out, "\\&%c", *s);
		else
			buf_putc(out, *s);
	}
}

static void man_row(struct iov_buf *out, const struct iov_option *o)
{
	if (!o->help)
		return;
	buf_puts(out, o->kind == IOV_OPT_GROUP ? ".SS " : ".TP\n");
	if (o->kind != IOV_OPT_GROUP) {
		put_names(out, o, true);
		buf_putc(out, '\n');
	}
	put_roff(out, o->help);
	buf_puts(out, o->kind == IOV_OPT_GROUP ? "\n" : ".\n");
}

void option_man(const struct iov_option_spec *spec, struct iov_buf *out)
{
	const struct iov_option *tables[] = {spec->options, option_common_rows};

	buf_printf(out, ".SH SYNOPSIS\n.B %s\n[\\fIOPTION\\fR]...\n.I ", spec->tool);
	put_roff(out, spec->operands);
	buf_puts(out, "\n.SH OPTIONS\n");
	for (size_t t = 0; t < 2; t++) {
		for (const struct iov_option *o = tables[t]; !option_is_end(o); o++)
			man_row(out, o);
	}
	buf_printf(out, ".TP\n\\fB@\\fR\\fIFILE\\fR\n%s.\n", file_help);
}
