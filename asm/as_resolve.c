/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the end of fixups: every section gets its final bytes, every fixup becomes bytes, a relocation, or a message.
 * The rules about which symbol a relocation names are LLVM's: a local symbol is named by its section and its address,
 * any other by itself. */
#include "asm/as_part.h"

#include <inttypes.h>

/* What an alignment skips: the byte that it asked for; in code, where that is 0, gotos to the next slot. */
static void fill(struct as *s, const struct as_section *x, const struct as_point *p, uint8_t *room)
{
	uint64_t odd = p->size % 8;

	memset(room, p->fill, p->size);
	if (x->has_code && !p->fill && p->size >= 8)
		for (uint64_t at = odd; at < p->size; at += 8)
			isa_encode(&(struct iov_insn){.code = 0x05}, s->big, room + at);
}

/* Spread the buffer out over the final sizes of the points. */
static void expand(struct as *s, struct as_section *x)
{
	struct iov_buf out;
	uint32_t done = 0;

	if (!x->point_count)
		return;
	buf_init(&out, s->alloc);
	for (uint32_t i = 0; i < x->point_count; i++) {
		const struct as_point *p = &x->points[i];
		uint32_t keep = p->kind == AS_POINT_JUMP ? p->flat : 0;
		uint8_t *room;

		buf_put(&out, x->data.data + done, p->offset + keep - done);
		room = p->size > keep ? buf_grow(&out, p->size - keep) : NULL;
		if (room && p->kind == AS_POINT_ALIGN)
			fill(s, x, p, room);
		else if (room)
			memset(room, 0, p->size - keep);
		done = p->offset + p->flat;
	}
	buf_put(&out, x->data.data + done, x->data.len - done);
	if (out.failed)
		as_oom(s);
	buf_free(&x->data);
	x->data = out;
}

static void undefined(struct as *s, uint32_t id, const char *at)
{
	struct as_symbol *y = as_sym(s, id);

	if (y->reported)
		return;
	y->reported = true;
	if (!y->name)
		as_error(s, at, 0, DIAG_ASM_UNDEFINED, "no such label stands after this line");
	else
		as_undefined(s, id, at);
}

/* The symbol that a relocation names, and what is added to it; 0: diagnosed. */
static uint32_t reloc_symbol(struct as *s, const struct as_fixup *f, uint32_t id, int64_t *addend)
{
	struct as_symbol *y = as_sym(s, id);
	struct as_section *x;

	if (y->kind == AS_UNDEFINED && y->name && !y->bind_set) {
		const char *name = as_symbol_name(s, id);

		x = as_section_find(s, name);
		if (x)
			return x->symbol;
	}
	if (y->kind == AS_UNDEFINED) {
		if (as_is_private(y)) {
			undefined(s, id, f->at);
			return 0;
		}
		return id;
	}
	if (y->kind == AS_LABEL && (as_is_private(y) || (y->bind == STB_LOCAL && !y->named_reloc))) {
		x = s->sections[y->section];
		*addend = (int64_t)((uint64_t)*addend + as_address(x, y->offset));
		return x->symbol;
	}
	return id;
}

static bool data_fits(struct as *s, const struct as_fixup *f, int64_t n, unsigned bytes)
{
	if (bytes == 8 || (n >= -((int64_t)1 << (bytes * 8 - 1)) && n < (int64_t)1 << bytes * 8))
		return true;
	as_error(s, f->at, 0, DIAG_ASM_RANGE, "the value %" PRId64 " does not fit in %u byte%s", n, bytes,
		 bytes > 1 ? "s" : "");
	return false;
}

/* ABS32 is NODYLD32 where run-time linkers have to leave it alone: places in code by a private label, variables. */
static uint32_t data_reloc(struct as *s, uint32_t id, unsigned bytes)
{
	const struct as_symbol *y = as_sym(s, id);
	const struct as_section *x = y->kind == AS_LABEL || y->kind == AS_SECTION ? s->sections[y->section] : NULL;
	uint64_t wanted = y->kind == AS_SECTION || as_is_private(y) ? SHF_EXECINSTR : SHF_WRITE;

	if (bytes == 8)
		return IOV_R_BPF_64_ABS64;
	return x && x->flags & SHF_ALLOC && x->flags & wanted ? IOV_R_BPF_64_NODYLD32 : IOV_R_BPF_64_ABS32;
}

static void fix_data(struct as *s, struct as_section *x, const struct as_fixup *f, enum as_result result, int64_t n,
		     uint32_t base, uint64_t at)
{
	unsigned bytes = f->kind == AS_FIX_1 ? 1 : f->kind == AS_FIX_2 ? 2 : f->kind == AS_FIX_4 ? 4 : 8;
	uint32_t symbol, type;

	if (result == AS_SYMBOLIC) {
		if (bytes < 4) {
			as_error(s, f->at, 0, DIAG_ASM_RANGE, "an address needs 4 or 8 bytes");
			return;
		}
		type = data_reloc(s, base, bytes);
		symbol = reloc_symbol(s, f, base, &n);
		if (!symbol || !as_reloc(s, x, at, type, symbol))
			return;
	}
	if (data_fits(s, f, n, bytes))
		as_store(x->data.data + at, (uint64_t)n, bytes, s->big);
}

static void fix_immediate(struct as *s, struct as_section *x, const struct as_fixup *f, int64_t n, uint64_t at)
{
	const char *wrong = as_fix_range(f, n);

	if (wrong)
		as_error(s, f->at, 0, DIAG_ASM_RANGE, "%s (it is %" PRId64 ")", wrong, n);
	else if (f->kind == AS_FIX_IMM)
		as_store(x->data.data + at + 4, (uint64_t)n, 4, s->big);
	else
		as_store(x->data.data + at + 2, (uint64_t)n, 2, s->big);
}

static void fix_wide(struct as *s, struct as_section *x, const struct as_fixup *f, enum as_result result, int64_t n,
		     uint32_t base, uint64_t at)
{
	if (result == AS_SYMBOLIC) {
		uint32_t symbol = reloc_symbol(s, f, base, &n);

		if (!symbol || !as_reloc(s, x, at, IOV_R_BPF_64_64, symbol))
			return;
	}
	as_store(x->data.data + at + 4, (uint64_t)n & UINT32_MAX, 4, s->big);
	as_store(x->data.data + at + 12, (uint64_t)n >> 32, 4, s->big);
}

static void call_imm(struct as *s, struct as_section *x, uint64_t at, int64_t imm, unsigned src)
{
	uint8_t *p = x->data.data + at;

	p[1] = (uint8_t)(s->big ? src : src << 4);
	as_store(p + 4, (uint64_t)imm, 4, s->big);
}

static void fix_call(struct as *s, struct as_section *x, const struct as_fixup *f, enum as_result result, int64_t n,
		     uint32_t base, uint64_t at)
{
	const struct as_symbol *y = as_sym(s, base);
	uint32_t symbol;
	int64_t id;

	if (result == AS_KNOWN) {
		call_imm(s, x, at, n, 0);
		return;
	}
	if (y->kind == AS_UNDEFINED && !y->bind_set && as_helper_call(s, base, f->at, &id)) {
		call_imm(s, x, at, id, 0);
		return;
	}
	if (s->bad)
		return;
	if (s->platform && !(s->platform->rules & IOV_RULE_SUBPROGRAMS)) {
		as_error(s, f->at, 0, DIAG_ASM_TARGET, "platform %s has no calls of functions", s->platform->name);
		return;
	}
	if (y->kind == AS_LABEL && y->section == x->elf_index && y->bind == STB_LOCAL && !y->named_reloc) {
		n += (int64_t)as_address(x, y->offset) - (int64_t)at - 8;
		call_imm(s, x, at, n / 8, 1);
	} else if ((symbol = reloc_symbol(s, f, base, &n)) && as_reloc(s, x, at, IOV_R_BPF_64_32, symbol)) {
		call_imm(s, x, at, (n - 8) / 8, 1);
	}
	if (n % 8)
		as_error(s, f->at, 0, DIAG_ASM_RANGE, "the function does not begin at a multiple of 8 bytes");
}

static void fix_leb(struct as *s, struct as_section *x, const struct as_fixup *f, int64_t n, uint64_t at, uint64_t next)
{
	(void)s;
	/* as long as layout made it: a value that became shorter again is padded */
	for (; at < next; at++) {
		x->data.data[at] = (uint8_t)((n & 127) | (at + 1 < next ? 128 : 0));
		n = f->kind == AS_FIX_ULEB ? (int64_t)((uint64_t)n >> 7) : n >> 7;
	}
}

/* An address where there is room for a number: a move of it takes both slots of the other form. */
static void not_a_number(struct as *s, const struct as_section *x, const struct as_fixup *f, uint32_t id, uint64_t at)
{
	struct iov_diag *d = as_error(s, f->at, 0, DIAG_ASM_SYNTAX, "a number is needed here, not an address");
	unsigned reg = x->data.data[at + 1] >> (s->big ? 4 : 0) & 15;

	if (f->kind == AS_FIX_IMM && isa_rows[f->type].oper == ISA_O_MOV)
		diag_hint(d, "r%u = %s ll, or lddw r%u, %s", reg, as_symbol_name(s, id), reg, as_symbol_name(s, id));
}

static void fix(struct as *s, struct as_section *x, const struct as_fixup *f)
{
	uint64_t at = as_address(x, f->offset);
	enum as_result result;
	uint32_t base;
	int64_t n;

	s->bad = false;
	result = as_evaluate(s, &f->value, true, &n, &base);
	if (result == AS_SYMBOLIC && as_sym(s, base)->kind == AS_EQUATE)
		result = AS_UNKNOWN;
	if (result == AS_UNKNOWN) {
		as_unknown(s, &f->value, f->at);
		return;
	}
	if (f->kind <= AS_FIX_8) {
		fix_data(s, x, f, result, n, base, at);
	} else if (f->kind == AS_FIX_IMM64) {
		fix_wide(s, x, f, result, n, base, at);
	} else if (f->kind == AS_FIX_CALL) {
		fix_call(s, x, f, result, n, base, at);
	} else if (f->kind == AS_FIX_RELOC) {
		uint32_t symbol = result == AS_SYMBOLIC ? base : 0;

		if (symbol && as_sym(s, symbol)->kind == AS_UNDEFINED)
			symbol = reloc_symbol(s, f, base, &n);
		as_reloc(s, x, at, f->type, symbol);
	} else if (result == AS_SYMBOLIC) {
		if (as_sym(s, base)->kind == AS_UNDEFINED)
			undefined(s, base, f->at);
		else
			not_a_number(s, x, f, base, at);
	} else if (f->kind == AS_FIX_ULEB || f->kind == AS_FIX_SLEB) {
		fix_leb(s, x, f, n, at, as_address(x, f->offset + 1));
	} else {
		fix_immediate(s, x, f, n, at);
	}
}

static void jump(struct as *s, struct as_section *x, const struct as_jump *j)
{
	const struct as_symbol *y = as_sym(s, j->symbol);

	s->bad = false;
	if (j->symbol && y->kind == AS_UNDEFINED) {
		undefined(s, j->symbol, j->at);
	} else if (j->symbol && (y->kind != AS_LABEL || y->section != x->elf_index)) {
		as_error(s, j->at, 0, DIAG_ASM_JUMP, "a jump cannot leave its section: %s is %s%s",
			 as_symbol_name(s, j->symbol), y->kind == AS_LABEL ? "in section " : "no label",
			 y->kind == AS_LABEL ? s->sections[y->section]->name : "");
	} else {
		as_write_jump(s, x, j);
	}
}

void as_resolve(struct as *s)
{
	for (uint32_t i = 1; i < s->section_count && !s->failed_memory; i++) {
		struct as_section *x = s->sections[i];

		expand(s, x);
		/* both by place, so that messages come in the order of the text */
		for (uint32_t f = 0, j = 0; (f < x->fixup_count || j < x->jump_count) && !s->failed_memory;) {
			if (j == x->jump_count || (f < x->fixup_count && x->fixups[f].offset < x->jumps[j].offset))
				fix(s, x, &x->fixups[f++]);
			else
				jump(s, x, &x->jumps[j++]);
		}
		as_write_trampolines(s, x);
	}
	s->bad = false;
}
