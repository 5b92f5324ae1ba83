/* SPDX-License-Identifier: Apache-2.0 */
/* States and frames: making, sharing, copying on write, giving back. See state.h. */
#include "backend/verify/state.h"

#include <string.h>

void pool_init(struct vpool *p, const struct iov_alloc *alloc) { *p = (struct vpool){.alloc = alloc}; }

static unsigned size_class(uint32_t slots) { return (slots + 3) / 4; }
static uint32_t class_slots(unsigned class) { return 4 * class; }
static size_t frame_bytes(uint32_t cap) { return sizeof(struct vframe) + cap * sizeof(struct vslot); }

/* The free lists are chained through memory that is not otherwise in use. */
struct chained {
	void *next;
};

static void *pop_free(void *list)
{
	struct chained **head = list, *first = *head;

	if (first)
		*head = first->next;
	return first;
}

static void push_free(void *list, void *item)
{
	struct chained **head = list, *first = item;

	first->next = *head;
	*head = first;
}

void pool_free(struct vpool *p)
{
	void *item;

	for (unsigned c = 0; c <= V_STACK_SLOTS / 4; c++)
		while ((item = pop_free(&p->free_frames[c])))
			alloc_free(p->alloc, item, frame_bytes(class_slots(c)));
	while ((item = pop_free(&p->free_states)))
		alloc_free(p->alloc, item, sizeof(struct vstate));
	p->idle = 0;
}

struct vframe *frame_new(struct vpool *p, uint32_t slots)
{
	unsigned class = size_class(slots);
	struct vframe *f = pop_free(&p->free_frames[class]);

	if (f)
		p->idle -= frame_bytes(class_slots(class));
	else
		f = alloc_resize(p->alloc, NULL, 0, frame_bytes(class_slots(class)));
	if (!f)
		return NULL;
	p->bytes += frame_bytes(class_slots(class));
	f->users = 1;
	f->slots = 0;
	f->cap = (uint16_t)class_slots(class);
	return f;
}

void frame_drop(struct vpool *p, struct vframe *f)
{
	if (--f->users)
		return;
	p->bytes -= frame_bytes(f->cap);
	p->idle += frame_bytes(f->cap);
	push_free(&p->free_frames[size_class(f->cap)], f);
}

struct vstate *state_new(struct vpool *p)
{
	struct vstate *s = pop_free(&p->free_states);

	if (s)
		p->idle -= sizeof(*s);
	else
		s = alloc_resize(p->alloc, NULL, 0, sizeof(*s));
	if (!s)
		return NULL;
	memset(s, 0, sizeof(*s));
	if (++p->states > p->peak_states)
		p->peak_states = p->states;
	return s;
}

struct vstate *state_copy(struct vpool *p, const struct vstate *s)
{
	struct vstate *copy = state_new(p);

	if (!copy)
		return NULL;
	*copy = *s;
	for (uint32_t i = 0; i < s->frames; i++)
		s->f[i]->users++;
	return copy;
}

void state_drop(struct vpool *p, struct vstate *s)
{
	if (!s)
		return;
	while (s->frames)
		state_pop(p, s);
	push_free(&p->free_states, s);
	p->idle += sizeof(*s);
	p->states--;
}

bool state_push(struct vpool *p, struct vstate *s, uint32_t sub, uint32_t callsite)
{
	struct vframe *f = frame_new(p, 0);

	if (!f)
		return false;
	*f = (struct vframe){.users = 1, .cap = f->cap, .sub = sub, .callsite = callsite};
	f->r[IOV_R10] = (struct vreg){.kind = V_STACK, .frame = (uint8_t)s->frames, .n = num_const(0)};
	s->f[s->frames++] = f;
	return true;
}

void state_pop(struct vpool *p, struct vstate *s) { frame_drop(p, s->f[--s->frames]); }

struct vframe *state_frame(struct vpool *p, struct vstate *s, uint32_t i, uint32_t slots)
{
	struct vframe *f = s->f[i], *copy;
	uint16_t cap;

	if (f->users > 1 || f->cap < slots) {
		copy = frame_new(p, slots > f->slots ? slots : f->slots);
		if (!copy)
			return NULL;
		cap = copy->cap;
		*copy = *f;
		copy->users = 1;
		copy->cap = cap;
		memcpy(copy->s, f->s, f->slots * sizeof(f->s[0]));
		frame_drop(p, f);
		s->f[i] = f = copy;
	}
	if (f->slots < slots) {
		memset(f->s + f->slots, 0, (slots - f->slots) * sizeof(f->s[0]));
		f->slots = (uint16_t)slots;
	}
	return f;
}

bool state_each(struct vpool *p, struct vstate *s, void (*visit)(struct vreg *r, void *ud), void *ud)
{
	for (uint32_t i = 0; i < s->frames; i++) {
		struct vframe *f = state_frame(p, s, i, 0);

		if (!f)
			return false;
		for (int r = 0; r < IOV_REGS; r++)
			visit(&f->r[r], ud);
		for (uint32_t k = 0; k < f->slots; k++)
			if (slot_spills(&f->s[k]))
				visit(&f->s[k].reg, ud);
	}
	return true;
}

void reg_scalar(struct vreg *r, struct num n, uint32_t origin)
{
	*r = (struct vreg){.kind = V_SCALAR, .origin = origin, .n = n};
}

uint32_t reg_moved_range(uint32_t range, int64_t by)
{
	int64_t left = (int64_t)range - by;

	return !range || left < 0 ? 0 : left > UINT16_MAX ? UINT16_MAX : (uint32_t)left;
}

uint32_t reg_moved_beyond(uint32_t beyond, int64_t by)
{
	int64_t left = (int64_t)beyond - by;

	return !beyond || left > UINT16_MAX ? 0 : left < 1 ? 1 : (uint32_t)left;
}
