/* SPDX-License-Identifier: Apache-2.0 */
/* Whether an access stays inside what its pointer points into: packet, map value, record. The stack is in stack.c, the
 * context in step_mem.c. All sums are made in 64 bits from offsets below 2^29 and sizes below 2^32: nothing wraps. */
#include "backend/verify/internal.h"

#include <inttypes.h>
#include <string.h>

enum { MAP_RDONLY_PROG = 1 << 7, MAP_WRONLY_PROG = 1 << 8 };

/* First and last byte offset, relative to the object, that the access can touch. */
static void reach(const struct vreg *r, const struct access *a, int64_t *first, int64_t *last)
{
	int64_t fixed = (int64_t)r->off + a->off;

	*first = fixed + r->n.full.smin;
	*last = r->n.full.smax >= V_MAX_OFFSET ? INT64_MAX : fixed + r->n.full.smax + (int64_t)a->size - 1;
}

/* Numbers: of the index, when source and debug information name it, and of the offset that comes out. */
static void why_offset(struct verifier *v, struct iov_diag *d, const struct vreg *r, const struct access *a,
		       uint64_t size, const char *object)
{
	const char *index = explain_index(v, v->pc);
	int reg = index ? explain_find_var(v, index) : -1;
	uint64_t any = r->n.full.bits.value | r->n.full.bits.mask, step = any & -any;
	int64_t first, last;

	reach(r, a, &first, &last);
	if (num_is_const(&r->n)) {
		diag_why(d, IOV_NOWHERE, "the access covers bytes %" PRId64 "..%" PRId64 " of %s, which has %" PRIu64,
			 first, last, object, size);
		return;
	}
	if (index && reg < 0 && step == a->size) /* an array of numbers: the offset is the index times their size */
		diag_why(d, IOV_NOWHERE, "`%s` may be %" PRIu64 "..%" PRIu64, index, r->n.full.umin / step,
			 r->n.full.umax / step);
	if (reg >= 0 && v->top->r[reg].kind == V_SCALAR)
		diag_why(d, IOV_NOWHERE, "`%s` may be %s", index, explain_num(v, &v->top->r[reg].n));
	if (last == INT64_MAX)
		diag_why(d, IOV_NOWHERE, "the offset into %s has no upper bound; it has %" PRIu64 " bytes", object,
			 size);
	else
		diag_why(d, IOV_NOWHERE,
			 "%u byte%s at offset %" PRId64 "..%" PRId64 " of %s, which has %" PRIu64 " bytes", a->size,
			 a->size == 1 ? "" : "s", first, last - (int64_t)a->size + 1, object, size);
}

/* The comparison that would do: as many elements of the access's size as fit. */
static void hint_index(struct verifier *v, struct iov_diag *d, const struct access *a, const struct vreg *r,
		       uint64_t size)
{
	const char *index = explain_index(v, v->pc);
	int64_t room = (int64_t)size - r->off - a->off;
	uint64_t step = r->n.full.bits.value | r->n.full.bits.mask;

	step &= -step; /* the offset moves in steps of the largest power of two that divides it */
	if (index && room > 0 && step >= a->size)
		diag_hint(d, "before it, write: `if (%s >= %" PRIu64 ") return …;`, with `%s` unsigned", index,
			  ((uint64_t)room - a->size) / step + 1, index);
	else
		diag_hint(d, "bound the index first, as an unsigned number: `if (i >= N) return …;`");
}

static const char *verb(const struct access *a) { return a->write ? "write" : "read"; }

/* What to write before the access. The object named in the source is better than the register's variable, and the
 * variable's own size says nothing when a shorter check is there already. */
static void packet_hint(struct verifier *v, struct iov_diag *d, const struct vreg *r, const struct access *a,
			int64_t need)
{
	const char *object = explain_object(v, v->pc), *end = r->kind == V_PACKET ? "data_end" : "data";
	const struct iov_var *var = prog_reg_var(v->prog, v->pc, a->reg);

	if (!object && var && !r->range && !r->off)
		object = var->name;
	if (explain_indexed(v, v->pc))
		diag_hint(d, "before it, write: `if ((void *)(&%s + 1) > %s) return …;`", explain_indexed(v, v->pc),
			  end);
	else if (object && !(var && var->name && r->range && !r->off && !strcmp(object, var->name)))
		diag_hint(d, "before it, write: `if ((void *)(%s + 1) > %s) return …;`", object, end);
	else
		diag_hint(d, "before it, write: `if (data + %" PRId64 " > %s) return …;`", need, end);
}

static enum step packet_short(struct verifier *v, const struct vreg *r, const struct access *a)
{
	const char *object = explain_object(v, v->pc), *end = r->kind == V_PACKET ? "data_end" : "data";
	const char *name = object ? arena_printf(&v->work, "`%s`", object) : explain_reg(v, v->pc, a->reg);
	int64_t start = (int64_t)r->off + a->off, need = start + a->size > 1 ? start + a->size : 1;
	const char *bytes = a->size == 1 ? "byte" : "bytes";
	struct iov_diag *d;

	if (!r->range)
		d = verify_diag(v, DIAG_V_PACKET_BOUNDS, v->pc,
				"the packet is %s through %s without a check against %s", a->write ? "written" : "read",
				name ? name : "?", end);
	else
		d = verify_diag(v, DIAG_V_PACKET_SHORT, v->pc,
				"the check against %s is too short for %s: %u byte%s checked, %" PRId64 " are needed",
				end, name ? name : "?", r->range, r->range == 1 ? " is" : "s are", need);
	if (!num_is_const(&r->n))
		diag_why(d, IOV_NOWHERE,
			 "the pointer was moved by a number in %s; what was checked before does not count for it",
			 explain_num(v, &r->n));
	diag_why(d, IOV_NOWHERE,
		 "%s %u %s at offset %" PRId64 " needs %" PRId64 " byte%s; on this path %u %s known to exist",
		 a->write ? "writing" : "reading", a->size, bytes, start, need, need == 1 ? "" : "s", r->range,
		 r->range == 1 ? "is" : "are");
	explain_path(v, d);
	packet_hint(v, d, r, a, need);
	return suppose_checked(v, r);
}

static enum step check_packet(struct verifier *v, const struct vreg *r, const struct access *a)
{
	int64_t start = (int64_t)r->off + a->off;

	if (a->write && !v->type->packet_write) {
		struct iov_diag *d = verify_diag(v, DIAG_V_PACKET_READONLY, v->pc,
						 "programs of type %s cannot write the packet", v->type->name);
		explain_path(v, d);
		return STEP_ERROR;
	}
	if (start + r->n.full.smin < 0) {
		struct iov_diag *d =
			verify_diag(v, DIAG_V_PACKET_BOUNDS, v->pc, "%s may lie before the start of the packet",
				    explain_reg(v, v->pc, a->reg));
		diag_why(d, IOV_NOWHERE, "the access begins at offset %" PRId64, start + r->n.full.smin);
		explain_path(v, d);
		return STEP_ERROR;
	}
	/* What lies before the place that was moved to is there when that place is: without a check it may not be. */
	if (start + (int64_t)a->size > (int64_t)r->range || (start < 0 && !r->range))
		return packet_short(v, r, a);
	return STEP_NEXT;
}

static enum step outside(struct verifier *v, const struct vreg *r, const struct access *a, uint64_t size,
			 enum iov_diag_id id, const char *object)
{
	int64_t first, last;
	struct iov_diag *d;

	reach(r, a, &first, &last);
	d = verify_diag(v, id, v->pc, "%s through %s can lie outside %s", a->write ? "the write" : "the read",
			explain_reg(v, v->pc, a->reg), object);
	why_offset(v, d, r, a, size, object);
	explain_path(v, d);
	if (num_is_const(&r->n))
		diag_hint(d, "%s has %" PRIu64 " bytes: use a smaller offset or a smaller access", object, size);
	else
		hint_index(v, d, a, r, size);
	return STEP_ERROR;
}

static bool inside(const struct vreg *r, const struct access *a, uint64_t size)
{
	int64_t first, last;

	if (r->n.full.smin <= -V_MAX_OFFSET || r->n.full.smax >= V_MAX_OFFSET)
		return false;
	reach(r, a, &first, &last);
	return first >= 0 && last < (int64_t)size;
}

/* Locks, timers and kernel pointers inside a value are for their helpers only. */
static const struct iov_field *special_field(const struct vreg *r, const struct access *a)
{
	int64_t first, last;

	reach(r, a, &first, &last);
	return fields_touch(&r->map->fields, first, last);
}

static enum step check_value(struct verifier *v, const struct vreg *r, const struct access *a)
{
	const struct iov_map_def *m = r->map;
	const struct iov_map_type *type = catalogue_map_type(m->type);
	const struct iov_field *f;
	bool readonly = m->flags & MAP_RDONLY_PROG || m->origin == IOV_MAP_RODATA || m->origin == IOV_MAP_KCONFIG ||
			(type && type->lookup == IOV_LOOKUP_VALUE_RDONLY);

	if (!inside(r, a, m->value_size)) {
		const char *object = arena_printf(
			&v->work, m->origin == IOV_MAP_USER ? "a value of map `%s`" : "`%s` (the global variables)",
			m->name);

		return outside(v, r, a, m->value_size, DIAG_V_VALUE_BOUNDS, object ? object : "a map value");
	}
	if (a->write ? readonly : m->flags & MAP_WRONLY_PROG) {
		struct iov_diag *d =
			verify_diag(v, DIAG_V_VALUE_READONLY, v->pc, "programs cannot %s `%s`", verb(a), m->name);

		if (m->origin == IOV_MAP_RODATA)
			diag_why(d, IOV_NOWHERE, "`.rodata` is where variables that are declared `const` lie");
		explain_path(v, d);
		diag_hint(d, readonly && m->origin == IOV_MAP_RODATA ? "declare the variable without `const`"
								     : "change the map's flags, or use another map");
		return STEP_ERROR;
	}
	f = special_field(r, a);
	return f ? explain_field(v, a, f, m->name) : STEP_NEXT;
}

/* Loads and stores, where the platform or the memory wants natural alignment. */
static enum step check_alignment(struct verifier *v, const struct vreg *r, const struct access *a)
{
	bool strict = v->platform->rules & IOV_RULE_STRICT_ALIGNMENT;
	/* A packet begins 2 bytes after a 4-byte boundary, so that the IP header is aligned. */
	uint64_t at = (uint64_t)((int64_t)r->off + a->off + (reg_is_packet(r) ? 2 : 0));
	struct tnum place = tnum_add(r->n.full.bits, tnum_const(at));
	struct iov_diag *d;

	if (!strict || a->size == 1 || !((place.value | place.mask) & (a->size - 1)))
		return STEP_NEXT;
	d = verify_diag(v, DIAG_V_MISALIGNED, v->pc, "%u-byte access at an address that is not a multiple of %u",
			a->size, a->size);
	diag_why(d, IOV_NOWHERE, "%s requires natural alignment", v->platform->name);
	explain_path(v, d);
	diag_hint(d,
		  "copy the bytes: `__builtin_memcpy(&value, pointer, %u)`, or declare the structure packed, so "
		  "that the compiler reads it in pieces",
		  a->size);
	return STEP_ERROR;
}

static bool of_iterator(const struct verifier *v, const struct vreg *r) { return v->insns[r->origin].iter; }

static enum step read_only_memory(struct verifier *v, const struct vreg *r)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_VALUE_READONLY, v->pc, "%s can only be read",
					 of_iterator(v, r) ? "an iterator's element"
					 : r->slice_of     ? "what bpf_dynptr_slice() gives"
						     : "the key that a callback is given");

	explain_path(v, d);
	if (of_iterator(v, r))
		diag_hint(d, "copy it into a variable of your own: the iterator counts with it");
	else if (r->slice_of)
		diag_hint(d, "take it with bpf_dynptr_slice_rdwr(), or write with bpf_dynptr_write()");
	return STEP_ERROR;
}

/* Loads of a socket's fields do not come here. */
static enum step read_only_socket(struct verifier *v)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_CTX_WRITE, v->pc,
					 "a socket is no plain memory: its fields can only be read, one at a time");

	explain_path(v, d);
	return STEP_ERROR;
}

static enum step check_kind(struct verifier *v, const struct vreg *r, const struct access *a)
{
	switch (r->kind) {
	case V_PACKET: case V_META: return check_packet(v, r, a);
	case V_VALUE: return check_value(v, r, a);
	case V_RECORD: case V_FLOW_KEYS:
		if (a->write && r->read_only)
			return read_only_memory(v, r);
		if (inside(r, a, r->range))
			return STEP_NEXT;
		return outside(v, r, a, r->range, DIAG_V_MEM_BOUNDS,
			       r->kind == V_RECORD ? "the memory" : "the flow keys");
	case V_SOCK: return read_only_socket(v);
	case V_OBJECT: return object_access(v, r, a);
	case V_KERNEL: return object_store(v, r, a);
	default: return explain_not_pointer(v, a->reg, r);
	}
}

enum step mem_check(struct verifier *v, const struct access *a)
{
	const struct vreg *r = &v->top->r[a->reg];
	enum step s = STEP_NEXT;

	flow_reg(v, FLOW_USE, a->reg, 0);
	if (r->maybe_null) {
		explain_null(v, a->reg, r);
		s = suppose_present(v, r);
	}
	if (s == STEP_NEXT)
		s = check_kind(v, r, a);
	return s == STEP_NEXT && !a->sized_by_helper ? check_alignment(v, r, a) : s;
}
