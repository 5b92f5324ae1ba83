/* SPDX-License-Identifier: Apache-2.0 */
/* Running a flow log backward. See demand.h. */
#include "backend/verify/demand.h"

#include <string.h>

static void need(struct frame_demand *f, uint8_t reg, bool precise)
{
	f->used |= (uint16_t)(1u << reg);
	if (precise)
		f->precise |= (uint16_t)(1u << reg);
}

static void forget(struct frame_demand *f, uint8_t reg)
{
	f->used &= (uint16_t)~(1u << reg);
	f->precise &= (uint16_t)~(1u << reg);
}

static bool reg_precise(const struct frame_demand *f, uint8_t reg) { return f->precise >> reg & 1; }

/* The bits of slot `slot` that the range [off, off + len) covers, as an 8-bit mask in `bytes` order. */
static uint8_t slot_cover(uint32_t slot, int32_t off, uint32_t len)
{
	int32_t lo = -(off + (int32_t)len), hi = -off; /* positions [lo, hi): 0 is the byte below r10 */
	int32_t first = lo - (int32_t)(8 * slot), last = hi - (int32_t)(8 * slot);

	first = first < 0 ? 0 : first;
	last = last > 8 ? 8 : last;
	return first >= last ? 0 : (uint8_t)(((1u << (last - first)) - 1) << first);
}

static void range_slots(const struct flow *e, uint32_t *first, uint32_t *last)
{
	*first = slot_of(e->off + e->len - 1);
	*last = slot_of(e->off);
}

static void kill_range(struct frame_demand *f, const struct flow *e)
{
	uint32_t first, last;

	range_slots(e, &first, &last);
	for (uint32_t k = first; k <= last; k++) {
		f->bytes[k] &= (uint8_t)~slot_cover(k, e->off, e->len);
		if (!f->bytes[k])
			f->slot_precise &= ~(1ull << k);
	}
}

static void read_range(struct frame_demand *f, const struct flow *e, bool precise)
{
	uint32_t first, last;

	range_slots(e, &first, &last);
	for (uint32_t k = first; k <= last; k++) {
		f->bytes[k] |= slot_cover(k, e->off, e->len);
		if (precise)
			f->slot_precise |= 1ull << k;
	}
}

static bool range_precise(const struct frame_demand *f, const struct flow *e)
{
	uint32_t first, last;

	range_slots(e, &first, &last);
	for (uint32_t k = first; k <= last; k++)
		if (f->slot_precise >> k & 1)
			return true;
	return false;
}

static void tie(struct demand *d, const struct flow *members, size_t count)
{
	bool precise = false;

	for (size_t i = 0; i < count && !precise; i++) {
		const struct frame_demand *f = &d->f[members[i].frame];

		precise = members[i].op == FLOW_TIE_REG ? reg_precise(f, members[i].a)
							: f->slot_precise >> members[i].a & 1;
	}
	for (size_t i = 0; i < count && precise; i++) {
		struct frame_demand *f = &d->f[members[i].frame];

		if (members[i].op == FLOW_TIE_REG) {
			need(f, members[i].a, true);
		} else {
			f->slot_precise |= 1ull << members[i].a;
			f->bytes[members[i].a] = 0xff;
		}
	}
}

static void leave_callee(struct demand *d, const struct flow *e)
{
	struct frame_demand *callee = &d->f[e->frame], *caller = callee - 1;

	for (uint8_t r = IOV_R0; r <= IOV_R5; r++)
		forget(caller, r);
	for (uint8_t r = IOV_R1; r <= IOV_R5; r++)
		if (callee->used >> r & 1)
			need(caller, r, reg_precise(callee, r));
	memset(callee, 0, sizeof(*callee));
	d->frames = e->frame;
}

static void enter_callee(struct demand *d, const struct flow *e)
{
	struct frame_demand *callee = &d->f[e->frame], *caller = callee - 1;

	memset(callee, 0, sizeof(*callee));
	d->frames = e->frame + 1u;
	if (caller->used & 1)
		need(callee, IOV_R0, reg_precise(caller, IOV_R0));
	forget(caller, IOV_R0);
}

static void backward_one(struct demand *d, const struct flow *e)
{
	struct frame_demand *f = &d->f[e->frame];
	bool precise;

	switch (e->op) {
	case FLOW_DEF: forget(f, e->a); break;
	case FLOW_USE: need(f, e->a, false); break;
	case FLOW_PRECISE: need(f, e->a, true); break;
	case FLOW_MOVE:
		precise = reg_precise(f, e->a);
		forget(f, e->a);
		need(f, e->b, precise);
		break;
	case FLOW_ALU:
		precise = reg_precise(f, e->a);
		need(f, e->a, precise);
		if (e->b != FLOW_NONE)
			need(f, e->b, precise);
		break;
	case FLOW_STORE:
		precise = range_precise(f, e);
		kill_range(f, e);
		need(&d->f[d->frames - 1], e->a, precise);
		break;
	case FLOW_KILL: kill_range(f, e); break;
	case FLOW_READ: read_range(f, e, false); break;
	case FLOW_READ_PRECISE: read_range(f, e, true); break;
	case FLOW_LOAD:
		precise = reg_precise(&d->f[d->frames - 1], e->a);
		forget(&d->f[d->frames - 1], e->a);
		read_range(f, e, precise);
		break;
	case FLOW_CALL: leave_callee(d, e); break;
	case FLOW_RETURN: enter_callee(d, e); break;
	case FLOW_CALLBACK:
		memset(f, 0, sizeof(*f));
		d->frames = e->frame;
		break;
	case FLOW_CALLBACK_RETURN:
		memset(f, 0, sizeof(*f));
		d->frames = e->frame + 1u;
		break;
	default: break;
	}
}

void demand_backward(struct demand *d, const struct flow *log, size_t count)
{
	while (count--) {
		const struct flow *e = &log[count];

		if (e->op == FLOW_TIE) {
			tie(d, e - e->len, e->len);
			count -= e->len;
		} else {
			backward_one(d, e);
		}
	}
}

void demand_merge(struct demand *into, const struct demand *from)
{
	if (from->frames > into->frames)
		into->frames = from->frames;
	for (uint32_t i = 0; i < from->frames; i++) {
		struct frame_demand *a = &into->f[i];
		const struct frame_demand *b = &from->f[i];

		a->used |= b->used;
		a->precise |= b->precise;
		a->slot_precise |= b->slot_precise;
		for (size_t k = 0; k < sizeof(a->bytes); k++)
			a->bytes[k] |= b->bytes[k];
	}
}

void demand_everything(struct demand *d, uint32_t frames)
{
	memset(d, 0xff, sizeof(*d));
	d->frames = frames;
}
