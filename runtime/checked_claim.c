/* SPDX-License-Identifier: Apache-2.0 */
/* The checked engine against the verifier's word: the state before an instruction has to satisfy one of the claims
 * recorded for it (backend/verify/record.h), the instruction every fact that engines may rely on (asm/isa/facts.h). */
#include "runtime/checked.h"
#include "runtime/maps/map.h"

#include <stdio.h>
#include <string.h>

static bool in_bound(const struct bound *b, uint64_t v, unsigned w)
{
	int64_t s = bound_sext(v, w);

	return (v & ~b->bits.mask) == b->bits.value && v >= b->umin && v <= b->umax && s >= b->smin && s <= b->smax;
}

static bool in_num(const struct num *n, uint64_t v)
{
	return in_bound(&n->full, v, 64) && in_bound(&n->half, (uint32_t)v, 32);
}

/* Why a packet pointer belies its claim, or NULL. `end` is where its memory ends. */
static const char *packet_belied(const struct vreg *c, uint64_t v, uint64_t start, uint64_t end, bool precise)
{
	uint64_t base = v - (uint64_t)(int64_t)c->off;

	if (!in_num(&c->n, base - start))
		return "is at another offset of the packet";
	if (c->range && (int64_t)(end - base) < (int64_t)c->range)
		return "has fewer bytes of packet before it than claimed";
	if (precise && c->beyond && (int64_t)(end - base) >= (int64_t)c->beyond)
		return "has more bytes of packet before it than claimed";
	return NULL;
}

static const char *plain_belied(const struct vreg *c, const struct cregion *r, enum cregion_kind kind, uint64_t v)
{
	if (r->kind != kind || (kind == CR_VALUE && r->def != c->map))
		return "points into something else";
	if (kind == CR_RECORD && r->size != c->range)
		return "points into a record of another size";
	return in_num(&c->n, v - (uint64_t)(int64_t)c->off - r->addr) ? NULL : "is at another offset";
}

static const char *socket_belied(const struct vreg *c, const struct cregion *r)
{
	if (r->kind != CR_SOCK)
		return "is no socket";
	if (c->range == IOV_RET_SOCKET_OR_NULL && r->object != IOV_OBJECT_SOCK)
		return "is no full socket";
	if ((c->range == IOV_RET_XDP_SOCK_OR_NULL) != (r->object == IOV_OBJECT_XDP_SOCK))
		return "is another kind of socket";
	return c->range != IOV_RET_TCP_SOCK_OR_NULL || r->object == IOV_OBJECT_TCP_SOCK ? NULL : "is no TCP socket";
}

static const char *pointer_belied(struct cmachine *m, const struct vreg *c, const struct cvalue *x, bool precise)
{
	const struct cregion *r = &m->regions[x->region];
	uint32_t root = checked_top(m)->root;
	const struct cframe *f;

	if (!x->v && c->maybe_null)
		return NULL;
	if (c->kind == V_KERNEL && !c->ref && !(c->trust & (T_TRUSTED | T_RCU | T_SOCKET)))
		return NULL; /* it may point anywhere */
	if (!x->region)
		return "is no pointer";
	if (!r->live)
		return "points into what is gone";
	switch (c->kind) {
	case V_CTX:
		return x->v == r->addr + (uint64_t)(int64_t)c->off && r->kind == CR_CTX ? NULL : "is not the context";
	case V_MAP: return r->kind == CR_MAP && r->def == c->map ? NULL : "is another map";
	case V_END: return r->kind == CR_END && x->v == r->addr ? NULL : "is not the packet's end";
	case V_PACKET: case V_META:
		if (r->kind != (c->kind == V_PACKET ? CR_PACKET : CR_META))
			return "points into something else";
		return packet_belied(c, x->v, r->addr, r->addr + r->size, precise);
	case V_STACK:
		f = root + c->frame <= m->depth ? &m->frames[root + c->frame] : NULL;
		if (!f || f->region != x->region)
			return "points into another stack";
		return in_num(&c->n, x->v - (uint64_t)(int64_t)c->off - (uintptr_t)(f->mem + V_STACK_BYTES))
			       ? NULL : "is at another offset of the stack";
	case V_VALUE: return plain_belied(c, r, CR_VALUE, x->v);
	case V_RECORD: return root ? NULL : plain_belied(c, r, CR_RECORD, x->v); /* a parameter: any memory */
	case V_FLOW_KEYS: return plain_belied(c, r, CR_FLOW_KEYS, x->v);
	case V_SOCK: return socket_belied(c, r);
	case V_OBJECT:
		if (r->kind != CR_OBJECT || r->type != c->type)
			return "is no such object";
		if (!c->trust && !r->acquired)
			return "is not owned, as claimed";
		return x->v - r->addr == (uint64_t)(int64_t)c->off ? NULL : "is at another offset of the object";
	case V_KERNEL:
		if (r->kind != CR_KERNEL || !r->name || (strcmp(r->name, c->object) && !root))
			return "is another kernel object"; /* a parameter may be what begins the object */
		return in_num(&c->n, x->v - (uint64_t)(int64_t)c->off - r->addr) ? NULL : "is at another offset";
	case V_DYNPTR: /* the bytes of one, where the slot says so, or its address */
		return r->kind == CR_DYNPTR || r->kind == CR_STACK ? NULL : "is no dynptr";
	default: return NULL;
	}
}

/* Why the value is not what the claim says, or NULL. */
static const char *belied(struct cmachine *m, const struct vreg *c, const struct cvalue *x, bool precise)
{
	switch (c->kind) {
	case V_UNINIT: case V_STALE: case V_FREED: case V_HALF: case V_FUNC: return NULL;
	case V_SCALAR:
		if (!x->init)
			return "was never written";
		return !precise || in_num(&c->n, x->v) ? NULL : "is outside the range claimed";
	default: return x->init ? pointer_belied(m, c, x, precise) : "was never written";
	}
}

struct link {
	uint32_t id;
	uint64_t base;
	bool low;
};

struct check {
	struct link links[IOV_R10 + V_STACK_SLOTS];
	uint32_t link_count;
	int place;             /**< what was belied: register, or offset from r10 */
	uint64_t value;
	const char *why;
	const struct vreg *claim;
};

/* Copies of one number agree: value = base + off, or its lower half. */
static const char *link_belied(struct check *k, const struct vreg *c, uint64_t v)
{
	uint64_t base = v - (uint64_t)(int64_t)c->off;

	if (c->kind != V_SCALAR || !c->id)
		return NULL;
	for (uint32_t i = 0; i < k->link_count; i++) {
		const struct link *l = &k->links[i];

		if (l->id == c->id && (c->low || l->low ? (uint32_t)base != (uint32_t)l->base : base != l->base))
			return "differs from what it is claimed to be a copy of";
	}
	k->links[k->link_count++] = (struct link){c->id, base, c->low};
	return NULL;
}

static bool holds(struct cmachine *m, struct check *k, int place, const struct vreg *c, const struct cvalue *x,
		  bool precise)
{
	const char *why = belied(m, c, x, precise);

	if (!why && precise)
		why = link_belied(k, c, x->v);
	if (why)
		*k = (struct check){.place = place, .value = x->v, .why = why, .claim = c};
	return !why;
}

/* The spilled register of a slot, where one of its bytes is demanded; a number may cover a part of the slot. */
static bool spill_holds(struct cmachine *m, struct check *k, const struct iov_claim_slot *s, uint32_t at)
{
	const struct cframe *f = checked_top(m);
	struct cvalue x = {.init = true};
	uint32_t first = 8, size = 0;
	bool demanded = false;

	for (uint32_t i = 0; i < 8; i++)
		if (s->tag[i] == S_SPILL) {
			first = first == 8 ? i : first;
			size++;
			x.init &= f->init[at + i];
			demanded |= s->bytes >> (7 - i) & 1;
		}
	if (!demanded || (s->reg.kind == V_SCALAR && !s->precise))
		return true;
	memcpy(&x.v, f->mem + at + first, size);
	x.region = size == 8 ? f->spilled[at / 8] : 0;
	return holds(m, k, (int)at - V_STACK_BYTES, &s->reg, &x, s->precise);
}

static bool slot_holds(struct cmachine *m, struct check *k, const struct iov_claim_slot *s)
{
	uint32_t at = V_STACK_BYTES - 8 * (s->slot + 1u);
	const struct cframe *f = checked_top(m);

	if (s->tag[0] == S_OBJECT) {
		const struct cregion *r = &m->regions[f->object[at / 8]];

		if (f->object[at / 8] && r->live && r->addr + (uint64_t)(int64_t)s->reg.off == (uintptr_t)f->mem + at &&
		    (s->reg.kind != V_ITER || (r->kind == CR_ITER && r->dynptr == s->reg.range)) &&
		    (s->reg.kind != V_DYNPTR || (r->kind == CR_DYNPTR && r->dynptr == s->reg.range)))
			return true;
		*k = (struct check){.place = (int)at - V_STACK_BYTES, .why = "is not the object that it should be"};
		return false;
	}
	for (uint32_t i = 0; i < 8; i++) {
		bool zero = s->tag[i] == S_ZERO && s->precise;

		if (!(s->bytes >> (7 - i) & 1) || s->tag[i] == S_UNINIT ||
		    (f->init[at + i] && (!zero || !f->mem[at + i])))
			continue;
		*k = (struct check){.place = (int)(at + i) - V_STACK_BYTES, .value = f->mem[at + i],
				    .why = f->init[at + i] ? "is not zero" : "was never written"};
		return false;
	}
	return spill_holds(m, k, s, at);
}

static bool claim_holds(struct cmachine *m, const struct iov_claim *c, struct check *k)
{
	const struct cframe *f = checked_top(m);
	uint32_t n = 0;

	k->link_count = 0;
	if (c->frames != m->depth - f->root + 1 || c->callsite != f->callsite) {
		*k = (struct check){.place = IOV_R10, .why = "was called from elsewhere"};
		return false;
	}
	if (m->refs > c->refs && !f->root) {
		*k = (struct check){.place = IOV_R10, .value = m->refs, .why = "holds more references than claimed"};
		return false;
	}
	for (int r = 0; r < IOV_R10; r++)
		if (c->used >> r & 1 && !holds(m, k, r, &c->regs[n++], &f->r[r], c->precise >> r & 1))
			return false;
	for (uint32_t i = 0; i < c->slot_count; i++)
		if (!slot_holds(m, k, &c->slots[i]))
			return false;
	return true;
}

static void describe(const struct vreg *c, char *text, size_t size)
{
	if (!c)
		text[0] = 0;
	else if (c->kind == V_SCALAR)
		snprintf(text, size, "; claimed: %#llx..%#llx, signed %lld..%lld, bits %#llx/%#llx, low %#llx..%#llx",
			 (unsigned long long)c->n.full.umin, (unsigned long long)c->n.full.umax,
			 (long long)c->n.full.smin, (long long)c->n.full.smax,
			 (unsigned long long)c->n.full.bits.value, (unsigned long long)c->n.full.bits.mask,
			 (unsigned long long)c->n.half.umin, (unsigned long long)c->n.half.umax);
	else
		snprintf(text, size, "; claimed: pointer of kind %u, offset %d + %lld..%lld, %u bytes", c->kind, c->off,
			 (long long)c->n.full.smin, (long long)c->n.full.smax, c->range);
}

bool checked_claims(struct cmachine *m)
{
	const struct iov_checked_code *code = m->image->engine_data;
	const struct iov_claim *list;
	struct check k = {.place = IOV_R10};
	char claim[200];

	if (!code->claims.by_insn)
		return true;
	list = code->claims.by_insn[m->slot];
	if (!list)
		return checked_fail(m, -1, 0, "runs, and the verifier never came here");
	for (const struct iov_claim *c = list; c; c = c->next) {
		m->out->claims++;
		if (claim_holds(m, c, &k))
			return true;
	}
	describe(k.claim, claim, sizeof(claim));
	if (k.place < 0)
		return checked_fail(m, -1, k.value, "stack byte %d %s%s", k.place, k.why, claim);
	return checked_fail(m, k.place, k.value, "%s%s", k.why, claim);
}

static bool jcc_facts(struct cmachine *m, const struct iov_insn_fact *fact, bool jumps)
{
	if (fact->always && !jumps)
		return checked_fail(m, -1, 0, "does not jump, and the facts say it always does");
	if (fact->never && jumps)
		return checked_fail(m, -1, 0, "jumps, and the facts say it never does");
	return true;
}

static bool mem_fact(struct cmachine *m, const struct iov_insn_fact *fact, int reg)
{
	static const uint8_t of[] = {
		[CR_CTX] = IOV_MEM_CTX, [CR_STACK] = IOV_MEM_STACK, [CR_PACKET] = IOV_MEM_PACKET,
		[CR_META] = IOV_MEM_META, [CR_VALUE] = IOV_MEM_MAP_VALUE, [CR_RECORD] = IOV_MEM_RECORD,
		[CR_FLOW_KEYS] = IOV_MEM_FLOW_KEYS, [CR_SOCK] = IOV_MEM_SOCK, [CR_KERNEL] = IOV_MEM_KERNEL,
		[CR_DYNPTR] = IOV_MEM_NONE, [CR_OBJECT] = IOV_MEM_OTHER, [CR_ITER] = IOV_MEM_NONE,
	};
	_Static_assert(sizeof(of) > CR_KERNEL && sizeof(of) > CR_DYNPTR, "the last kinds");
	const struct cvalue *p = &checked_top(m)->r[reg];
	uint8_t mem = p->region ? of[m->regions[p->region].kind] : IOV_MEM_NONE;

	if (fact->mem == IOV_MEM_OTHER || checked_top(m)->root || !mem)
		return true;
	if (mem != fact->mem)
		return checked_fail(m, reg, p->v, "points into other memory (%u) than the facts say (%u)", mem,
				    fact->mem);
	return true;
}

static bool call_facts(struct cmachine *m, const struct iov_insn_fact *fact)
{
	const struct cvalue *r = checked_top(m)->r;
	uint32_t key;

	for (int i = IOV_R1; fact->map >= 0 && i <= IOV_R5; i++)
		if (r[i].region && m->regions[r[i].region].kind == CR_MAP &&
		    m->regions[r[i].region].def != m->image->prog->maps[fact->map])
			return checked_fail(m, i, r[i].v, "is another map than the facts say");
	if (!fact->key_const)
		return true;
	if (!checked_access(m, IOV_R2, 0, 4, false))
		return false;
	memcpy(&key, (const void *)(uintptr_t)r[IOV_R2].v, sizeof(key));
	return key == fact->key ||
	       checked_fail(m, IOV_R2, key, "points to another key than the facts say (%u)", fact->key);
}

bool checked_facts(struct cmachine *m, const struct iov_isa_row *row, const struct iov_insn *insn,
		   bool jumps)
{
	const struct iov_insn_fact *fact = m->image->facts ? &m->image->facts->insns[m->slot] : NULL;
	const struct cvalue *src = &checked_top(m)->r[insn->src];

	if (!fact)
		return true;
	if (!fact->reached)
		return checked_fail(m, -1, 0, "runs, and the facts say that it is never reached");
	switch (row->kind) {
	case ISA_K_ALU:
		if (fact->divisor_nonzero && row->src == ISA_SRC_X &&
		    !(row->width == 32 ? (uint32_t)src->v : src->v))
			return checked_fail(m, insn->src, 0, "divides, and the facts say that it is not 0");
		return true;
	case ISA_K_LDX: case ISA_K_LDSX: return mem_fact(m, fact, insn->src);
	case ISA_K_ST: case ISA_K_STX: return mem_fact(m, fact, insn->dst);
	case ISA_K_CALL: return (row->oper != ISA_O_HELPER && row->oper != ISA_O_KFUNC) || call_facts(m, fact);
	case ISA_K_JCC: return jcc_facts(m, fact, jumps);
	default: return true;
	}
}
