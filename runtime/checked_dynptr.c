/* SPDX-License-Identifier: Apache-2.0 */
/* The checked engine's dynptrs and iterators. One on the stack is a region of its own, and its bytes count as never
 * written; the frame remembers which slots are which. Slices are records whose parent it is. */
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

static uint32_t object_at(struct cmachine *m, int reg, enum cregion_kind kind)
{
	const struct cvalue *p = &checked_top(m)->r[reg];
	const struct cregion *r = &m->regions[p->region];
	uint32_t slot, object = 0;
	const struct cframe *f;

	f = p->init && r->kind == CR_STACK && r->live && p->v % 8 == 0 ? checked_frame_of(m, p->region) : NULL;
	slot = f ? (uint32_t)(p->v - (uintptr_t)f->mem) / 8 : V_STACK_SLOTS;
	if (slot < V_STACK_SLOTS)
		object = f->object[slot];
	r = &m->regions[object];
	if (!object || !r->live || r->kind != kind || r->addr != p->v)
		return 0;
	for (uint32_t k = 0; k < r->size / 8; k++)
		if (slot + k >= V_STACK_SLOTS || f->object[slot + k] != object)
			return 0;
	return object;
}

uint32_t checked_dynptr(struct cmachine *m, int reg)
{
	const struct cvalue *p = &checked_top(m)->r[reg];
	uint32_t object;

	if (p->init && m->regions[p->region].kind == CR_DYNPTR && m->regions[p->region].live)
		return p->region;
	object = object_at(m, reg, CR_DYNPTR);
	if (!object)
		checked_fail(m, reg, p->v, "is no dynptr");
	return object;
}

uint32_t checked_iter(struct cmachine *m, int reg)
{
	uint32_t object = object_at(m, reg, CR_ITER);

	if (!object)
		checked_fail(m, reg, checked_top(m)->r[reg].v, "is no iterator");
	return object;
}

bool checked_object_room(struct cmachine *m, int reg, uint32_t size)
{
	const struct cvalue *p = &checked_top(m)->r[reg];

	if (m->regions[p->region].kind != CR_STACK || p->v % 8)
		return checked_fail(m, reg, p->v, "is no place for a dynptr or an iterator");
	return checked_access(m, reg, 0, size, true) != NULL;
}

static uint32_t object_make(struct cmachine *m, uint64_t at, enum cregion_kind kind, uint32_t size)
{
	struct cframe *f = frame_at(m, at);
	uint32_t region, slot;

	if (!f || !checked_dynptr_lost(m, (const uint8_t *)(uintptr_t)at, size))
		return 0;
	region = checked_region(m, kind, at, size);
	slot = (uint32_t)(at - (uintptr_t)f->mem) / 8;
	for (uint32_t k = 0; region && k < size / 8; k++) {
		f->object[slot + k] = region;
		f->spilled[slot + k] = 0;
	}
	memset(f->init + 8 * slot, 0, size);
	return region;
}

bool checked_dynptr_make(struct cmachine *m, uint64_t at, uint8_t kind, uint32_t parent)
{
	uint32_t region = object_make(m, at, CR_DYNPTR, IOV_DYNPTR_BYTES);

	if (!region)
		return false;
	m->regions[region].dynptr = kind;
	m->regions[region].parent = parent;
	if (kind == IOV_DYNPTR_RINGBUF && !parent) {
		m->regions[region].acquired = true;
		m->refs++;
	}
	return true;
}

bool checked_iter_make(struct cmachine *m, uint64_t at, uint32_t elements)
{
	uint32_t region = object_make(m, at, CR_ITER, IOV_ITER_BYTES);

	if (!region)
		return false;
	m->regions[region].acquired = true;
	m->regions[region].left = elements;
	m->refs++;
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
			return checked_fail(m, -1, (uintptr_t)at,
					    "overwrites a dynptr or iterator that holds a reference");
		checked_kill(m, object);
		for (uint32_t i = 0; i < V_STACK_SLOTS; i++)
			if (f->object[i] == object)
				f->object[i] = 0;
	}
	return true;
}
