/* SPDX-License-Identifier: Apache-2.0 */
/* The checked engine's dynptrs. One on the stack is a region of its own, and its bytes count as never written; the
 * frame remembers which slots are which. Slices are records whose parent it is. */
#include "runtime/checked.h"

#include <string.h>

static struct cframe *frame_at(struct cmachine *m, uint64_t at)
{
	for (uint32_t i = 0; i <= m->depth; i++) {
		uint64_t mem = (uintptr_t)m->frames[i].mem;

		if (at >= mem && at < mem + V_STACK_BYTES)
			return &m->frames[i];
	}
	return NULL;
}

uint32_t checked_dynptr(struct cmachine *m, int reg)
{
	const struct cvalue *p = &checked_top(m)->r[reg];
	const struct cregion *r = &m->regions[p->region];
	const struct cframe *f;
	uint32_t slot, object;

	if (p->init && r->kind == CR_DYNPTR && r->live)
		return p->region;
	f = p->init && r->kind == CR_STACK && r->live && p->v % 8 == 0 ? checked_frame_of(m, p->region) : NULL;
	slot = f ? (uint32_t)(p->v - (uintptr_t)f->mem) / 8 : V_STACK_SLOTS;
	object = slot + 1 < V_STACK_SLOTS ? f->object[slot] : 0;
	if (object && m->regions[object].live && m->regions[object].addr == p->v && f->object[slot + 1] == object)
		return object;
	checked_fail(m, reg, p->v, "is no dynptr");
	return 0;
}

bool checked_dynptr_room(struct cmachine *m, int reg)
{
	const struct cvalue *p = &checked_top(m)->r[reg];

	if (m->regions[p->region].kind != CR_STACK || p->v % 8)
		return checked_fail(m, reg, p->v, "is no place for a dynptr");
	return checked_access(m, reg, 0, IOV_DYNPTR_BYTES, true) != NULL;
}

bool checked_dynptr_make(struct cmachine *m, uint64_t at, uint8_t kind, uint32_t parent)
{
	struct cframe *f = frame_at(m, at);
	uint32_t region, slot;

	if (!f || !checked_dynptr_lost(m, (const uint8_t *)(uintptr_t)at, IOV_DYNPTR_BYTES))
		return false;
	region = checked_region(m, CR_DYNPTR, at, IOV_DYNPTR_BYTES);
	if (!region)
		return false;
	m->regions[region].dynptr = kind;
	m->regions[region].parent = parent;
	if (kind == IOV_DYNPTR_RINGBUF && !parent) {
		m->regions[region].acquired = true;
		m->refs++;
	}
	slot = (uint32_t)(at - (uintptr_t)f->mem) / 8;
	f->object[slot] = f->object[slot + 1] = region;
	memset(f->init + 8 * slot, 0, IOV_DYNPTR_BYTES);
	f->spilled[slot] = f->spilled[slot + 1] = 0;
	return true;
}

bool checked_dynptr_lost(struct cmachine *m, const uint8_t *at, uint32_t size)
{
	struct cframe *f = frame_at(m, (uintptr_t)at);
	uint32_t first = f ? (uint32_t)(at - f->mem) / 8 : 0;

	for (uint32_t k = first; f && size && k <= (uint32_t)(at + size - 1 - f->mem) / 8; k++) {
		uint32_t object = f->object[k];

		if (!object)
			continue;
		if (m->regions[object].live && m->regions[object].acquired)
			return checked_fail(m, -1, (uintptr_t)at, "overwrites a dynptr that holds a reference");
		checked_kill(m, object);
		for (uint32_t i = 0; i < V_STACK_SLOTS; i++)
			if (f->object[i] == object)
				f->object[i] = 0;
	}
	return true;
}
