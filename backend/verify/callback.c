/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers that call a static function back: bpf_loop(), bpf_for_each_map_elem(). The call is a loop whose end the
 * helper guarantees: at the call the walk goes on behind it, and also into the function; when that returns, it stands
 * at the call again (vstate.returned). What differs from the turn before is widened, so that after a few turns nothing
 * is new, and the walk ends there: unlike other loops it may be covered by the unfinished state that it began from.
 * That state's demand is not known yet, so that everything in it counts as demanded. */
#include "backend/verify/internal.h"

#include <string.h>

enum {
	MAX_LOOPS = 1 << 23,   /* bpf_loop() refuses more turns */
	MAX_DRAINED = 1 << 17, /* bpf_user_ringbuf_drain() stops there, however fast others fill the ring */
};

static void widen_reg(struct vreg *cur, const struct vreg *old, unsigned bits)
{
	if (cur->kind == V_SCALAR && old->kind == V_SCALAR && !num_has(&old->n, &cur->n))
		reg_scalar(cur, num_bits(bits), cur->origin);
}

static unsigned spilled_bytes(const struct vslot *s)
{
	unsigned n = 0;

	for (int i = 0; i < 8; i++)
		n += s->tag[i] == S_SPILL;
	return n;
}

/* A slot that holds numbers in both: bytes that changed become unknown. */
static void widen_slot(struct vslot *cur, const struct vslot *old)
{
	bool spills = slot_spills(cur), same = true;

	if (spills && cur->reg.kind != V_SCALAR)
		return;
	for (int i = 0; i < 8; i++)
		same &= (cur->tag[i] == S_SPILL) == (old->tag[i] == S_SPILL);
	if (spills && same) {
		widen_reg(&cur->reg, &old->reg, 8 * spilled_bytes(cur));
		return;
	}
	for (int i = 0; i < 8; i++)
		if (cur->tag[i] != S_UNINIT && cur->tag[i] != S_OBJECT && cur->tag[i] != S_SHARED &&
		    (cur->tag[i] == S_SPILL || cur->tag[i] != old->tag[i]))
			cur->tag[i] = S_MISC;
}

bool callback_widen(struct verifier *v, struct vstate *s, const struct vstate *old)
{
	for (uint32_t i = 0; i < s->frames && i < old->frames; i++) {
		struct vframe *f = state_frame(&v->pool, s, i, 0);
		const struct vframe *o = old->f[i];

		if (!f)
			return false;
		for (int r = 0; r < IOV_R10; r++)
			widen_reg(&f->r[r], &o->r[r], 64);
		for (uint32_t k = 0; k < f->slots && k < o->slots; k++)
			widen_slot(&f->s[k], &o->s[k]);
	}
	return true;
}

/* Registers of the function: of bpf_loop (index, context), of for_each_map_elem (map, key, value, context), of
 * user_ringbuf_drain (a dynptr of the message, context). */
static enum step arguments(struct verifier *v, const struct call *c, const struct vframe *caller, struct vframe *f)
{
	if (!strcmp(c->helper->name, "loop")) {
		uint64_t turns = caller->r[IOV_R1].n.full.umax;

		reg_scalar(&f->r[IOV_R1], turns && turns <= UINT32_MAX ? num_between(0, turns - 1) : num_bits(32),
			   v->pc);
		f->r[IOV_R2] = caller->r[IOV_R3];
		return STEP_NEXT;
	}
	if (!strcmp(c->helper->name, "user_ringbuf_drain")) {
		f->r[IOV_R1] = (struct vreg){.kind = V_DYNPTR, .range = IOV_DYNPTR_LOCAL, .id = ++v->next_id,
					     .origin = v->pc, .n = num_const(0)};
		f->r[IOV_R2] = caller->r[IOV_R3];
		return STEP_NEXT;
	}
	if (c->helper->args[0] == IOV_ARG_RB_ROOT) {
		graph_compared(v, c, f);
		return STEP_NEXT;
	}
	if (strcmp(c->helper->name, "for_each_map_elem"))
		return explain_unsupported(v, "bpf_%s()", c->helper->name);
	f->r[IOV_R1] = caller->r[IOV_R1];
	f->r[IOV_R2] = (struct vreg){.kind = V_RECORD, .read_only = true, .range = f->r[IOV_R1].map->key_size,
				     .origin = v->pc, .n = num_const(0)};
	f->r[IOV_R3] = (struct vreg){.kind = V_VALUE, .map = f->r[IOV_R1].map, .id = ++v->next_id, .origin = v->pc,
				     .n = num_const(0)};
	f->r[IOV_R4] = caller->r[IOV_R3];
	return STEP_NEXT;
}

/* The helper calls back so often at most. */
static uint64_t most_turns(const struct call *c, const struct vframe *caller)
{
	if (c->helper->args[0] == IOV_ARG_RB_ROOT) /* as often as the tree is deep */
		return UINT64_MAX;
	if (!strcmp(c->helper->name, "user_ringbuf_drain"))
		return MAX_DRAINED;
	if (!strcmp(c->helper->name, "for_each_map_elem"))
		return caller->r[IOV_R1].map->max_entries;
	return caller->r[IOV_R1].n.full.umax < MAX_LOOPS ? caller->r[IOV_R1].n.full.umax : MAX_LOOPS;
}

/* The call whose callback ends a turn: on the path, the node that began it. NULL: in a region, where states of several
 * calls were joined, the path may lead over another. */
static struct vnode *call_of_turn(const struct verifier *v, uint32_t turn)
{
	struct vnode *n = v->node;

	while (n && n->turn != turn)
		n = node_up(n);
	return n && n->around ? n->around : n;
}

/* v->st goes on behind the call; v->other enters the function. */
enum step callback_call(struct verifier *v, const struct call *c)
{
	uint32_t level = v->st->frames, sub = v->top->r[c->callback].range;
	struct vframe *f;

	if (level >= V_MAX_FRAMES || (v->platform->max_frames && level >= v->platform->max_frames))
		return explain_unsupported(v, "callbacks nested %u deep", level);
	for (uint8_t r = IOV_R1; r <= IOV_R5; r++)
		if (v->top->r[r].kind != V_UNINIT)
			flow_reg(v, FLOW_PRECISE, r, 0);
	v->st->returned = false;
	v->other = state_copy(&v->pool, v->st);
	if (!v->other || !state_push(&v->pool, v->other, sub, v->pc))
		return STEP_NOMEM;
	f = v->other->f[level];
	f->callback = true;
	f->turn = ++v->next_id;
	f->refs = v->other->ref_count;
	f->locked = v->other->lock.held;
	f->rcu = v->other->rcu;
	f->preempt = v->other->preempt;
	v->other_next = v->prog->subs[sub].start;
	if (v->other->frames > v->facts->frames)
		v->facts->frames = v->other->frames;
	v->node->turn = f->turn;
	v->node->row = (uint8_t)(COST_CALLBACK + level);
	v->node->turns = most_turns(c, v->other->f[level - 1]);
	return arguments(v, c, v->other->f[level - 1], f) == STEP_NEXT ? STEP_FORK : STEP_ERROR;
}

static bool inside_callback(const struct vstate *s)
{
	for (uint32_t i = 0; i < s->frames; i++)
		if (s->f[i]->callback)
			return true;
	return false;
}

/* In a callback that was entered with a lock held. */
static bool inside_locked(const struct vstate *s)
{
	for (uint32_t i = 0; i < s->frames; i++)
		if (s->f[i]->callback && s->f[i]->locked)
			return true;
	return false;
}

enum step callback_forbids(struct verifier *v, const struct iov_helper *h)
{
	bool gives = false;

	if (h->flags & IOV_HF_TAIL_CALL && inside_callback(v->st))
		return explain_unsupported(v, "tail calls in a callback");
	for (int i = 0; i < 5; i++)
		gives |= h->args[i] == IOV_ARG_NODE || h->args[i] == IOV_ARG_NODE_INSIDE;
	if (inside_locked(v->st) && (gives || h->flags & (IOV_HF_LOCK | IOV_HF_UNLOCK)))
		return call_lock_error(v, "a tree's comparison changes a lock, list or tree");
	return STEP_NEXT;
}

enum step callback_return(struct verifier *v)
{
	const struct vreg *r0 = &v->top->r[IOV_R0];
	uint32_t level = v->st->frames - 1, site = v->top->callsite;

	if (r0->kind == V_UNINIT)
		return explain_uninit(v, IOV_R0);
	if (r0->kind != V_SCALAR || r0->n.full.umax > 1) {
		struct iov_diag *d = verify_diag(v, DIAG_V_RETURN_RANGE, v->pc, "the callback may return %s",
						 explain_kind(v, r0));

		diag_why(d, IOV_NOWHERE, "0 goes on, 1 ends the loop; nothing else has a meaning");
		explain_path(v, d);
		return STEP_ERROR;
	}
	if (v->st->ref_count != v->top->refs || v->st->lock.held != v->top->locked)
		return explain_unsupported(v, "references or locks that outlive one turn of a callback");
	if (v->st->rcu != v->top->rcu || v->st->preempt != v->top->preempt)
		return kfunc_section_error(v, "the callback ends");
	v->returning = call_of_turn(v, v->top->turn);
	if (!v->returning) /* a region is a trial: the paths are walked apart then */
		return explain_unsupported(v, "callbacks that are joined here");
	flow_reg(v, FLOW_PRECISE, IOV_R0, 0);
	flow_log(v, FLOW_CALLBACK_RETURN, (uint8_t)level, 0, 0, 0, 0);
	if (!dynptr_frame_ends(v, level))
		return STEP_NOMEM;
	state_pop(&v->pool, v->st);
	v->st->returned = true;
	v->next = site;
	return STEP_NEXT;
}
