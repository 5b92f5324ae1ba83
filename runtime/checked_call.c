/* SPDX-License-Identifier: Apache-2.0 */
/* The checked engine's calls of helpers. Every argument is checked against the prototype, from what is alive now. A
 * helper that this runtime has, on maps that it has, is then called; any other does the worst that its prototype
 * allows: it scribbles on all that it may write, moves the packet if it may, and returns any value of its range. */
#include "runtime/checked.h"
#include "runtime/maps/map.h"

#include <string.h>

enum { MANY = 64 }; /* elements of an iterator */

struct ccall {
	const struct iov_helper *h;
	struct cregion map;                /**< CR_MAP; def NULL: none */
	uint32_t alloc, release, key;      /**< size of the result; register released; register of the key */
	uint32_t socket;                   /**< region of the socket argument */
	uint32_t dynptr;                   /**< region of the dynptr that is an argument */
	uint64_t new_dynptr;               /**< where one is made, or 0 */
	uint32_t iter;                     /**< region of the iterator that is an argument */
	uint64_t new_iter;                 /**< where one is made, or 0 */
	uint32_t elements;                 /**< that it gives */
	uint32_t buffer;                   /**< register of the buffer for a slice, or 0 */
	struct { uint8_t *at; uint32_t size; } written[5];
	uint32_t written_count;
	struct cobjects objects;
};

static bool memory(struct cmachine *m, struct ccall *c, int reg, uint64_t size, bool read, bool write)
{
	uint8_t *at = NULL;

	if (size > UINT32_MAX)
		return checked_fail(m, reg, size, "is of a size that nothing has");
	if (read || !write)
		at = checked_access(m, reg, 0, (uint32_t)size, false);
	if (write && (at || !read))
		at = checked_access(m, reg, 0, (uint32_t)size, true);
	if (!at)
		return false;
	if (write) {
		c->written[c->written_count].at = at;
		c->written[c->written_count++].size = (uint32_t)size;
	}
	return true;
}

static bool sized(struct cmachine *m, struct ccall *c, int reg, bool read, bool write, bool or_null)
{
	const struct cvalue *p = &checked_top(m)->r[reg], *size = p + 1;
	bool zero = c->h->args[reg] == IOV_ARG_SIZE_OR_ZERO;

	if (!size->init || size->region)
		return checked_fail(m, reg + 1, size->v, "is no size");
	if (!size->v && !zero)
		return checked_fail(m, reg + 1, 0, "is a size of 0");
	if (p->init && !p->v && !p->region && !size->v && (or_null || zero))
		return true;
	if (!size->v)
		return p->init || checked_fail(m, reg, 0, "was never written");
	return memory(m, c, reg, size->v, read, write);
}

static bool of_kind(struct cmachine *m, int reg, enum cregion_kind kind)
{
	const struct cvalue *p = &checked_top(m)->r[reg];
	const struct cregion *r = &m->regions[p->region];

	return (p->init && p->region && r->live && r->kind == kind && p->v == r->addr) ||
	       checked_fail(m, reg, p->v, "is not what the helper wants");
}

static bool number(struct cmachine *m, int reg)
{
	const struct cvalue *p = &checked_top(m)->r[reg];

	return p->init || checked_fail(m, reg, p->v, "was never written");
}

/* What a socket came from at first. */
static uint32_t ancestor(const struct cmachine *m, uint32_t region)
{
	while (m->regions[region].parent)
		region = m->regions[region].parent;
	return region;
}

static bool released(struct cmachine *m, struct ccall *c, int reg, enum cregion_kind kind)
{
	if (!of_kind(m, reg, kind))
		return false;
	if (kind == CR_SOCK || kind == CR_KERNEL)
		c->socket = checked_top(m)->r[reg].region;
	if (c->h->release_arg == reg || kind == CR_RECORD)
		c->release = (uint32_t)reg;
	return (int)c->release != reg ||
	       m->regions[ancestor(m, checked_top(m)->r[reg].region)].acquired ||
	       checked_fail(m, reg, 0, "is released and was not acquired");
}

static bool holds_sockets(const struct iov_map_def *def)
{
	const struct iov_map_type *type = catalogue_map_type(def->type);

	return type && type->lookup == IOV_LOOKUP_SOCKET;
}

static bool map_memory(struct cmachine *m, struct ccall *c, int reg, bool key, bool read, bool write)
{
	if (!c->map.def)
		return checked_fail(m, reg, 0, "belongs to no map");
	if (!key && holds_sockets(c->map.def))
		return released(m, c, reg, CR_SOCK);
	if (key)
		c->key = (uint32_t)reg;
	return memory(m, c, reg, key ? c->map.def->key_size : c->map.def->value_size, read, write);
}

static bool is_null(const struct cmachine *m, int reg)
{
	const struct cvalue *p = &m->frames[m->depth].r[reg];

	return p->init && !p->region && !p->v;
}

/* Sockets come as their uapi struct, or as the kernel's own. */
static enum cregion_kind socket_kind(const struct cmachine *m, int reg)
{
	const struct cregion *r = &m->regions[m->frames[m->depth].r[reg].region];

	return r->kind == CR_KERNEL && checked_kernel_is(m, r->name, "sock_common") ? CR_KERNEL : CR_SOCK;
}

/* A socket counts as its struct sock; anything else must be the struct that is wanted. */
static bool kernel_object(struct cmachine *m, struct ccall *c, int reg)
{
	const struct cvalue *p = &checked_top(m)->r[reg];
	const struct cregion *r = &m->regions[p->region];
	const char *type = c->h->arg_type[reg - 1] ? c->h->arg_type[reg - 1] : c->h->btf_type;

	if (p->region && r->kind == CR_SOCK && type && !strcmp(type, "sock"))
		return released(m, c, reg, CR_SOCK);
	if (p->region && r->kind == CR_KERNEL && (!type || !checked_kernel_is(m, r->name, type)))
		return checked_fail(m, reg, p->v, "is another kernel object than the function wants");
	return released(m, c, reg, CR_KERNEL);
}

static bool dynptr(struct cmachine *m, struct ccall *c, int reg)
{
	const struct cregion *r;

	uint32_t found = checked_dynptr(m, reg);

	if (!found)
		return false;
	if (!c->dynptr)
		c->dynptr = found;
	r = &m->regions[found];
	if (c->h->dynptr && r->dynptr != c->h->dynptr)
		return checked_fail(m, reg, r->dynptr, "is a dynptr of another kind");
	if (c->h->release_arg == reg)
		c->release = (uint32_t)reg;
	return true;
}

/* How many bpf_iter_num_new() has to give: args are its own. It refuses more than 8 million. */
static uint32_t elements(const struct cvalue *args)
{
	int64_t n = (int64_t)(int32_t)args[2].v - (int32_t)args[1].v;

	return n < 0 || n > 1 << 23 ? 0 : (uint32_t)n;
}

static bool argument(struct cmachine *m, struct ccall *c, int reg)
{
	switch (c->h->args[reg - 1]) {
	case IOV_ARG_NONE: case IOV_ARG_SIZE: case IOV_ARG_SIZE_OR_ZERO: return true;
	case IOV_ARG_CTX_OR_NULL: return is_null(m, reg) || of_kind(m, reg, CR_CTX);
	case IOV_ARG_CTX:
		if (c->h->arg_type[reg - 1] && m->regions[checked_top(m)->r[reg].region].kind == CR_KERNEL)
			return of_kind(m, reg, CR_KERNEL);
		return of_kind(m, reg, CR_CTX);
	case IOV_ARG_MAP:
		if (!of_kind(m, reg, CR_MAP))
			return false;
		c->map = m->regions[checked_top(m)->r[reg].region];
		return true;
	case IOV_ARG_MAP_KEY: return map_memory(m, c, reg, true, true, false);
	case IOV_ARG_MAP_VALUE: return map_memory(m, c, reg, false, true, false);
	case IOV_ARG_MAP_VALUE_UNINIT: return map_memory(m, c, reg, false, false, true);
	case IOV_ARG_MAP_VALUE_OR_NULL: return is_null(m, reg) || map_memory(m, c, reg, false, true, false);
	case IOV_ARG_MEM: return sized(m, c, reg, true, false, false);
	case IOV_ARG_MEM_OR_NULL: return sized(m, c, reg, true, false, true);
	case IOV_ARG_MEM_UNINIT: return sized(m, c, reg, false, true, false);
	case IOV_ARG_MEM_RW: return sized(m, c, reg, true, true, false);
	case IOV_ARG_MEM_RW_OR_NULL: return sized(m, c, reg, true, true, true);
	case IOV_ARG_MEM_FIXED: return memory(m, c, reg, c->h->arg_size[reg - 1], true, false);
	case IOV_ARG_MEM_FIXED_UNINIT: return memory(m, c, reg, c->h->arg_size[reg - 1], false, true);
	case IOV_ARG_LONG_PTR: return memory(m, c, reg, 8, false, true);
	case IOV_ARG_INT_PTR: return memory(m, c, reg, 4, true, true);
	case IOV_ARG_ALLOC_SIZE: c->alloc = (uint32_t)checked_top(m)->r[reg].v; return number(m, reg);
	case IOV_ARG_ZERO: return is_null(m, reg) || checked_fail(m, reg, 0, "must be 0");
	case IOV_ARG_ALLOC_MEM: return released(m, c, reg, CR_RECORD);
	case IOV_ARG_ITER:
		c->iter = checked_iter(m, reg);
		if (c->h->release_arg == reg)
			c->release = (uint32_t)reg;
		return c->iter != 0;
	case IOV_ARG_ITER_UNINIT:
		c->new_iter = checked_top(m)->r[reg].v;
		c->elements = elements(&checked_top(m)->r[reg]);
		return checked_object_room(m, reg, IOV_ITER_BYTES);
	case IOV_ARG_SLICE_BUFFER:
		if (is_null(m, reg))
			return true;
		c->buffer = (uint32_t)reg;
		return memory(m, c, reg, checked_top(m)->r[reg + 1].v, true, true);
	case IOV_ARG_DYNPTR: return dynptr(m, c, reg);
	case IOV_ARG_DYNPTR_OR_NULL: return is_null(m, reg) || dynptr(m, c, reg);
	case IOV_ARG_DYNPTR_UNINIT:
		c->new_dynptr = checked_top(m)->r[reg].v;
		return checked_object_room(m, reg, IOV_DYNPTR_BYTES);
	case IOV_ARG_SOCK_COMMON_OR_NULL: return is_null(m, reg) || released(m, c, reg, socket_kind(m, reg));
	case IOV_ARG_SOCK_COMMON: return released(m, c, reg, socket_kind(m, reg));
	case IOV_ARG_SOCKET:
		return released(m, c, reg, CR_SOCK) &&
		       (m->regions[c->socket].object == IOV_OBJECT_SOCK ||
			checked_fail(m, reg, 0, "is no full socket"));
	case IOV_ARG_BTF_PTR_OR_NULL: return is_null(m, reg) || kernel_object(m, c, reg);
	case IOV_ARG_BTF_PTR: return kernel_object(m, c, reg);
	case IOV_ARG_IGNORED: return true;
	case IOV_ARG_LOCAL_TYPE: case IOV_ARG_OBJECT: case IOV_ARG_COUNTED: case IOV_ARG_LIST_HEAD:
	case IOV_ARG_RB_ROOT: case IOV_ARG_NODE: case IOV_ARG_NODE_INSIDE: case IOV_ARG_KPTR: case IOV_ARG_KPTR_NEW:
		return checked_object_argument(m, &c->objects, c->h->args[reg - 1], reg);
	case IOV_ARG_SPIN_LOCK: return checked_field_argument(m, IOV_FIELD_SPIN_LOCK, reg);
	case IOV_ARG_TIMER: return checked_field_argument(m, IOV_FIELD_TIMER, reg);
	case IOV_ARG_FUNC: return of_kind(m, reg, CR_FUNC);
	case IOV_ARG_NUMBER:
		return number(m, reg) &&
		       (!checked_top(m)->r[reg].region || checked_fail(m, reg, 0, "is no number but a pointer"));
	default: return number(m, reg);
	}
}

static bool changes_packet(const struct cmachine *m, const struct ccall *c)
{
	if (c->h->flags & IOV_HF_WRITES_DYNPTR)
		return m->regions[c->dynptr].dynptr == IOV_DYNPTR_SKB;
	return c->h->flags & IOV_HF_CHANGES_PACKET;
}

/* New bounds of the packet, inside its buffer; likely near the old ones. */
static void move_packet(struct cmachine *m)
{
	struct iov_ctx *c = m->ctx;
	size_t room = (size_t)(c->tail_limit - c->head), start, end;

	if (checked_random(m) & 1 || !room)
		return;
	start = checked_random(m) % room;
	end = start + checked_random(m) % (room - start + 1);
	c->data = c->head + start;
	c->data_end = c->head + end;
	c->data_meta = c->data;
}

static bool array_has(const struct cmachine *m, const struct ccall *c, bool *known)
{
	enum { ARRAY = 2, PERCPU_ARRAY = 6 };
	uint32_t key;

	*known = c->key && c->map.def && (c->map.def->type == ARRAY || c->map.def->type == PERCPU_ARRAY);
	if (!*known)
		return false;
	memcpy(&key, (const void *)(uintptr_t)m->frames[m->depth].r[c->key].v, sizeof(key));
	return key < c->map.def->max_entries;
}

/* A scalar of the prototype's range: its ends, near 0, or anything. */
static uint64_t any_scalar(struct cmachine *m, const struct iov_helper *h)
{
	uint64_t x = checked_random(m), span = (uint64_t)h->ret_max - (uint64_t)h->ret_min;

	switch (checked_random(m) >> 33 & 7) {
	case 0: x = (uint64_t)h->ret_min; break;
	case 1: x = (uint64_t)h->ret_max; break;
	case 2: x = 0; break;
	case 3: x = (uint64_t)-(int64_t)(x & 31); break;
	case 4: x &= 255; break;
	case 5: x &= 0xffff; break;
	case 6: x = 1ull << (x & 63); break;
	default: break;
	}
	if ((int64_t)x >= h->ret_min && (int64_t)x <= h->ret_max)
		return x;
	return (uint64_t)h->ret_min + (span == UINT64_MAX ? x : x % (span + 1));
}

/* What a lookup finds where there is no map. */
static uint64_t found(struct cmachine *m, const struct ccall *c, uint32_t *region)
{
	const struct iov_map_def *def = c->map.def;
	const struct iov_map_type *type = def ? catalogue_map_type(def->type) : NULL;
	bool known, has = array_has(m, c, &known), lookup = !strcmp(c->h->name, "map_lookup_elem");

	if (!def || (known ? !has : c->h->ret == IOV_RET_MAP_VALUE_OR_NULL && checked_random(m) >> 40 & 1))
		return 0;
	if (lookup && type && type->lookup == IOV_LOOKUP_MAP) {
		*region = checked_region(m, CR_MAP, (uintptr_t)def->inner, 0);
		m->regions[*region].def = def->inner;
	} else if (lookup && type && type->lookup == IOV_LOOKUP_XSK) {
		*region = checked_socket(m, IOV_OBJECT_XDP_SOCK);
	} else if (lookup && type && type->lookup == IOV_LOOKUP_SOCKET) {
		*region = checked_socket(m, IOV_OBJECT_SOCK_COMMON);
		m->regions[*region].acquired = true;
		m->refs++;
	} else {
		*region = checked_region(m, CR_VALUE, 0, def->value_size);
		m->regions[*region].def = def;
	}
	return m->regions[*region].addr;
}

/* Where a slice lies: memory of its own for what is in the packet, or the buffer. */
static uint64_t slice_at(struct cmachine *m, const struct ccall *c)
{
	return c->buffer && checked_random(m) >> 41 & 1 ? checked_top(m)->r[c->buffer].v : 0;
}

static void slice(const struct cmachine *m, const struct ccall *c, struct cregion *r)
{
	uint8_t kind = m->regions[c->dynptr].dynptr;

	r->parent = c->dynptr;
	r->readonly = c->h->kfunc & IOV_KF_SLICE && !(c->h->kfunc & IOV_KF_SLICE_WRITES);
	r->of_packet = c->h->kfunc & IOV_KF_SLICE && (kind == IOV_DYNPTR_SKB || kind == IOV_DYNPTR_XDP);
}

/* The kernel's struct that the result points at. */
static const char *result_struct(const struct cmachine *m, const struct ccall *c)
{
	const struct iov_type *t = NULL;

	if (c->h->kfunc & IOV_KF_CASTS_CTX)
		return catalogue_kernel_context(m->type);
	if (c->h->ret == IOV_RET_CAST)
		t = types_find(m->image->prog->types, IOV_TYPES_TARGET, (uint32_t)m->frames[m->depth].r[IOV_R2].v);
	return t ? t->name : c->h->btf_type;
}

/* The next element of an iterator, until there is none; of many, some are left out at random. NULL from then on. */
static uint64_t element(struct cmachine *m, uint32_t iter, uint32_t *region)
{
	m->regions[iter].dynptr |= !m->regions[iter].left ||
				   (m->regions[iter].left > MANY && !(checked_random(m) >> 40 & 3));
	if (m->regions[iter].dynptr)
		return 0;
	m->regions[iter].left--;
	*region = checked_region(m, CR_RECORD, 0, 4);
	m->regions[*region].parent = iter;
	m->regions[*region].readonly = true;
	return m->regions[*region].addr;
}

/* The kind of socket that a helper gives; IOV_OBJECT_COUNT: none. */
static uint8_t socket_of(const struct iov_helper *h)
{
	return h->ret == IOV_RET_SOCKET_OR_NULL        ? IOV_OBJECT_SOCK
	       : h->ret == IOV_RET_TCP_SOCK_OR_NULL    ? IOV_OBJECT_TCP_SOCK
	       : h->ret == IOV_RET_SOCK_COMMON_OR_NULL ? IOV_OBJECT_SOCK_COMMON
						       : IOV_OBJECT_COUNT;
}

static uint64_t havoc(struct cmachine *m, const struct ccall *c, uint32_t *region)
{
	for (uint32_t i = 0; i < c->written_count; i++)
		for (uint32_t k = 0; k < c->written[i].size; k++)
			c->written[i].at[k] = (uint8_t)(checked_random(m) >> 40);
	if (changes_packet(m, c))
		move_packet(m);
	switch (c->h->ret) {
	case IOV_RET_SCALAR: return any_scalar(m, c->h);
	case IOV_RET_MAP_VALUE_OR_NULL: case IOV_RET_MAP_VALUE: return found(m, c, region);
	case IOV_RET_MEM_OR_NULL:
		if (c->iter)
			return element(m, c->iter, region);
		*region = checked_random(m) >> 40 & 1 ? checked_region(m, CR_RECORD, slice_at(m, c), c->alloc) : 0;
		if (*region)
			slice(m, c, &m->regions[*region]);
		return *region ? m->regions[*region].addr : 0;
	case IOV_RET_SOCK_COMMON_OR_NULL: case IOV_RET_SOCKET_OR_NULL: case IOV_RET_TCP_SOCK_OR_NULL:
		if (checked_random(m) >> 40 & 1)
			return 0;
		*region = checked_socket(m, socket_of(c->h));
		if (c->h->flags & IOV_HF_CASTS && c->socket)
			m->regions[*region].parent = ancestor(m, c->socket);
		return m->regions[*region].addr;
	case IOV_RET_BTF: case IOV_RET_BTF_OR_NULL: case IOV_RET_CAST:
		if (c->h->ret == IOV_RET_BTF_OR_NULL && checked_random(m) >> 40 & 1)
			return 0;
		*region = checked_kernel(m, result_struct(m, c));
		if (c->h->flags & IOV_HF_CASTS && c->socket)
			m->regions[*region].parent = ancestor(m, c->socket);
		return m->regions[*region].addr;
	case IOV_RET_OBJECT_OR_NULL: case IOV_RET_SAME_OBJECT: case IOV_RET_NODE_OR_NULL: case IOV_RET_KPTR_OR_NULL:
		return checked_object_result(m, &c->objects, c->h, region);
	default: return 0;
	}
}

/* One of the host's. */
static uint32_t real_socket(struct cmachine *m, const struct ccall *c, uint64_t at, uint8_t object)
{
	uint32_t region = checked_region(m, CR_SOCK, at, 0);

	m->regions[region].object = object;
	if (c->h->flags & IOV_HF_CASTS && c->socket)
		m->regions[region].parent = ancestor(m, c->socket);
	return region;
}

/* The region of what a real helper returned. */
static uint32_t result_region(struct cmachine *m, const struct ccall *c, uint64_t r0)
{
	const struct iov_map_def *def = c->map.def;
	const struct iov_map_type *type = def ? catalogue_map_type(def->type) : NULL;
	uint32_t region = 0;

	if (!r0)
		return 0;
	switch (c->h->ret) {
	case IOV_RET_MAP_VALUE_OR_NULL: case IOV_RET_MAP_VALUE:
		if (!def)
			return 0;
		if (type && type->lookup == IOV_LOOKUP_MAP && !strcmp(c->h->name, "map_lookup_elem")) {
			region = checked_region(m, CR_MAP, r0, 0);
			m->regions[region].def = def->inner;
			m->regions[region].map = (struct iov_map *)(uintptr_t)r0;
			return region;
		}
		if (type && type->lookup == IOV_LOOKUP_XSK)
			return real_socket(m, c, r0, IOV_OBJECT_XDP_SOCK);
		region = checked_region(m, CR_VALUE, r0, def->value_size);
		m->regions[region].def = def;
		return region;
	case IOV_RET_MEM_OR_NULL: return checked_region(m, CR_RECORD, r0, c->alloc);
	case IOV_RET_SOCK_COMMON_OR_NULL: case IOV_RET_SOCKET_OR_NULL: case IOV_RET_TCP_SOCK_OR_NULL:
		return real_socket(m, c, r0, socket_of(c->h));
	default: return 0;
	}
}

/* What it makes lies in the program's stack or in a map value, where this engine keeps its own account of it; or it is
 * about sockets, and they are made up. */
static bool is_modelled(const struct cmachine *m, const struct iov_helper *h)
{
	for (int i = 0; i < 5; i++)
		switch (h->args[i]) {
		case IOV_ARG_DYNPTR: case IOV_ARG_DYNPTR_OR_NULL: case IOV_ARG_DYNPTR_UNINIT: case IOV_ARG_TIMER:
		case IOV_ARG_KPTR: case IOV_ARG_PERCPU_PTR:
			return true;
		case IOV_ARG_SOCK_COMMON: case IOV_ARG_SOCK_COMMON_OR_NULL: case IOV_ARG_SOCKET:
			return !m->env->hosted;
		default:
			break;
		}
	return h->kfunc || (socket_of(h) != IOV_OBJECT_COUNT && !m->env->hosted);
}

static bool is_real(const struct cmachine *m, const struct ccall *c)
{
	return !is_modelled(m, c->h) && m->image->calls[m->slot] && (!c->map.def || c->map.map);
}

/* r1 to r5 hold nothing afterwards; what they held must not matter. */
static void leave(struct cmachine *m, const struct ccall *c, uint64_t r0, uint32_t region)
{
	struct cvalue *r = checked_top(m)->r;

	for (int i = IOV_R1; i <= IOV_R5; i++)
		r[i] = (struct cvalue){.v = checked_random(m)};
	r[IOV_R0] = (struct cvalue){r0, region, c->h->ret != IOV_RET_VOID && c->h->ret != IOV_RET_NEVER};
	if (region && c->h->flags & IOV_HF_ACQUIRES) {
		m->regions[region].acquired = true;
		m->refs++;
	}
}

bool checked_arguments(struct cmachine *m, const struct iov_helper *h)
{
	struct ccall c = {.h = h};

	for (int i = IOV_R1; i <= IOV_R5; i++)
		if (!argument(m, &c, i))
			return false;
	return true;
}

const struct iov_helper *checked_callee(const struct cmachine *m, uint32_t slot)
{
	const struct iov_insn *insn = &m->image->prog->insns[slot];
	const struct iov_isa_row *row = isa_find(insn);

	if (row->oper == ISA_O_KFUNC)
		return platform_kfunc(m->image->platform, m->image->prog->externs[insn->imm].name);
	return catalogue_variant(platform_helper(m->image->platform, (uint32_t)insn->imm), m->type);
}

bool checked_helper(struct cmachine *m, const struct iov_helper *h)
{
	struct ccall c = {.h = h};
	struct cvalue *r = checked_top(m)->r;
	uint32_t region = 0;
	uint64_t r0;

	if (!c.h)
		return checked_fail(m, -1, m->slot, "calls a helper that the platform does not have");
	if (m->lock && !(h->flags & IOV_HF_UNLOCK) && !(h->kfunc & IOV_KF_UNDER_LOCK))
		return checked_fail(m, -1, m->lock, "is a lock that is held: the call must not be made");
	for (int i = IOV_R1; i <= IOV_R5; i++)
		if (!argument(m, &c, i))
			return false;
	if (m->out->kfuncs && h->kfunc)
		m->out->kfuncs[h - catalogue_kfuncs]++;
	if (m->out->helpers && !h->kfunc && c.h->id < IOV_CHECKED_HELPERS)
		m->out->helpers[c.h->id]++;
	if (h->flags & (IOV_HF_LOCK | IOV_HF_UNLOCK) && !checked_lock(m, h->flags & IOV_HF_LOCK))
		return false;
	if (h->args[0] == IOV_ARG_TIMER && h->args[1] == IOV_ARG_FUNC)
		checked_timer(m);
	if (is_real(m, &c)) {
		r0 = m->image->calls[m->slot](r[1].v, r[2].v, r[3].v, r[4].v, r[5].v, m->env);
		region = result_region(m, &c, r0);
	} else {
		r0 = havoc(m, &c, &region);
	}
	for (uint32_t i = 0; i < c.written_count; i++) {
		if (!checked_dynptr_lost(m, c.written[i].at, c.written[i].size))
			return false;
		checked_written(m, c.written[i].at, c.written[i].size);
	}
	if (c.release) {
		checked_kill(m, ancestor(m, c.iter ? c.iter : c.dynptr ? c.dynptr : r[c.release].region));
		m->refs--;
	}
	checked_object_effects(m, &c.objects, h);
	if (changes_packet(m, &c))
		checked_packet_changed(m);
	if (c.new_dynptr && !checked_dynptr_make(m, c.new_dynptr,
						 c.dynptr ? m->regions[c.dynptr].dynptr : c.h->dynptr,
						 c.dynptr && m->regions[c.dynptr].dynptr == IOV_DYNPTR_RINGBUF
							 ? ancestor(m, c.dynptr) : 0))
		return false;
	if (c.new_iter && !checked_iter_make(m, c.new_iter, c.elements))
		return false;
	leave(m, &c, r0, region);
	return true;
}
