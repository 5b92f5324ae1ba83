/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the listing of a program: a heading for each function, labels, source lines, instructions in a dialect. */
#include "asm/dump_part.h"

#include <stdio.h>
#include <string.h>

struct listing {
	const struct iov_prog *prog;
	uint32_t *label; /* by slot: its number, or 0 */
	char text[300];  /* the last name given out */
	struct iov_arena *arena;
};

static const char *helper_name(void *ud, int32_t id)
{
	struct listing *l = ud;
	const struct iov_helper *h = id > 0 ? catalogue_helper((uint32_t)id) : NULL;

	if (!h)
		return NULL;
	snprintf(l->text, sizeof(l->text), "bpf_%s#%d", h->name, id);
	return l->text;
}

/* A label must not be longer than the buffer, and must not carry what a terminal obeys. */
static const char *printable(struct listing *l, const char *name)
{
	struct iov_buf b = {0};

	text_safe(&b, name, strnlen(name, 200));
	snprintf(l->text, sizeof(l->text), "%s", buf_cstr(&b) ? (const char *)b.data : "?");
	buf_free(&b);
	return l->text;
}

static const char *label_name(void *ud, int64_t slot)
{
	struct listing *l = ud;

	if (slot < 0 || slot >= l->prog->count)
		return NULL;
	for (uint32_t i = 0; i < l->prog->sub_count; i++)
		if (l->prog->subs[i].start == slot && !l->label[slot])
			return printable(l, l->prog->subs[i].name);
	if (!l->label[slot])
		return NULL;
	snprintf(l->text, sizeof(l->text), "L%u", l->label[slot]);
	return l->text;
}

static const char *kfunc_name(void *ud, int32_t imm, int16_t off)
{
	struct listing *l = ud;

	(void)off;
	return imm >= 0 && (uint32_t)imm < l->prog->extern_count ? printable(l, l->prog->externs[imm].name) : NULL;
}

static const char *map_name(void *ud, int32_t index)
{
	struct listing *l = ud;
	const char *name = index >= 0 && (uint32_t)index < l->prog->map_count ? l->prog->maps[index]->name : NULL;

	if (!name)
		return NULL;
	printable(l, name);
	return l->text;
}

int64_t dump_jump_target(const struct iov_prog *prog, uint32_t i)
{
	const struct iov_isa_row *row = isa_find(&prog->insns[i]);
	int64_t to;

	if (!row || (row->kind != ISA_K_JA && row->kind != ISA_K_JCC && row->kind != ISA_K_MAY_GOTO))
		return -1;
	to = isa_target(row, &prog->insns[i], i);
	return to < prog->count ? to : -1;
}

/* Where jumps lead, numbered in order of place. */
static bool number_labels(struct listing *l)
{
	const struct iov_prog *p = l->prog;
	uint32_t n = 0;

	l->label = arena_array(l->arena, p->count + 1u, sizeof(*l->label));
	if (!l->label)
		return false;
	for (uint32_t i = 0; i < p->count; i += isa_is_wide(&p->insns[i]) ? 2 : 1) {
		int64_t target = dump_jump_target(p, i);

		if (target >= 0)
			l->label[target] = 1;
	}
	for (uint32_t i = 0; i < p->count; i++)
		if (l->label[i])
			l->label[i] = ++n;
	return true;
}

static void print_source(const struct iov_line *line, const struct iov_line *before, struct arrows *arrows, uint32_t at,
			 struct iov_buf *out)
{
	const char *text = line->text, *file = strrchr(line->file, '/');

	if (before && before->line == line->line && !strcmp(before->file, line->file))
		return;
	arrows_print(arrows, at, false, out);
	buf_puts(out, "; ");
	dump_name(out, file ? file + 1 : line->file);
	buf_printf(out, ":%u", line->line);
	if (text) {
		while (*text == ' ' || *text == '\t')
			text++;
		buf_puts(out, ": ");
		dump_name(out, text);
	}
	buf_putc(out, '\n');
}

static void print_heading(const struct iov_prog *p, const struct iov_subprog *sub, struct iov_buf *out)
{
	const struct iov_prog_type *type = catalogue_prog_type(p->type);

	buf_puts(out, "\n");
	dump_name(out, sub->name);
	if (sub != p->subs) {
		buf_puts(out, sub->global ? ": # global function\n" : ": # function\n");
		return;
	}
	buf_puts(out, ": # section ");
	dump_name(out, p->section);
	if (type)
		buf_printf(out, ", %s program", type->name);
	buf_printf(out, ", %u instructions\n", p->count);
}

struct listing *listing_new(const struct iov_prog *prog, struct iov_arena *arena)
{
	struct listing *l = ARENA_NEW(arena, struct listing);

	if (!l)
		return NULL;
	l->prog = prog;
	l->arena = arena;
	return number_labels(l) ? l : NULL;
}

void listing_insn(struct listing *l, uint32_t at, const struct iov_dump_options *o, struct iov_buf *out)
{
	const struct iov_isa_names names = {helper_name, label_name, kfunc_name, map_name, l, false};
	const struct iov_prog *p = l->prog;
	const struct iov_insn *insn = &p->insns[at];
	struct iov_insn alone[2] = {*insn};

	if (isa_is_wide(insn) && at + 1 < p->count)
		alone[1] = insn[1];
	isa_print(out, alone, at, o->dialect ? IOV_DIALECT_MNEMONIC : IOV_DIALECT_KERNEL, o->plain ? NULL : &names);
	if (!o->plain && insn->code == 0x18 && insn->src == 3 && insn->imm >= 0 &&
	    (uint32_t)insn->imm < p->extern_count) {
		buf_puts(out, " # ");
		dump_name(out, p->externs[insn->imm].name);
	}
}

static void print_row(struct listing *l, struct arrows *arrows, const struct dump_access *access, uint32_t i,
		      const struct iov_dump_options *o, struct iov_buf *out)
{
	size_t before;

	arrows_print(arrows, i, true, out);
	buf_printf(out, "%6u: ", i);
	before = out->len;
	listing_insn(l, i, o, out);
	if (access && access[i].text) {
		while (!out->failed && out->len - before < 40)
			buf_putc(out, ' ');
		buf_puts(out, " # ");
		dump_name(out, access[i].text);
	}
	buf_putc(out, '\n');
}

/* Instructions alone, one a line. */
static void print_plain(struct listing *l, const struct iov_dump_options *o, struct iov_buf *out)
{
	const struct iov_prog *p = l->prog;

	for (uint32_t i = 0; i < p->count; i += isa_is_wide(&p->insns[i]) && i + 1 < p->count ? 2 : 1) {
		listing_insn(l, i, o, out);
		buf_putc(out, '\n');
	}
}

void dump_listing(const struct iov_object *obj, const struct iov_prog *prog, const struct iov_dump_options *options,
		  struct iov_arena *arena, struct iov_buf *out)
{
	struct listing *l = listing_new(prog, arena);
	struct arrows *arrows = l ? arrows_new(prog, arena) : NULL;
	const struct dump_access *access = arrows ? dump_accesses(obj, prog, arena) : NULL;
	uint32_t line = 0, sub = 0;

	if (!access) {
		out->failed = true;
		return;
	}
	if (options->plain) {
		print_plain(l, options, out);
		return;
	}
	for (uint32_t i = 0; i < prog->count; i += isa_is_wide(&prog->insns[i]) && i + 1 < prog->count ? 2 : 1) {
		bool first = sub < prog->sub_count && prog->subs[sub].start == i;

		if (first)
			print_heading(prog, &prog->subs[sub++], out);
		if (l->label[i]) {
			arrows_print(arrows, i, false, out);
			buf_printf(out, "L%u:\n", l->label[i]);
		}
		for (; line < prog->line_count && prog->lines[line].insn <= i; line++)
			if (!options->no_source && prog->lines[line].insn == i)
				print_source(&prog->lines[line], line && !first ? &prog->lines[line - 1] : NULL, arrows,
					     i, out);
		print_row(l, arrows, access, i, options, out);
	}
}
