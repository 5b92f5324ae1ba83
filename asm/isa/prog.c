/* SPDX-License-Identifier: Apache-2.0 */
/* Looking things up in a program: the source line, the variable and the subprogram that belong to a slot. */
#include "asm/isa/prog.h"

#include <string.h>

/* Number of records, sorted by their first slot, that begin at or before `insn`. */
static uint32_t lines_up_to(const struct iov_prog *prog, uint32_t insn)
{
	uint32_t low = 0, high = prog->line_count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (prog->lines[mid].insn <= insn)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct iov_line *prog_line(const struct iov_prog *prog, uint32_t insn)
{
	const struct iov_subprog *sub = prog_sub_at(prog, insn);
	uint32_t n = lines_up_to(prog, insn);

	/* A record of the function before says nothing about this one. */
	if (!n || (sub && prog->lines[n - 1].insn < sub->start))
		return NULL;
	return &prog->lines[n - 1];
}

struct iov_span prog_span(const struct iov_prog *prog, uint32_t insn)
{
	const struct iov_line *line = prog_line(prog, insn);
	const struct iov_subprog *sub = prog_sub_at(prog, insn);
	struct iov_span span = IOV_NOWHERE;

	span.insn = insn < prog->lead ? -1 : prog_number(prog, insn);
	span.program = sub && sub->name ? sub->name : prog->name;
	if (!line)
		return span;
	span.file = line->file;
	span.line = line->line;
	span.col = line->col;
	span.text = line->text;
	return span;
}

/* Among the ranges that cover the slot the one that begins last is the innermost. */
static const struct iov_var *find_var(const struct iov_prog *prog, uint32_t insn, enum iov_var_place place, int32_t at)
{
	const struct iov_var *best = NULL;

	for (uint32_t i = 0; i < prog->var_count && prog->vars[i].begin <= insn; i++) {
		const struct iov_var *v = &prog->vars[i];
		int64_t size = place == IOV_VAR_STACK && v->size ? v->size : 1;

		if (v->place == place && insn < v->end && at >= v->where && at < v->where + size)
			best = v;
	}
	return best;
}

const struct iov_var *prog_reg_var(const struct iov_prog *prog, uint32_t insn, int reg)
{
	return find_var(prog, insn, IOV_VAR_REG, reg);
}

const struct iov_var *prog_stack_var(const struct iov_prog *prog, uint32_t insn, int32_t off)
{
	return find_var(prog, insn, IOV_VAR_STACK, off);
}

const struct iov_subprog *prog_sub_at(const struct iov_prog *prog, uint32_t insn)
{
	uint32_t low = 0, high = prog->sub_count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const struct iov_subprog *sub = &prog->subs[mid];

		if (insn < sub->start)
			high = mid;
		else if (insn - sub->start >= sub->count)
			low = mid + 1;
		else
			return sub;
	}
	return NULL;
}

bool prog_license_is_gpl(const char *license)
{
	static const char *const compatible[] = {
		"GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL",
	};

	for (size_t i = 0; license && i < sizeof(compatible) / sizeof(*compatible); i++) {
		if (!strcmp(license, compatible[i]))
			return true;
	}
	return false;
}
