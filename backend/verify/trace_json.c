/* SPDX-License-Identifier: Apache-2.0 */
/* The walk as JSON, one object a line, for tools: the instruction, its place in the source, and the state before it.
 * iovverify(1) describes the members. */
#include "backend/verify/internal.h"

#include "asm/base/text.h"

#include <inttypes.h>

static void member(struct iov_buf *out, const char *name, const char *value)
{
	buf_printf(out, ", \"%s\": ", name);
	text_json(out, value);
}

static void put_num(struct iov_buf *out, const struct num *n)
{
	buf_printf(out, ", \"min\": %" PRId64 ", \"max\": %" PRId64 ", \"umin\": %" PRIu64 ", \"umax\": %" PRIu64,
		   n->full.smin, n->full.smax, n->full.umin, n->full.umax);
	buf_printf(out, ", \"bits\": [\"%#" PRIx64 "\", \"%#" PRIx64 "\"]", n->full.bits.value, n->full.bits.mask);
}

static void put_reg(const struct verifier *v, struct iov_buf *out, const struct vreg *r, const struct iov_var *var)
{
	buf_printf(out, "{\"kind\": \"%s\"", trace_kind(r->kind));
	if (var && var->name)
		member(out, "variable", var->name);
	if (r->kind == V_SCALAR)
		put_num(out, &r->n);
	else if (!num_is(&r->n, 0))
		put_num(out, &r->n);
	if (reg_is_pointer(r))
		buf_printf(out, ", \"offset\": %d", r->off);
	if (r->map)
		member(out, "map", r->map->name);
	if (reg_is_packet(r) || r->kind == V_RECORD)
		buf_printf(out, ", \"bytes\": %u", r->range);
	if (r->maybe_null)
		buf_puts(out, ", \"or_null\": true");
	if (r->ref)
		buf_printf(out, ", \"reference\": %u", r->ref);
	if (r->id)
		buf_printf(out, ", \"id\": %u", r->id);
	if (r->origin < v->prog->count)
		buf_printf(out, ", \"from\": %u", r->origin);
	buf_putc(out, '}');
}

static void put_regs(const struct verifier *v, struct iov_buf *out, const struct vframe *f)
{
	const char *comma = "";

	buf_puts(out, ", \"registers\": {");
	for (int r = 0; r < IOV_R10; r++) {
		if (f->r[r].kind == V_UNINIT)
			continue;
		buf_printf(out, "%s\"r%d\": ", comma, r);
		put_reg(v, out, &f->r[r], prog_reg_var(v->prog, v->pc, r));
		comma = ", ";
	}
	buf_putc(out, '}');
}

static void put_slots(const struct verifier *v, struct iov_buf *out, const struct vframe *f)
{
	static const char tags[] = "?m0so~";
	const char *comma = "";

	buf_puts(out, ", \"stack\": [");
	for (uint32_t k = 0; k < f->slots; k++) {
		int32_t off = -8 * ((int32_t)k + 1);
		bool used = false;

		for (int i = 0; i < 8; i++)
			used |= f->s[k].tag[i] != S_UNINIT;
		if (!used)
			continue;
		buf_printf(out, "%s{\"offset\": %d, \"bytes\": \"", comma, off);
		for (int i = 0; i < 8; i++)
			buf_putc(out, tags[f->s[k].tag[i]]);
		buf_putc(out, '"');
		if (slot_spills(&f->s[k]) || slot_is_object(&f->s[k])) {
			buf_puts(out, ", \"value\": ");
			put_reg(v, out, &f->s[k].reg, prog_stack_var(v->prog, v->pc, off));
		}
		buf_putc(out, '}');
		comma = ", ";
	}
	buf_putc(out, ']');
}

void trace_json(struct verifier *v, struct iov_buf *out)
{
	const struct iov_line *l = prog_line(v->prog, v->pc);
	struct iov_buf text;

	buf_init(&text, v->alloc);
	trace_text(v, &text, v->pc);
	buf_printf(out, "{\"insn\": %u", v->pc);
	member(out, "text", buf_cstr(&text));
	out->failed |= text.failed;
	buf_free(&text);
	if (l) {
		member(out, "file", l->file);
		buf_printf(out, ", \"line\": %u, \"column\": %u", l->line, l->col);
		member(out, "source", l->text);
	}
	buf_printf(out, ", \"frame\": %u", v->st->frames - 1);
	put_regs(v, out, state_top(v->st));
	put_slots(v, out, state_top(v->st));
	buf_puts(out, ", \"references\": [");
	for (uint32_t i = 0; i < v->st->ref_count; i++)
		buf_printf(out, "%s%u", i ? ", " : "", v->st->refs[i].id);
	buf_puts(out, "]}\n");
}
