/* SPDX-License-Identifier: Apache-2.0 */
/* What is known at a point, and from where (iovverify --why). While the question is open the state before every
 * instruction of the path is kept (record.c); so a fact's history can be read off: going back along the path, the value
 * is followed through copies and the stack; wherever it differs from one state to the next, the instruction between
 * them is where the fact comes from: it made the value, or a branch narrowed it. */
#include "backend/verify/internal.h"
#include "backend/verify/why.h"

#include <inttypes.h>
#include <string.h>

enum { HISTORY = 1024, STEPS_AT_MOST = 6 };

/* States along the path, newest first; `node` is the stretch that the state lies in. */
struct history {
	struct {
		const struct vsnap *snap;
		const struct vnode *node;
	} at[HISTORY];
	uint32_t count;
};

/* Where a value is: a register, or a slot of the stack when reg < 0. */
struct place {
	uint32_t frame;
	int reg;
	uint32_t slot;
};

static void gather(const struct verifier *v, struct history *h)
{
	h->count = 0;
	for (const struct vnode *n = v->node; n; n = n->parent)
		for (uint32_t i = n->snap_count; i-- && h->count < HISTORY;) {
			h->at[h->count].snap = &n->snaps[i];
			h->at[h->count++].node = n;
		}
}

/* The value at a place; NULL: nothing is there that could be followed. */
static const struct vreg *value_at(const struct vstate *s, const struct place *p)
{
	const struct vframe *f = p->frame < s->frames ? s->f[p->frame] : NULL;

	if (!f)
		return NULL;
	if (p->reg >= 0)
		return &f->r[p->reg];
	return p->slot < f->slots && (slot_spills(&f->s[p->slot]) || slot_is_object(&f->s[p->slot]))
		       ? &f->s[p->slot].reg
		       : NULL;
}

static bool same_value(const struct vreg *a, const struct vreg *b)
{
	return a->kind == b->kind && a->map == b->map && a->maybe_null == b->maybe_null && a->range == b->range &&
	       a->beyond == b->beyond && num_equal(&a->n, &b->n) && (a->kind == V_SCALAR || a->off == b->off);
}

/* Whether the instruction writes to the place, as far as copies and plain writes go. */
static bool writes(const struct verifier *v, uint32_t insn, const struct vstate *before, const struct place *p)
{
	const struct iov_isa_row *row = v->insns[insn].row;
	const struct iov_insn *i = &v->prog->insns[insn];

	if (p->frame != before->frames - 1)
		return row->kind == ISA_K_CALL || row->kind == ISA_K_EXIT;
	switch (row->kind) {
	case ISA_K_ALU:
	case ISA_K_END:
	case ISA_K_CAST:
	case ISA_K_LDX:
	case ISA_K_LDSX:
	case ISA_K_LDIMM64:
		return p->reg == i->dst;
	case ISA_K_CALL:
	case ISA_K_LDABS:
	case ISA_K_LDIND:
		return p->reg >= 0 && p->reg <= 5;
	case ISA_K_EXIT:
		return true;
	case ISA_K_ST:
	case ISA_K_STX:
		return p->reg < 0 && i->dst == IOV_R10 && slot_of(i->off) == p->slot;
	case ISA_K_ATOMIC:
		return p->reg == i->src || p->reg == IOV_R0;
	default:
		return false;
	}
}

/* A copy: the place that the value came from. */
static bool copied(const struct verifier *v, uint32_t insn, const struct vstate *before, struct place *p)
{
	const struct iov_isa_row *row = v->insns[insn].row;
	const struct iov_insn *i = &v->prog->insns[insn];

	if (p->frame == before->frames && row->kind == ISA_K_CALL && p->reg >= 1 && p->reg <= 5) {
		p->frame--; /* an argument */
		return true;
	}
	if (p->frame != before->frames - 1)
		return false;
	if (row->kind == ISA_K_ALU && row->oper == ISA_O_MOV && row->src == ISA_SRC_X) {
		p->reg = i->src;
		return true;
	}
	if (row->kind == ISA_K_LDX && before->f[p->frame]->r[i->src].kind == V_STACK && i->src == IOV_R10) {
		struct place slot = {p->frame, -1, slot_of(i->off)};

		if (!value_at(before, &slot))
			return false;
		*p = slot;
		return true;
	}
	if (row->kind == ISA_K_STX && p->reg < 0) {
		p->reg = i->src;
		return true;
	}
	return false;
}

static const char *place_name(struct verifier *v, uint32_t insn, int reg)
{
	const struct iov_var *var = prog_reg_var(v->prog, insn, reg);

	return var && var->name ? arena_printf(&v->work, "`%s` (r%d)", var->name, reg)
				: arena_printf(&v->work, "r%d", reg);
}

static void put_insn(struct verifier *v, struct iov_buf *out, uint32_t insn)
{
	const struct iov_line *l = prog_line(v->prog, insn);

	buf_printf(out, "insn %lld, ", prog_number(v->prog, insn));
	if (v->insns[insn].row->oper == ISA_O_HELPER)
		buf_printf(out, "%s", explain_helper_at(v, insn));
	else
		trace_text(v, out, insn);
	if (!l)
		return;
	buf_printf(out, " (line %u", l->line);
	if (l->text) {
		const char *text = l->text + strspn(l->text, " \t");

		buf_puts(out, ": ");
		buf_puts(out, text);
	}
	buf_putc(out, ')');
}

/* Why the value became what it is in going from `before` through `insn` to the next state. */
static void put_step(struct verifier *v, struct iov_buf *out, const struct vreg *now, const struct vreg *was,
		     uint32_t insn, const struct vnode *after, bool made)
{
	bool branch = !made && v->insns[insn].row->kind == ISA_K_JCC && after->fork == insn;
	const char *check = branch ? explain_branch(v, after) : NULL;

	if (made) {
		buf_puts(out, "      set by  ");
	} else if (was && was->kind == now->kind && num_has(&now->n, &was->n) && !num_equal(&now->n, &was->n)) {
		buf_puts(out, "      widened it differs from turn to turn of the loop: ");
	} else if (check) {
		buf_printf(out, "      checked %s (insn %lld)\n", check, prog_number(v->prog, insn));
		return;
	} else {
		buf_puts(out, "      checked ");
		buf_puts(out, !branch ? "" : after->insn == insn + 1 ? "branch not taken: " : "branch taken: ");
	}
	put_insn(v, out, insn);
	buf_putc(out, '\n');
}

/* The value's history, newest first: each check that narrowed it, and what made it. */
static void put_history(struct verifier *v, struct iov_buf *out, const struct history *h, struct place p)
{
	uint32_t told = 0;

	for (uint32_t i = 0; i + 1 < h->count && told < STEPS_AT_MOST; i++) {
		const struct vstate *now = h->at[i].snap->state, *before = h->at[i + 1].snap->state;
		uint32_t insn = h->at[i + 1].snap->insn;
		const struct vreg *value = value_at(now, &p), *was;
		bool made = writes(v, insn, before, &p) || p.frame >= before->frames;

		if (!value)
			return;
		if (made && copied(v, insn, before, &p))
			continue;
		was = value_at(before, &p);
		if (!made && was && same_value(value, was))
			continue;
		put_step(v, out, value, was, insn, h->at[i].node, made);
		told++;
		if (made)
			return;
	}
	if (told < STEPS_AT_MOST && h->count && p.reg == IOV_R1)
		buf_puts(out, "      from    the program's argument\n");
}

static void put_value(struct verifier *v, struct iov_buf *out, const struct vreg *r)
{
	int64_t low = r->off + r->n.full.smin, high = r->off + r->n.full.smax;

	if (r->kind == V_STACK && low == high && r->frame == v->st->frames - 1) {
		const struct iov_var *var = prog_stack_var(v->prog, v->pc, (int32_t)low);

		buf_printf(out,
			   var && var->name ? "the address of `%s` (stack %" PRId64 ")"
					    : "the address of %sstack %" PRId64,
			   var && var->name ? var->name : "", low);
		return;
	}
	buf_puts(out, explain_kind(v, r));
	if (r->kind == V_SCALAR && !num_is_const(&r->n) && r->n.full.bits.mask != UINT64_MAX && r->n.full.umax > 1 &&
	    ~r->n.full.bits.mask & (r->n.full.umax | 1))
		buf_printf(out, ", bits that may be set %#" PRIx64, r->n.full.bits.mask | r->n.full.bits.value);
	if (!reg_is_pointer(r) || r->kind == V_MAP || r->kind == V_FUNC || r->kind == V_END)
		return;
	if (low == high && low)
		buf_printf(out, ", %" PRId64 " byte%s from its start", low, low == 1 ? "" : "s");
	else if (low != high)
		buf_printf(out, ", %" PRId64 "..%" PRId64 " bytes from its start", low, high);
	if (reg_is_packet(r) && r->range)
		buf_printf(out, "; %u byte%s from %s on %s known to exist", r->range, r->range == 1 ? "" : "s",
			   num_is(&r->n, 0) ? "the packet's start" : "its variable part", r->range == 1 ? "is" : "are");
	else if (r->kind == V_PACKET)
		buf_puts(out, "; no byte is known to exist");
	if (r->kind == V_VALUE && r->map)
		buf_printf(out, "; a value has %u bytes", r->map->value_size);
}

/* A slot that has no history: bytes that were written, or some of them. Slots of one variable that are alike are told
 * together; the result is the last of them. */
static uint32_t put_bytes(struct verifier *v, struct iov_buf *out, const struct vframe *f, uint32_t k)
{
	const struct iov_var *var = prog_stack_var(v->prog, v->pc, -8 * ((int32_t)k + 1));
	bool part = memchr(f->s[k].tag, S_UNINIT, 8) != NULL;
	uint32_t last = k;

	while (last + 1 < f->slots && !slot_spills(&f->s[last + 1]) && !slot_is_object(&f->s[last + 1]) &&
	       prog_stack_var(v->prog, v->pc, -8 * ((int32_t)last + 2)) == var &&
	       (memchr(f->s[last + 1].tag, S_UNINIT, 8) != NULL) == part)
		last++;
	if (!var || !var->name || !memcmp(f->s[k].tag, (uint8_t[8]){0}, 8))
		return last;
	buf_printf(out, "   `%s` (stack %d): %s\n", var->name, -8 * ((int32_t)last + 1),
		   part ? "written in part" : "written");
	return last;
}

static void put_stack(struct verifier *v, struct iov_buf *out, const struct history *h)
{
	const struct vframe *f = state_top(v->st);

	for (uint32_t k = 0; k < f->slots; k++) {
		int32_t off = -8 * ((int32_t)k + 1);
		const struct iov_var *var = prog_stack_var(v->prog, v->pc, off);

		if (!slot_spills(&f->s[k]) && !slot_is_object(&f->s[k])) {
			k = put_bytes(v, out, f, k);
			continue;
		}
		if (var && var->name)
			buf_printf(out, "   `%s` (stack %d): ", var->name, off);
		else
			buf_printf(out, "   stack %d: ", off);
		put_value(v, out, &f->s[k].reg);
		buf_putc(out, '\n');
		put_history(v, out, h, (struct place){v->st->frames - 1, -1, k});
	}
}

static void put_way(struct verifier *v, struct iov_buf *out)
{
	const char *steps[8];
	uint32_t n = 0, more = 0;

	for (const struct vnode *at = v->node; at; at = at->parent) {
		const char *what = at->fork != V_NO_INSN ? explain_branch(v, at) : NULL;

		if (what && n < 8)
			steps[n++] = what;
		else
			more += what != NULL;
	}
	buf_puts(out, n ? "   way: " : "   way: no written condition leads here");
	if (more)
		buf_printf(out, "(%u earlier branches), ", more);
	while (n--)
		buf_printf(out, "%s%s", steps[n], n ? ", " : "");
	buf_putc(out, '\n');
}

static bool is_shown(const struct verifier *v, int r)
{
	const struct vreg *reg = &v->top->r[r];

	return reg->kind != V_UNINIT && (v->insns[v->pc].live >> r & 1 || prog_reg_var(v->prog, v->pc, r));
}

static void put_answer(struct verifier *v, struct iov_buf *out)
{
	struct history *h = alloc_zeroed(v->alloc, 1, sizeof(*h));

	if (!h) {
		out->failed = true;
		return;
	}
	gather(v, h);
	put_way(v, out);
	for (int r = 0; r < IOV_R10; r++) {
		if (!is_shown(v, r))
			continue;
		buf_printf(out, "   %s: ", place_name(v, v->pc, r));
		put_value(v, out, &v->top->r[r]);
		buf_putc(out, '\n');
		put_history(v, out, h, (struct place){v->st->frames - 1, r, 0});
	}
	put_stack(v, out, h);
	for (uint32_t i = 0; i < v->st->ref_count; i++)
		buf_printf(out, "   to be released: what %s returned at %s\n",
			   explain_helper_at(v, v->st->refs[i].origin), explain_at(v, v->st->refs[i].origin));
	alloc_free(v->alloc, h, sizeof(*h));
}

static uint64_t hash(const struct iov_buf *b)
{
	uint64_t h = 1469598103934665603u;

	for (size_t i = 0; i < b->len; i++)
		h = (h ^ b->data[i]) * 1099511628211u;
	return h;
}

static void answer(struct verifier *v, struct iov_why *why, uint32_t which)
{
	struct iov_buf text;
	uint64_t mark;

	why->seen[which].slot = v->pc;
	why->seen[which].reached++;
	if (why->seen[which].told == IOV_WHY_WAYS)
		return;
	buf_init(&text, v->alloc);
	put_answer(v, &text);
	mark = hash(&text);
	v->nomem |= text.failed;
	for (uint32_t i = 0; i < why->seen[which].told; i++)
		if (why->seen[which].hash[i] == mark) {
			buf_free(&text);
			return;
		}
	why->seen[which].hash[why->seen[which].told++] = mark;
	buf_puts(why->out, " before ");
	put_insn(v, why->out, v->pc);
	buf_puts(why->out, why->seen[which].told > 1 ? ", another way:\n" : ":\n");
	buf_put(why->out, text.data, text.len);
	buf_free(&text);
}

void why_insn(struct verifier *v)
{
	struct iov_why *why = v->options ? v->options->why : NULL;

	for (uint32_t i = 0; why && i < why->count; i++)
		if (why->slots[i] == v->pc)
			answer(v, why, i);
}
