/* SPDX-License-Identifier: Apache-2.0 */
/* The checked engine's memory: regions that live and die, accesses inside them, initialised stack bytes. */
#include "runtime/checked.h"

#include <string.h>

static const char *const kinds[] = {"the context", "the stack", "the packet", "the metadata", "the packet's end",
				    "a map", "a map value", "a record", "the flow keys", "a socket", "a function",
				    "a kernel object", "a dynptr", "an object", "an iterator"};

uint64_t checked_random(struct cmachine *m)
{
	m->rng ^= m->rng << 13;
	m->rng ^= m->rng >> 7;
	m->rng ^= m->rng << 17;
	return m->rng * 0x2545f4914f6cdd1du;
}

static bool grow(struct cmachine *m)
{
	uint32_t cap = m->region_cap ? 2 * m->region_cap : 32;
	struct cregion *grown = alloc_resize(NULL, m->regions, m->region_cap * sizeof(*grown), cap * sizeof(*grown));

	if (!grown)
		return false;
	if (!m->regions)
		grown[0] = (struct cregion){0};
	m->regions = grown;
	m->region_cap = cap;
	return true;
}

uint32_t checked_region(struct cmachine *m, enum cregion_kind kind, uint64_t addr, uint32_t size)
{
	struct cregion *r;
	uint8_t *own = NULL;

	if (m->region_count >= m->region_cap && !grow(m))
		return 0;
	if (!addr) {
		own = alloc_resize(NULL, NULL, 0, size ? size : 1);
		if (!own)
			return 0;
		for (uint32_t i = 0; i < size; i++)
			own[i] = (uint8_t)(checked_random(m) >> 40);
		addr = (uintptr_t)own;
	}
	r = &m->regions[m->region_count];
	*r = (struct cregion){.kind = (uint8_t)kind, .live = true, .addr = addr, .size = size, .owned = own != NULL};
	return m->region_count++;
}

uint32_t checked_socket(struct cmachine *m, uint8_t object)
{
	uint32_t region = checked_region(m, CR_SOCK, 0, 0);

	if (region)
		m->regions[region].object = object;
	return region;
}

void checked_kill(struct cmachine *m, uint32_t region)
{
	m->regions[region].live = false;
	for (uint32_t i = 1; i < m->region_count; i++)
		if (m->regions[i].parent == region && m->regions[i].live)
			checked_kill(m, i);
}

void checked_free(struct cmachine *m)
{
	for (uint32_t i = 1; i < m->region_count; i++)
		if (m->regions[i].owned)
			alloc_free(NULL, (void *)(uintptr_t)m->regions[i].addr,
				   m->regions[i].size ? m->regions[i].size : 1);
	alloc_free(NULL, m->regions, m->region_cap * sizeof(*m->regions));
}

struct cframe *checked_frame_of(struct cmachine *m, uint32_t region)
{
	for (uint32_t i = 0; i <= m->depth; i++)
		if (m->frames[i].region == region)
			return &m->frames[i];
	return NULL;
}

/* Stack bytes that are read are no object's, and were written before, unless the platform does not mind. */
static bool initialised(struct cmachine *m, int reg, const struct cframe *f, uint64_t at, uint32_t size)
{
	for (uint64_t k = (at - (uintptr_t)f->mem) / 8; size && k <= (at - (uintptr_t)f->mem + size - 1) / 8; k++)
		if (f->object[k] && m->regions[f->object[k]].live)
			return checked_fail(m, reg, at, "reads bytes of a dynptr or iterator");
	if (m->image->platform->rules & IOV_RULE_UNINIT_TO_MAPS)
		return true;
	for (uint32_t i = 0; i < size; i++)
		if (!f->init[at - (uintptr_t)f->mem + i])
			return checked_fail(m, reg, at + i, "reads a stack byte that was never written");
	return true;
}

/* The verifier says of some of a frame's bytes that no instruction reaches them but whole and by r10: is this one such,
 * or of other bytes? */
static bool as_said(struct cmachine *m, int reg, const struct cframe *f, uint64_t at, uint32_t size)
{
	const struct iov_isa_row *row = isa_find(&m->image->insns[m->slot]);
	uint64_t below = (uintptr_t)f->mem + V_STACK_BYTES - at, first = (below - size) / 8, last = (below - 1) / 8;
	uint64_t mask = (last < 63 ? (uint64_t)1 << (last + 1) : 0) - ((uint64_t)1 << first);

	if (reg == IOV_R10 && size == 8 && row &&
	    (row->kind == ISA_K_LDX || row->kind == ISA_K_ST || row->kind == ISA_K_STX))
		return true;
	return !(f->private & mask) ||
	       checked_fail(m, reg, at, "reaches bytes of the stack that only whole accesses by r10 were to reach");
}

uint8_t *checked_access(struct cmachine *m, int reg, int64_t off, uint32_t size, bool write)
{
	const struct cvalue *p = &checked_top(m)->r[reg];
	const struct cregion *r = &m->regions[p->region];
	uint64_t at = p->v + (uint64_t)off;
	const struct cframe *f;

	if (!p->init || !p->region) {
		checked_fail(m, reg, p->v, "%s", p->init ? "is used as a pointer, and is none" : "was never written");
		return NULL;
	}
	if (!r->live) {
		checked_fail(m, reg, p->v, "points into %s, which is gone", kinds[r->kind]);
		return NULL;
	}
	if (at < r->addr || size > r->size || at - r->addr > r->size - size || r->kind == CR_END ||
	    r->kind == CR_MAP || r->kind == CR_FUNC || r->kind == CR_KERNEL) {
		checked_fail(m, reg, p->v, "%s %u bytes at offset %lld of %s, which has %u", write ? "writes" : "reads",
			     size, (long long)(at - r->addr), kinds[r->kind], r->size);
		return NULL;
	}
	if (write && r->readonly) {
		checked_fail(m, reg, p->v, "writes into read-only data");
		return NULL;
	}
	if (checked_fields(r) && size &&
	    fields_touch(checked_fields(r), (int64_t)(at - r->addr), (int64_t)(at - r->addr) + size - 1)) {
		checked_fail(m, reg, p->v, "%s a field that belongs to the kernel", write ? "writes" : "reads");
		return NULL;
	}
	f = r->kind == CR_STACK ? checked_frame_of(m, p->region) : NULL;
	if (f && size && (!as_said(m, reg, f, at, size) || (!write && !initialised(m, reg, f, at, size))))
		return NULL;
	return (uint8_t *)(uintptr_t)at;
}

void checked_written(struct cmachine *m, const uint8_t *at, uint32_t size)
{
	for (uint32_t i = 0; i <= m->depth; i++) {
		struct cframe *f = &m->frames[i];

		if (at < f->mem || at >= f->mem + V_STACK_BYTES)
			continue;
		memset(f->init + (at - f->mem), 1, size);
		for (uint32_t i0 = (uint32_t)(at - f->mem), k = i0 / 8; size && k <= (i0 + size - 1) / 8; k++)
			f->spilled[k] = 0;
	}
}

uint32_t checked_packet_region(struct cmachine *m, enum cregion_kind kind)
{
	struct iov_ctx *c = m->ctx;

	switch (kind) {
	case CR_PACKET:
		if (!m->packet)
			m->packet = checked_region(m, kind, (uintptr_t)c->data, (uint32_t)(c->data_end - c->data));
		return m->packet;
	case CR_META:
		if (!m->meta)
			m->meta = checked_region(m, kind, (uintptr_t)c->data_meta,
						 (uint32_t)(c->data - c->data_meta));
		return m->meta;
	default:
		if (!m->end)
			m->end = checked_region(m, CR_END, (uintptr_t)c->data_end, 0);
		return m->end;
	}
}

void checked_packet_changed(struct cmachine *m)
{
	for (uint32_t i = 1; i < m->region_count; i++)
		if (m->regions[i].of_packet)
			m->regions[i].live = false;
	m->regions[m->packet].live = m->regions[m->meta].live = m->regions[m->end].live = false;
	m->packet = m->meta = m->end = 0;
}

static bool packet_field(struct cmachine *m, enum cregion_kind kind, uint8_t *at, struct cvalue *out)
{
	*out = (struct cvalue){(uintptr_t)at, checked_packet_region(m, kind), true};
	return out->region != 0;
}

/* Fields are found in the catalogue, not in the verifier's facts. */
static bool ctx_field(struct cmachine *m, int reg, int64_t off, uint32_t size, bool write,
		      const struct iov_ctx_field **out, int64_t *at)
{
	const struct cvalue *p = &checked_top(m)->r[reg];

	*at = (int64_t)(p->v - m->regions[m->ctx_region].addr) + off;
	*out = *at >= 0 ? catalogue_ctx_field(m->type, (uint32_t)*at) : NULL;
	if (*out && catalogue_ctx_access(m->type, m->image->prog->attach_type, (uint32_t)*at, size, write))
		return true;
	return checked_fail(m, reg, p->v, "%s %u bytes at offset %lld of the context, where no such field is",
			    write ? "writes" : "reads", size, (long long)*at);
}

static bool load_ctx(struct cmachine *m, int reg, int64_t off, uint32_t size, struct cvalue *out)
{
	const struct iov_ctx_field *f;
	int64_t at;

	if (!ctx_field(m, reg, off, size, false, &f, &at))
		return false;
	*out = (struct cvalue){.init = true};
	switch (f->kind) {
	case IOV_CTX_PACKET: return packet_field(m, CR_PACKET, m->ctx->data, out);
	case IOV_CTX_PACKET_META: return packet_field(m, CR_META, m->ctx->data_meta, out);
	case IOV_CTX_PACKET_END: return packet_field(m, CR_END, m->ctx->data_end, out);
	case IOV_CTX_FLOW_KEYS:
		out->region = checked_region(m, CR_FLOW_KEYS, 0, f->aux);
		out->v = m->regions[out->region].addr;
		return out->region != 0;
	case IOV_CTX_SCALAR:
		if (at + size <= (int64_t)sizeof(m->ctx->uapi))
			memcpy(&out->v, m->ctx->uapi + at, size);
		else
			out->v = checked_random(m) & (size == 8 ? UINT64_MAX : (1ull << 8 * size) - 1);
		return true;
	case IOV_CTX_SOCK: case IOV_CTX_SOCK_OR_NULL: case IOV_CTX_FULL_SOCK_OR_NULL:
		if (m->env->hosted) {
			out->v = (uintptr_t)m->ctx->sock;
			out->region = out->v ? checked_region(m, CR_SOCK, out->v, 0) : 0;
			m->regions[out->region].object = IOV_OBJECT_SOCK_COMMON;
			return !out->v || out->region;
		}
		if (f->kind != IOV_CTX_SOCK && checked_random(m) >> 40 & 1)
			return true; /* none there */
		out->region = checked_socket(m, f->kind == IOV_CTX_SOCK_OR_NULL ? IOV_OBJECT_SOCK_COMMON
										: IOV_OBJECT_SOCK);
		out->v = m->regions[out->region].addr;
		return out->region != 0;
	case IOV_CTX_BTF:
		out->region = checked_region(m, CR_KERNEL, 0, 0);
		m->regions[out->region].name = f->btf_type;
		out->v = m->regions[out->region].addr;
		return out->region != 0;
	default:
		return checked_fail(m, reg, 0, "is a context field that the checked engine does not have");
	}
}

/* A socket's field, as the catalogue has it; the content of one that was made up may be anything. */
static bool load_socket(struct cmachine *m, int reg, int64_t off, uint32_t size, struct cvalue *out)
{
	const struct cvalue *p = &checked_top(m)->r[reg];
	const struct cregion *r = &m->regions[p->region];
	int64_t at = (int64_t)(p->v - r->addr) + off;

	if (!r->live)
		return checked_fail(m, reg, p->v, "points into a socket, which is gone");
	if (at < 0 || !catalogue_object_access(catalogue_object(r->object), (uint32_t)at, size))
		return checked_fail(m, reg, p->v, "reads %u bytes at offset %lld of a socket, where no such field is",
				    size, (long long)at);
	*out = (struct cvalue){checked_random(m) & (size == 8 ? UINT64_MAX : (1ull << 8 * size) - 1), 0, true};
	if (!r->owned) {
		out->v = 0;
		memcpy(&out->v, (const uint8_t *)(uintptr_t)r->addr + at, size);
	}
	return true;
}

/* The kernel pointer in a map value that is accessed as a whole, or NULL. */
static const struct iov_field *kptr(const struct cmachine *m, const struct cvalue *p, int64_t off, uint32_t size)
{
	const struct cregion *r = &m->regions[p->region];
	const struct iov_field *f = NULL;

	if (!p->init || !p->region || !r->live || r->kind != CR_VALUE || size != 8 || !r->def)
		return NULL;
	for (int kind = IOV_FIELD_KPTR_UNREF; kind <= IOV_FIELD_KPTR_PERCPU && !f; kind++)
		f = fields_at(&r->def->fields, (enum iov_field_kind)kind, (int64_t)(p->v - r->addr) + off);
	return f;
}

bool checked_load(struct cmachine *m, int reg, int64_t off, uint32_t size, struct cvalue *out)
{
	const struct cvalue *p = &checked_top(m)->r[reg];
	const uint8_t *at;
	const struct cframe *f;

	if (p->init && p->region == m->ctx_region)
		return load_ctx(m, reg, off, size, out);
	if (p->init && m->regions[p->region].kind == CR_SOCK && p->region)
		return load_socket(m, reg, off, size, out);
	if (p->init && p->region &&
	    (m->regions[p->region].kind == CR_KERNEL || m->regions[p->region].kind == CR_MAP))
		return checked_kernel_load(m, reg, off, size, out);
	if (kptr(m, p, off, size))
		return checked_kptr_load(m, kptr(m, p, off, size), out);
	at = checked_access(m, reg, off, size, false);
	if (!at)
		return false;
	f = m->regions[p->region].kind == CR_STACK ? checked_frame_of(m, p->region) : NULL;
	*out = (struct cvalue){.init = true};
	memcpy(&out->v, at, size);
	if (f && size == 8)
		out->region = (uintptr_t)at % 8 ? 0 : f->spilled[(at - f->mem) / 8];
	return true;
}

bool checked_store(struct cmachine *m, int reg, int64_t off, uint32_t size, const struct cvalue *value)
{
	const struct cvalue *p = &checked_top(m)->r[reg];
	const struct iov_ctx_field *field;
	struct cframe *f;
	uint8_t *at;
	int64_t place;

	if (p->init && p->region == m->ctx_region) {
		if (!ctx_field(m, reg, off, size, true, &field, &place))
			return false;
		if (place + size <= (int64_t)sizeof(m->ctx->uapi))
			memcpy(m->ctx->uapi + place, &value->v, size);
		return true;
	}
	if (p->init && p->region && m->regions[p->region].kind == CR_KERNEL)
		return checked_kernel_store(m, reg, off, size);
	if (kptr(m, p, off, size) && kptr(m, p, off, size)->kind == IOV_FIELD_KPTR_UNREF)
		return true;
	at = checked_access(m, reg, off, size, true);
	if (!at)
		return false;
	if (m->regions[p->region].kind == CR_STACK && !checked_dynptr_lost(m, at, size))
		return false;
	memcpy(at, &value->v, size);
	f = m->regions[p->region].kind == CR_STACK ? checked_frame_of(m, p->region) : NULL;
	if (f)
		checked_written(m, at, size);
	if (f && size == 8 && (uintptr_t)at % 8 == 0)
		f->spilled[(at - f->mem) / 8] = value->region;
	return true;
}
