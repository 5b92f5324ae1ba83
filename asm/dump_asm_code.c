/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: code in iovdump --asm: labels, records and instructions, each of which the assembler turns into the same bytes.
 * What it would not (fields that should be zero, registers beyond r10, an unknown operation) is printed as bytes. */
#include "asm/dump_asm.h"

#include <stdio.h>
#include <string.h>

/* Where printing of a section's records is. */
struct cursors {
	const struct iov_btf_ext_section *ext;
	uint32_t func, line, core;
	uint64_t reloc; /* index into the object's relocations */
};

static const struct iov_btf_ext_section *ext_of(const struct iov_object *obj, const struct iov_section *s)
{
	for (uint32_t i = 0; obj->btf_ext && i < obj->btf_ext->count; i++)
		if (!strcmp(obj->btf_ext->sections[i].name, s->name))
			return &obj->btf_ext->sections[i];
	return NULL;
}

static void print_func_record(struct asm_dump *d, const struct iov_btf_func *func)
{
	buf_puts(d->out, "\t.btf_func ");
	types_print_value(d->types, func->type, d->out);
	buf_putc(d->out, '\n');
}

static void print_line_record(struct asm_dump *d, const struct iov_btf_line *line)
{
	buf_puts(d->out, "\t.line ");
	if (!d->file || strcmp(d->file, line->file)) {
		types_print_string(line->file, d->out);
		buf_puts(d->out, ", ");
	}
	d->file = line->file;
	buf_printf(d->out, "%u:%u", line->line, line->col);
	if (*line->text) {
		buf_puts(d->out, ", ");
		types_print_string(line->text, d->out);
	}
	buf_putc(d->out, '\n');
}

static void print_records(struct asm_dump *d, struct cursors *c, uint64_t slot)
{
	const struct iov_btf_ext_section *x = c->ext;

	if (!x)
		return;
	for (; c->func < x->func_count && x->funcs[c->func].insn <= slot; c->func++)
		if (x->funcs[c->func].insn == slot)
			print_func_record(d, &x->funcs[c->func]);
	for (; c->core < x->core_count && x->cores[c->core].insn <= slot; c->core++) {
		if (x->cores[c->core].insn != slot)
			continue;
		buf_puts(d->out, "\t.core ");
		types_print_core(d->types, &x->cores[c->core], d->out);
		buf_putc(d->out, '\n');
	}
	for (; c->line < x->line_count && x->lines[c->line].insn <= slot; c->line++)
		if (x->lines[c->line].insn == slot)
			print_line_record(d, &x->lines[c->line]);
}

struct target {
	struct asm_dump *d;
	uint32_t section;
	bool call;
};

/* A jump's or call's target as a name that stays in the section: a local symbol or a label. */
static const char *target_name(void *ud, int64_t slot)
{
	struct target *t = ud;
	struct iov_buf text;
	const struct iov_section *s = &t->d->obj->sections[t->section];
	const char *name = NULL;

	if (slot < 0 || (uint64_t)slot >= s->size / 8)
		return NULL;
	buf_init(&text, t->d->arena->alloc);
	asm_put_address(t->d, t->section, slot * 8, &text);
	if (buf_cstr(&text) && !strpbrk((char *)text.data, "+-"))
		name = arena_strdup(t->d->arena, (char *)text.data);
	t->d->out->failed |= text.failed || (!name && text.len && !strpbrk((char *)text.data, "+-"));
	buf_free(&text);
	return name;
}

static const char *helper_name(void *ud, int32_t id)
{
	struct target *t = ud;
	const struct iov_helper *h = id > 0 ? catalogue_helper((uint32_t)id) : NULL;

	if (!h || catalogue_helper_by_name(h->name) != h)
		return NULL;
	snprintf(t->d->text, sizeof(t->d->text), "bpf_%s", h->name);
	for (uint32_t i = 1; i < t->d->obj->symbol_count; i++)
		if (!strcmp(t->d->names[i], t->d->text))
			return NULL;
	return t->d->text;
}

/* Whether text can say these slots. `relocated`: the immediate belongs to a relocation. */
static bool can_say(const struct iov_insn insn[2], bool last)
{
	const struct iov_isa_row *row = isa_find(insn);

	return row && !isa_reserved(row, insn, last ? NULL : &insn[1]) && insn->dst <= IOV_R10 &&
	       insn->src <= IOV_R10 && row->oper != ISA_O_KFUNC && !(isa_is_wide(insn) && last);
}

/* "r1 = counter ll", "call f", where the assembler would make the relocation itself. */
static bool print_relocated(struct asm_dump *d, const struct iov_reloc *r, const struct iov_insn insn[2])
{
	const struct iov_symbol *y = &d->obj->symbols[r->symbol];
	bool kernel = d->dialect == IOV_DIALECT_KERNEL;

	if (!r->symbol)
		return false;
	if (r->type == IOV_R_BPF_64_64 && isa_is_wide(insn) && !insn->src && !insn[1].imm) {
		if (insn->imm < 0)
			return false;
		buf_printf(d->out, kernel ? "\tr%u = " : "\tlddw r%u, ", insn->dst);
		asm_put_symbol(d, r->symbol, insn->imm, d->out);
		buf_puts(d->out, kernel ? " ll\n" : "\n");
		return true;
	}
	if (r->type != IOV_R_BPF_64_32 || insn->code != 0x85 || insn->src != 1)
		return false;
	/* in its own section the assembler calls local functions without a relocation */
	if (y->section == r->section && (y->type == STT_SECTION || !d->named[r->symbol]) && y->bind == STB_LOCAL)
		return false;
	buf_puts(d->out, "\tcall ");
	asm_put_symbol(d, r->symbol, ((int64_t)insn->imm + 1) * 8, d->out);
	buf_putc(d->out, '\n');
	return true;
}

static void print_insn(struct asm_dump *d, const struct iov_section *s, uint64_t at, const struct iov_insn insn[2],
		       bool last)
{
	struct target t = {.d = d, .section = s->index};
	const struct iov_isa_names names = {
		.helper = helper_name, .label = target_name, .ud = &t, .labels_alone = true};

	if (!can_say(insn, last)) {
		asm_print_bytes(d, s->data + at, isa_is_wide(insn) && !last ? 16 : 8);
		return;
	}
	buf_putc(d->out, '\t');
	isa_print(d->out, insn, at / 8, d->dialect, &names);
	buf_putc(d->out, '\n');
}

/* The instruction at `at` and its relocations. Returns its bytes. */
static uint64_t print_at(struct asm_dump *d, const struct iov_section *s, struct cursors *c, uint64_t at, uint64_t end)
{
	const struct iov_object *obj = d->obj;
	struct iov_insn insn[2] = {{0}};
	bool last = at + 16 > s->size, wide;
	uint64_t first = c->reloc, count = 0, size;

	isa_decode(s->data + at, obj->big_endian, &insn[0]);
	wide = isa_is_wide(insn);
	if (wide && !last)
		isa_decode(s->data + at + 8, obj->big_endian, &insn[1]);
	size = wide && !last && at + 16 <= end ? 16 : 8;
	while (c->reloc < s->first_reloc + s->reloc_count && obj->relocs[c->reloc].offset < at + size) {
		c->reloc++;
		count++;
	}
	if (count == 1 && obj->relocs[first].offset == at && can_say(insn, last) &&
	    print_relocated(d, &obj->relocs[first], insn))
		return size;
	for (uint64_t i = 0; i < count; i++)
		asm_print_reloc(d, &obj->relocs[first + i], at);
	if (count)
		asm_print_bytes(d, s->data + at, size);
	else
		print_insn(d, s, at, insn, last || size == 8);
	return size;
}

static void print_sizes(struct asm_dump *d, const struct iov_section *s, uint64_t begin, uint64_t end)
{
	for (uint32_t i = asm_first_at(d, s->index, begin); i < d->place_count; i++) {
		const struct iov_symbol *y = &d->obj->symbols[d->by_place[i]];

		if (y->section != s->index || y->value >= end)
			break;
		if (!d->placed[d->by_place[i]] || !asm_has_size(d, d->by_place[i]) || y->value + y->size != end)
			continue;
		buf_puts(d->out, "\t.size ");
		asm_put_name(d->out, d->names[d->by_place[i]]);
		buf_puts(d->out, ", .-");
		asm_put_name(d->out, d->names[d->by_place[i]]);
		buf_putc(d->out, '\n');
	}
}

void asm_print_chunk(struct asm_dump *d, const struct asm_chunk *chunk)
{
	const struct iov_section *s = &d->obj->sections[chunk->section];
	struct cursors c = {.ext = ext_of(d->obj, s), .reloc = s->first_reloc};
	uint64_t at;

	while (c.reloc < s->first_reloc + s->reloc_count && d->obj->relocs[c.reloc].offset < chunk->begin)
		c.reloc++;
	while (c.ext && c.func < c.ext->func_count && c.ext->funcs[c.func].insn * 8ull < chunk->begin)
		c.func++;
	while (c.ext && c.line < c.ext->line_count && c.ext->lines[c.line].insn * 8ull < chunk->begin)
		c.line++;
	while (c.ext && c.core < c.ext->core_count && c.ext->cores[c.core].insn * 8ull < chunk->begin)
		c.core++;
	for (at = chunk->begin; at + 8 <= chunk->end;) {
		uint64_t from = at;

		asm_put_labels(d, s->index, at);
		print_records(d, &c, at / 8);
		at += print_at(d, s, &c, at, chunk->end);
		if (d->size_at[s->index][at / 8])
			print_sizes(d, s, from < chunk->begin ? from : chunk->begin, at);
	}
	if (at < chunk->end)
		asm_print_bytes(d, s->data + at, chunk->end - at);
	if (chunk->end == s->size)
		asm_put_labels(d, s->index, s->size);
}
