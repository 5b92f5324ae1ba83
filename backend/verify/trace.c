/* SPDX-License-Identifier: Apache-2.0 */
/* The walk as text: before each instruction the source line when it changes, the instruction, and what is known. */
#include "backend/verify/internal.h"

#include <inttypes.h>

static void put_num(struct iov_buf *out, const struct num *n)
{
	const struct bound *f = &n->full;
	bool any = f->umin == 0 && f->umax == UINT64_MAX && f->smin == INT64_MIN && f->smax == INT64_MAX;

	if (f->umin == f->umax)
		buf_printf(out, "%" PRId64, (int64_t)f->umin);
	else if (any && !n->half.bits.value && n->half.umax == UINT32_MAX && n->half.smin == INT32_MIN)
		buf_puts(out, "any");
	else if (f->smin < 0)
		buf_printf(out, "%" PRId64 "..%" PRId64, f->smin, f->smax);
	else
		buf_printf(out, "%" PRIu64 "..%" PRIu64, f->umin, f->umax);
	if (f->umin != f->umax && f->bits.mask != UINT64_MAX)
		buf_printf(out, " bits %#" PRIx64 "/%#" PRIx64, f->bits.value, f->bits.mask);
	if (f->umin != f->umax && f->umax > UINT32_MAX && n->half.umax < UINT32_MAX)
		buf_printf(out, " low %" PRIu64 "..%" PRIu64, n->half.umin, n->half.umax);
}

static const char *kind_name(uint8_t kind)
{
	static const char *const names[] = {
		[V_UNINIT] = "nothing",
		[V_SCALAR] = "number",
		[V_CTX] = "ctx",
		[V_STACK] = "stack",
		[V_PACKET] = "packet",
		[V_META] = "meta",
		[V_END] = "end",
		[V_MAP] = "map",
		[V_VALUE] = "value",
		[V_RECORD] = "memory",
		[V_FLOW_KEYS] = "flow_keys",
		[V_SOCK] = "socket",
		[V_FUNC] = "function",
		[V_STALE] = "stale",
		[V_HALF] = "half",
		[V_FREED] = "freed",
		[V_KERNEL] = "kernel object",
		[V_DYNPTR] = "dynptr",
	};

	return names[kind];
}

static void put_reg(struct iov_buf *out, const struct vreg *r)
{
	if (r->kind == V_SCALAR) {
		put_num(out, &r->n);
		if (r->id)
			buf_printf(out, " =%s#%u%+d", r->low ? "low" : "", r->id, r->off);
		return;
	}
	buf_puts(out, kind_name(r->kind));
	if (r->map)
		buf_printf(out, "(%s)", r->map->name ? r->map->name : "?");
	if (r->off)
		buf_printf(out, "%+d", r->off);
	if (!num_is(&r->n, 0)) {
		buf_puts(out, "+(");
		put_num(out, &r->n);
		buf_putc(out, ')');
	}
	if (reg_is_packet(r) || r->kind == V_RECORD)
		buf_printf(out, "[%u]", r->range);
	if (r->maybe_null)
		buf_puts(out, " or NULL");
	if (r->ref)
		buf_printf(out, " ref %u", r->ref);
}

static void put_slot(struct iov_buf *out, const struct vslot *s, uint32_t k)
{
	static const char tags[] = "?m0so";
	bool used = false, spill = false;

	for (int i = 0; i < 8; i++) {
		used |= s->tag[i] != S_UNINIT;
		spill |= s->tag[i] == S_SPILL || s->tag[i] == S_OBJECT;
	}
	if (!used)
		return;
	buf_printf(out, " fp-%u:", 8 * (k + 1));
	for (int i = 0; i < 8; i++)
		buf_putc(out, tags[s->tag[i]]);
	if (spill) {
		buf_putc(out, '=');
		put_reg(out, &s->reg);
	}
}

static void put_state(struct iov_buf *out, const struct vstate *s)
{
	const struct vframe *f = state_top(s);

	buf_puts(out, "     ;");
	if (s->frames > 1)
		buf_printf(out, " frame %u:", s->frames - 1);
	for (int r = 0; r < IOV_R10; r++) {
		if (f->r[r].kind == V_UNINIT)
			continue;
		buf_printf(out, " r%d=", r);
		put_reg(out, &f->r[r]);
	}
	for (uint32_t k = 0; k < f->slots; k++)
		put_slot(out, &f->s[k], k);
	for (uint32_t i = 0; i < s->ref_count; i++)
		buf_printf(out, " holds ref %u", s->refs[i].id);
	buf_putc(out, '\n');
}

void trace_insn(struct verifier *v)
{
	struct iov_buf *out = v->options ? v->options->trace : NULL;
	const struct iov_line *l;

	if (!out)
		return;
	l = prog_line(v->prog, v->pc);
	if (l && l->insn == v->pc && l->text)
		buf_printf(out, "; %s:%u: %s\n", l->file ? l->file : "?", l->line, l->text);
	put_state(out, v->st);
	buf_printf(out, "%4u: ", v->pc);
	isa_print(out, &v->prog->insns[v->pc], v->pc, IOV_DIALECT_KERNEL, NULL);
	buf_putc(out, '\n');
}

void trace_covered(struct verifier *v)
{
	if (v->options && v->options->trace)
		buf_printf(v->options->trace, "%4u: as verified before\n", v->pc);
}
