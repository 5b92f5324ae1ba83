/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the basic blocks of a program as a graph in Graphviz' language, and the way through Graphviz to a picture. */
#include "asm/dump_part.h"

#include "asm/base/output.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct cfg {
	const struct iov_prog *prog;
	uint32_t number; /* among the programs of the picture */
	bool *leader;    /* by slot: a block begins */
	struct iov_buf *out;
};

static uint32_t size_at(const struct iov_prog *p, uint32_t i)
{
	return isa_is_wide(&p->insns[i]) && i + 1 < p->count ? 2 : 1;
}

static bool ends_block(const struct iov_isa_row *row)
{
	return row && (row->kind == ISA_K_JA || row->kind == ISA_K_JCC || row->kind == ISA_K_MAY_GOTO ||
		       row->kind == ISA_K_EXIT);
}

static void mark_leaders(struct cfg *c)
{
	const struct iov_prog *p = c->prog;

	for (uint32_t i = 0; i < p->sub_count; i++)
		if (p->subs[i].start < p->count)
			c->leader[p->subs[i].start] = true;
	for (uint32_t i = 0; i < p->count; i += size_at(p, i)) {
		int64_t to = dump_jump_target(p, i);

		if (to >= 0)
			c->leader[to] = true;
		if (ends_block(isa_find(&p->insns[i])) && i + 1 < p->count)
			c->leader[i + 1] = true;
	}
}

/* Text inside a quoted string of dot: left-aligned lines. */
static void put_text(struct iov_buf *out, const struct iov_buf *text)
{
	for (size_t i = 0; i < text->len; i++) {
		char ch = (char)text->data[i];

		if (ch == '"' || ch == '\\')
			buf_putc(out, '\\');
		if (ch == '\n')
			buf_puts(out, "\\l");
		else
			buf_putc(out, ch);
	}
}

static void put_edge(struct cfg *c, uint32_t from, int64_t to, const char *style)
{
	if (to >= 0 && to < c->prog->count)
		buf_printf(c->out, "\t\tp%ub%u -> p%ub%u%s;\n", c->number, from, c->number, (uint32_t)to, style);
}

/* The block that begins at `i`; returns where the next one does. */
static uint32_t put_block(struct cfg *c, struct listing *l, uint32_t i, const struct iov_dump_options *o,
			  struct iov_buf *text)
{
	const struct iov_prog *p = c->prog;
	uint32_t begin = i, last = i;

	text->len = 0;
	do {
		const struct iov_line *line = prog_line(p, i);

		if (!o->no_source && line && line->insn == i && line->text) {
			const char *s = line->text + strspn(line->text, " \t");

			buf_puts(text, "; ");
			text_safe(text, s, strlen(s));
			buf_putc(text, '\n');
		}
		buf_printf(text, "%u: ", i);
		listing_insn(l, i, o, text);
		buf_putc(text, '\n');
		last = i;
		i += size_at(p, i);
	} while (i < p->count && !c->leader[i]);
	buf_printf(c->out, "\t\tp%ub%u [label=\"", c->number, begin);
	put_text(c->out, text);
	buf_puts(c->out, "\"];\n");

	const struct iov_isa_row *row = isa_find(&p->insns[last]);
	bool two = row && (row->kind == ISA_K_JCC || row->kind == ISA_K_MAY_GOTO);

	put_edge(c, begin, dump_jump_target(p, last), two ? " [color=darkgreen, label=\"yes\"]" : "");
	if (!ends_block(row) || two)
		put_edge(c, begin, i, two ? " [color=firebrick, label=\"no\"]" : "");
	return i;
}

static void put_name(struct iov_buf *out, const char *name)
{
	struct iov_buf safe;

	buf_init(&safe, out->alloc);
	dump_name(&safe, name);
	put_text(out, &safe);
	out->failed |= safe.failed;
	buf_free(&safe);
}

void dump_cfg_begin(const char *name, struct iov_buf *out)
{
	buf_puts(out, "digraph \"");
	put_name(out, name);
	buf_puts(out, "\" {\n\tnode [shape=box, fontname=monospace, fontsize=10];\n\tedge [fontname=monospace, "
		      "fontsize=9];\n");
}

void dump_cfg_end(struct iov_buf *out)
{
	buf_puts(out, "}\n");
}

void dump_cfg(const struct iov_prog *prog, uint32_t number, const struct iov_dump_options *options,
	      struct iov_arena *arena, struct iov_buf *out)
{
	struct cfg c = {.prog = prog, .number = number, .out = out, .leader = arena_alloc(arena, prog->count + 1u)};
	struct listing *l = listing_new(prog, arena);
	struct iov_buf text;
	uint32_t sub = 0;
	bool open = false;

	if (!c.leader || !l) {
		out->failed = true;
		return;
	}
	buf_init(&text, arena->alloc);
	mark_leaders(&c);
	for (uint32_t i = 0; i < prog->count;) {
		if (sub < prog->sub_count && prog->subs[sub].start <= i) {
			buf_printf(out, "%s\tsubgraph cluster_%u_%u {\n\t\tlabel=\"", open ? "\t}\n" : "", number, sub);
			put_name(out, prog->subs[sub++].name);
			buf_puts(out, "\"; fontname=monospace;\n");
			open = true;
		}
		i = put_block(&c, l, i, options, &text);
	}
	buf_puts(out, open ? "\t}\n" : "");
	out->failed |= text.failed;
	buf_free(&text);
}

static enum iov_status no_graphviz(struct iov_sink *sink, const char *why)
{
	struct iov_diag *d = diag_add(sink, DIAG_DUMP_DOT, IOV_NOWHERE, "the picture cannot be drawn: %s", why);

	diag_hint(d, "install Graphviz (package graphviz), or take --cfg=dot and draw it elsewhere");
	return IOV_DIAGNOSED;
}

static bool write_input(FILE *file, const struct iov_buf *dot)
{
	return fwrite(dot->data, 1, dot->len, file) == dot->len && !fflush(file) && !fseek(file, 0, SEEK_SET);
}

/* dot reads one unnamed file and writes another. */
static enum iov_status run_dot(FILE *in, FILE *from, struct iov_sink *sink)
{
	char *const argv[] = {"dot", "-Tsvg", NULL};
	posix_spawn_file_actions_t actions;
	pid_t child;
	int error, status = 0;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fileno(in), 0);
	posix_spawn_file_actions_adddup2(&actions, fileno(from), 1);
	error = posix_spawnp(&child, "dot", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (error)
		return no_graphviz(sink, error == ENOENT ? "there is no program dot" : strerror(error));
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return no_graphviz(sink, WIFEXITED(status) && WEXITSTATUS(status) == 127 ? "there is no program dot"
											 : "dot failed");
	return IOV_OK;
}

enum iov_status dump_svg(const struct iov_buf *dot, struct iov_sink *sink, struct iov_buf *out)
{
	FILE *in = tmpfile(), *from = tmpfile();
	enum iov_status status;
	uint8_t block[4096];
	size_t n;

	if (!in || !from || !write_input(in, dot))
		status = no_graphviz(sink, "no temporary file can be written");
	else
		status = run_dot(in, from, sink);
	if (!status && fseek(from, 0, SEEK_SET))
		status = no_graphviz(sink, "what dot wrote cannot be read");
	while (!status && (n = fread(block, 1, sizeof(block), from)))
		buf_put(out, block, n);
	if (in)
		fclose(in);
	if (from)
		fclose(from);
	return out->failed ? IOV_NOMEM : status;
}
