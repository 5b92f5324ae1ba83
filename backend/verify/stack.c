/* SPDX-License-Identifier: Apache-2.0 */
/* The stack, byte for byte: bounds, what is initialised, spilled registers, zeros. Exact offsets move registers in and
 * out; variable ones touch every byte that they might. A spilled pointer is whole or gone: when part of it may have
 * been overwritten, its bytes count as never written. */
#include "backend/verify/internal.h"

#include <inttypes.h>
#include <string.h>

/* The deepest offset that the function's own instructions name: what its locals take, accessed so far or not. */
static int64_t named_depth(const struct verifier *v, uint32_t sub)
{
	const struct iov_subprog *s = &v->prog->subs[sub];
	int64_t deepest = 0;

	for (uint32_t i = s->start; i < s->start + s->count; i++) {
		const struct iov_insn *insn = &v->prog->insns[i];
		const struct iov_isa_row *row = v->insns[i].row;
		int64_t off = 0;

		if (row && (row->kind == ISA_K_ST || row->kind == ISA_K_STX) && insn->dst == IOV_R10)
			off = insn->off;
		else if (row && row->kind == ISA_K_LDX && insn->src == IOV_R10)
			off = insn->off;
		else if (row == &isa_rows[ISA_ADD64_K] && i > s->start &&
			 v->insns[i - 1].row == &isa_rows[ISA_MOV64_X] && insn[-1].src == IOV_R10)
			off = insn->imm;
		if (off < deepest && off > -V_MAX_OFFSET)
			deepest = off;
	}
	return -deepest;
}

static enum step frame_too_large(struct verifier *v, int64_t depth)
{
	uint32_t sub = v->insns[v->pc].sub;
	const struct iov_var *var = explain_largest_var(v, sub);
	int64_t named = named_depth(v, sub);
	struct iov_diag *d = verify_diag(v, DIAG_V_STACK_FRAME, sub,
					 "the function `%s` uses %" PRId64 " bytes of stack, %u are allowed",
					 v->prog->subs[sub].name, named > depth ? named : depth, v->stack_limit);

	if (var)
		diag_why(d, IOV_NOWHERE, "`%s` alone takes %u bytes", var->name, var->size);
	diag_hint(d, "keep %s%s%s in a per-CPU array map with one entry", var ? "`" : "",
		  var ? var->name : "large buffers", var ? "`" : "");
	return STEP_ERROR;
}

static enum step outside_stack(struct verifier *v, const struct access *a, int64_t first, int64_t last,
			       const struct vreg *ptr)
{
	const struct iov_var *var = prog_stack_var(v->prog, v->pc, (int32_t)(ptr->off < 0 ? ptr->off : -1));
	struct iov_diag *d;

	if (first < -(int64_t)v->stack_limit && first >= -V_MAX_OFFSET && num_is_const(&ptr->n) && last < 0)
		return frame_too_large(v, -first);
	d = verify_diag(v, DIAG_V_STACK_BOUNDS, v->pc, "the %s through %s can lie outside the stack",
			a->write ? "write" : "read", explain_reg(v, v->pc, a->reg));
	if (num_is_const(&ptr->n))
		diag_why(d, IOV_NOWHERE,
			 "it covers the bytes %" PRId64 "..%" PRId64 " from the frame pointer; a frame is -%u..-1",
			 first, last, v->stack_limit);
	else
		diag_why(d, IOV_NOWHERE,
			 "the index adds %s to offset %" PRId64 " from the frame pointer; a frame is -%u..-1",
			 explain_num(v, &ptr->n), (int64_t)ptr->off + a->off, v->stack_limit);
	explain_path(v, d);
	if (var && var->name)
		diag_hint(d, "bound the index before it is used: `if (i >= sizeof(%s)) return …;`", var->name);
	else
		diag_hint(d, "bound the index before it is used: `if (i >= sizeof(buf)) return …;`");
	return STEP_ERROR;
}

/* The bytes from `first` to before `end` are others' affair, too: see iov_facts.sub_private. */
static void make_common(struct vsub *sub, int64_t first, int64_t end)
{
	enum { BITS = 64 };

	for (int64_t k = slot_of((int32_t)end - 1); k <= slot_of((int32_t)first) && k < BITS; k++)
		sub->common |= (uint64_t)1 << k;
}

/* The instruction itself names the place, by r10, and takes all of it. */
static bool is_own(const struct verifier *v, const struct access *a)
{
	const struct iov_isa_row *row = v->insns[v->pc].row;

	return a->reg == IOV_R10 && a->size == 8 &&
	       (row->kind == ISA_K_LDX || row->kind == ISA_K_ST || row->kind == ISA_K_STX);
}

enum step stack_access(struct verifier *v, const struct access *a, const struct vreg *ptr, int32_t *first,
		       int32_t *last)
{
	int64_t lo = (int64_t)ptr->off + a->off + ptr->n.full.smin, hi = (int64_t)ptr->off + a->off + ptr->n.full.smax;
	struct vsub *sub = &v->subs[v->st->f[ptr->frame]->sub];

	if (ptr->n.full.smin <= -V_MAX_OFFSET || ptr->n.full.smax >= V_MAX_OFFSET || lo < -(int64_t)v->stack_limit ||
	    hi + (int64_t)a->size > 0)
		return outside_stack(v, a, lo, ptr->n.full.smax >= V_MAX_OFFSET ? INT64_MAX : hi + (int64_t)a->size - 1,
				     ptr);
	if (!a->sized_by_helper && a->size > 1) {
		struct tnum place = tnum_add(ptr->n.full.bits, tnum_const((uint64_t)((int64_t)ptr->off + a->off)));

		if ((place.value | place.mask) & (a->size - 1)) {
			struct iov_diag *d = verify_diag(v, DIAG_V_MISALIGNED, v->pc,
							 "%u-byte stack access at offset %" PRId64, a->size, lo);
			diag_why(d, IOV_NOWHERE, "stack accesses must be naturally aligned");
			explain_path(v, d);
			diag_hint(d,
				  "copy with __builtin_memcpy() into a variable of that type, or align the bytes: "
				  "__attribute__((aligned(%u)))",
				  a->size);
			return STEP_ERROR;
		}
	}
	if (lo != hi && v->platform->rules & IOV_RULE_STACK_WHOLE) {
		struct iov_diag *d = verify_diag(v, DIAG_V_STACK_BOUNDS, v->pc,
						 "%s wants constant offsets into the stack", v->platform->name);

		diag_why(d, IOV_NOWHERE,
			 "this access may begin at byte %" PRId64 " to %" PRId64 " from the frame pointer", lo, hi);
		explain_path(v, d);
		diag_hint(d,
			  "choose by `if` or `switch` instead of by an index, or keep the values in one variable each");
		return STEP_ERROR;
	}
	if ((uint32_t)-lo > sub->stack) {
		sub->stack = (uint32_t)-lo;
		sub->deepest = v->pc;
	}
	if (!is_own(v, a))
		make_common(sub, lo, hi + (int64_t)a->size);
	*first = (int32_t)lo;
	*last = (int32_t)hi;
	return STEP_NEXT;
}

static struct vframe *writable(struct verifier *v, uint32_t frame, int32_t lowest)
{
	struct vframe *f = state_frame(&v->pool, v->st, frame, slot_of(lowest) + 1);

	if (!f)
		v->nomem = true;
	else if (frame + 1 == v->st->frames)
		v->top = f;
	return f;
}

static bool has_pointer(const struct vslot *s)
{
	return slot_spills(s) && s->reg.kind != V_SCALAR;
}

/* Make the slot one whose bytes stand alone. A pointer becomes unreadable, a number becomes bytes. */
static void break_spill(struct vslot *s)
{
	uint8_t tag = has_pointer(s) ? S_UNINIT : S_MISC;

	for (int i = 0; i < 8; i++)
		if (s->tag[i] == S_SPILL)
			s->tag[i] = tag;
}

static void set_tags(struct vframe *f, int32_t off, uint32_t size, uint8_t tag)
{
	for (uint32_t k = slot_of(off + (int32_t)size - 1); k <= slot_of(off); k++)
		break_spill(&f->s[k]);
	for (uint32_t i = 0; i < size; i++) {
		uint8_t *at = &f->s[slot_of(off + (int32_t)i)].tag[slot_byte(off + (int32_t)i)];

		if (*at != S_SHARED)
			*at = tag;
	}
}

/* The bytes [off, off + size) of one slot now hold `reg`. */
static void set_spill(struct vframe *f, int32_t off, uint32_t size, const struct vreg *reg)
{
	struct vslot *s = &f->s[slot_of(off)];

	if (size == 8)
		memset(s->tag, S_SPILL, 8);
	else
		set_tags(f, off, size, S_SPILL);
	s->reg = *reg;
}

/* What the stack holds when `size` bytes of a number are stored: a number of that size, tied to its source. */
static struct vreg stored_number(struct verifier *v, struct vreg *src, uint32_t size)
{
	struct vreg r;

	if (!src->id && !num_is_const(&src->n)) {
		reg_unlink(src);
		src->id = ++v->next_id;
	}
	r = *src;
	if (size == 8)
		return r;
	r.n = num_cut(&src->n, 8 * size);
	if (src->n.full.umax <= bound_mask(8 * size))
		return r;
	if (size == 4 && r.id)
		r.low = true;
	else
		reg_unlink(&r);
	return r;
}

static enum step pointer_to_stack(struct verifier *v, const struct access *a, const struct vreg *ptr,
				  const struct vreg *src)
{
	if (src->kind == V_STACK && src->frame > ptr->frame) {
		struct iov_diag *d = verify_diag(v, DIAG_V_POINTER_LEAK, v->pc,
						 "the address of a local variable would outlive its function");
		explain_path(v, d);
		return STEP_ERROR;
	}
	if (a->size != 8) {
		struct iov_diag *d =
			verify_diag(v, DIAG_V_POINTER_LEAK, v->pc, "part of a pointer is stored on the stack");

		diag_why(d, IOV_NOWHERE, "the access has %u of its 8 bytes, and pieces are no pointer any more",
			 a->size);
		explain_path(v, d);
		diag_hint(d, "a packed structure is stored in pieces: take away __attribute__((packed)), or keep "
			     "pointers in variables of their own");
		return STEP_ERROR;
	}
	return STEP_NEXT;
}

/* Bytes from `first` to `last` + size - 1 may have been overwritten with anything but pointers. */
static void may_overwrite(struct vframe *f, int32_t first, int32_t last, uint32_t size)
{
	for (int32_t off = first; off < last + (int32_t)size; off++) {
		struct vslot *s = &f->s[slot_of(off)];
		uint8_t *tag = &s->tag[slot_byte(off)];

		break_spill(s);
		if (*tag != S_UNINIT && *tag != S_SHARED)
			*tag = S_MISC;
	}
}

static bool is_shared(const struct verifier *v, const struct vframe *f, int32_t first, int32_t end)
{
	for (int32_t off = first; v->st->shared && off < end; off++)
		if (stack_tag(f, off) == S_SHARED)
			return true;
	return false;
}

bool stack_share(struct verifier *v, const struct vreg *ptr, uint32_t size)
{
	int32_t first = (int32_t)(ptr->off + ptr->n.full.smin), last = (int32_t)(ptr->off + ptr->n.full.smax);
	struct vframe *f = size ? writable(v, ptr->frame, first) : v->top;

	if (!f)
		return false;
	v->st->shared |= size > 0;
	for (int32_t off = first; size && off < last + (int32_t)size; off++) {
		break_spill(&f->s[slot_of(off)]);
		f->s[slot_of(off)].tag[slot_byte(off)] = S_SHARED;
	}
	return true;
}

/* Store register `src` (or, when NULL, the constant `imm`) of `a->size` bytes. */
enum step stack_store(struct verifier *v, const struct access *a, int src, int64_t imm)
{
	struct vreg ptr = v->top->r[a->reg], value;
	int32_t first, last;
	enum step s = stack_access(v, a, &ptr, &first, &last);
	struct vframe *f;

	if (s != STEP_NEXT)
		return s;
	if (src >= 0 && reg_is_pointer(&v->top->r[src])) {
		s = pointer_to_stack(v, a, &ptr, &v->top->r[src]);
		if (s != STEP_NEXT)
			return s;
	}
	s = sobj_overwrite(v, a, ptr.frame, first, last + (int32_t)a->size);
	if (s != STEP_NEXT)
		return s;
	f = writable(v, ptr.frame, first);
	if (!f)
		return STEP_NOMEM;
	if (first != last || is_shared(v, f, first, last + (int32_t)a->size)) {
		if (src >= 0 && reg_is_pointer(&v->top->r[src]))
			return explain_unsupported(v, "storing a pointer at a variable place on the stack, or where a "
						   "slice of a dynptr may lie");
		if (src >= 0)
			flow_reg(v, FLOW_USE, (uint8_t)src, 0);
		may_overwrite(f, first, last, a->size);
		return STEP_NEXT;
	}
	if (src >= 0) {
		flow_log(v, FLOW_STORE, ptr.frame, (uint8_t)src, 0, first, a->size);
		value = v->top->r[src].kind == V_SCALAR ? stored_number(v, &v->top->r[src], a->size) : v->top->r[src];
	} else {
		flow_log(v, FLOW_KILL, ptr.frame, 0, 0, first, a->size);
		reg_scalar(&value, num_const((uint64_t)imm & bound_mask(8 * a->size)), v->pc);
	}
	if (value.kind == V_SCALAR && num_is(&value.n, 0) && !(v->platform->rules & IOV_RULE_STACK_WHOLE))
		set_tags(f, first, a->size, S_ZERO);
	else
		set_spill(f, first, a->size, &value);
	return STEP_NEXT;
}

static enum step uninitialised(struct verifier *v, const struct access *a, int32_t off, int32_t first, int32_t end)
{
	const struct iov_var *var = prog_stack_var(v->prog, v->pc, off);
	const char *name = var && var->name ? arena_printf(&v->work, "`%s`", var->name) : "the stack";
	struct iov_diag *d;

	d = verify_diag(v, DIAG_V_UNINIT_STACK, v->pc, "byte %d of %s is read but was never written",
			var && var->name ? off - var->where : off, name ? name : "?");
	diag_why(d, IOV_NOWHERE,
		 "%s the stack bytes %d..%d from the frame pointer; byte %d was not written on this path",
		 a->sized_by_helper ? "the call reads" : "the instruction reads", first, end - 1, off);
	explain_path(v, d);
	if (var && var->name)
		diag_hint(d, "initialise all of it, padding included: `__builtin_memset(&%s, 0, sizeof(%s));`",
			  var->name, var->name);
	else
		diag_hint(d, "initialise the whole variable where it is declared: `= {}`");
	return STEP_ERROR;
}

/* Every byte of [first, end) of the frame may be read as a number. */
static enum step readable(struct verifier *v, const struct access *a, uint32_t frame, int32_t first, int32_t end)
{
	const struct vframe *f = v->st->f[frame];

	for (int32_t off = first; off < end; off++) {
		uint8_t tag = stack_tag(f, off);

		if (tag == S_OBJECT)
			return sobj_read(v, off, &f->s[slot_of(off)].reg);
		if (tag == S_UNINIT && !(v->platform->rules & IOV_RULE_UNINIT_TO_MAPS))
			return uninitialised(v, a, off, first, end);
		if (tag == S_SPILL && f->s[slot_of(off)].reg.kind != V_SCALAR &&
		    (!a->sized_by_helper || !(v->platform->rules & IOV_RULE_POINTERS_IN_MAPS))) {
			struct iov_diag *d =
				verify_diag(v, DIAG_V_POINTER_LEAK, v->pc,
					    "a pointer kept on the stack at offset %d would be read as a number", off);
			explain_path(v, d);
			return STEP_ERROR;
		}
	}
	return STEP_NEXT;
}

/* The spilled register that covers exactly these bytes, or NULL. */
static struct vreg *spill_at(struct vframe *f, int32_t off, uint32_t size)
{
	struct vslot *s;
	uint32_t at = slot_byte(off);

	if (slot_of(off) >= f->slots || at + size > 8)
		return NULL;
	s = &f->s[slot_of(off)];
	for (uint32_t i = 0; i < 8; i++)
		if ((s->tag[i] == S_SPILL) != (i >= at && i < at + size))
			return NULL;
	return &s->reg;
}

/* The low bytes of a larger spilled number, on a little-endian machine. */
static const struct vreg *wider_spill(const struct verifier *v, const struct vframe *f, int32_t off, uint32_t size)
{
	const struct vslot *s = &f->s[slot_of(off)];
	uint32_t at = slot_byte(off);

	if (v->prog->big_endian || slot_of(off) >= f->slots || s->reg.kind != V_SCALAR ||
	    (at && s->tag[at - 1] == S_SPILL))
		return NULL;
	for (uint32_t i = at; i < at + size; i++)
		if (s->tag[i] != S_SPILL)
			return NULL;
	return &s->reg;
}

static bool all_zero(const struct vframe *f, int32_t off, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++)
		if (stack_tag(f, off + (int32_t)i) != S_ZERO)
			return false;
	return true;
}

static enum step fill(struct verifier *v, uint8_t dst, struct vreg *spill, uint32_t size)
{
	if (reg_is_pointer(spill) && size != 8)
		return explain_unsupported(v, "reading part of a pointer");
	if (spill->kind == V_SCALAR && !spill->id && !num_is_const(&spill->n)) {
		reg_unlink(spill);
		spill->id = ++v->next_id;
	}
	v->top->r[dst] = *spill;
	return STEP_NEXT;
}

/* Load `a->size` bytes into dst, zero-extended. */
/* IOV_RULE_STACK_WHOLE: no store that came last in these eight bytes wrote all that is read. */
static enum step read_in_parts(struct verifier *v, const struct access *a, int32_t first)
{
	struct iov_diag *d =
		verify_diag(v, DIAG_V_UNINIT_STACK, v->pc, "%u byte%s of stack %s read that no single store wrote",
			    a->size, a->size == 1 ? "" : "s", a->size == 1 ? "is" : "are");

	diag_why(d, IOV_NOWHERE, "%s remembers the last store into each eight bytes; this reads from byte %d on",
		 v->platform->name, first);
	explain_path(v, d);
	diag_hint(d, "give the variable a value where it is declared, and read it in the size that it was written in");
	return STEP_ERROR;
}

enum step stack_load(struct verifier *v, const struct access *a, uint8_t dst)
{
	struct vreg ptr = v->top->r[a->reg], *spill;
	int32_t first, last;
	enum step s = stack_access(v, a, &ptr, &first, &last);
	const struct vreg *wide;
	struct vframe *f;
	struct num n = num_bits(8 * a->size);

	if (s != STEP_NEXT)
		return s;
	f = writable(v, ptr.frame, first);
	if (!f)
		return STEP_NOMEM;
	if (first == last) {
		flow_log(v, FLOW_LOAD, ptr.frame, dst, 0, first, a->size);
		spill = spill_at(f, first, a->size);
		if (spill)
			return fill(v, dst, spill, a->size);
		wide = wider_spill(v, f, first, a->size);
		if (!wide && v->platform->rules & IOV_RULE_STACK_WHOLE)
			return read_in_parts(v, a, first);
		if (wide)
			n = num_cut(&wide->n, 8 * a->size);
		else if (all_zero(f, first, a->size))
			n = num_const(0);
	} else {
		flow_reg(v, FLOW_DEF, dst, 0);
		flow_log(v, FLOW_READ, ptr.frame, 0, 0, first, (uint32_t)(last - first) + a->size);
	}
	s = readable(v, a, ptr.frame, first, last + (int32_t)a->size);
	reg_scalar(&v->top->r[dst], n, v->pc);
	return s;
}

enum step stack_read_range(struct verifier *v, const struct access *a, const struct vreg *ptr)
{
	int32_t first, last;
	enum step s = a->size ? stack_access(v, a, ptr, &first, &last) : STEP_NEXT;

	if (s != STEP_NEXT || !a->size)
		return s;
	flow_log(v, FLOW_READ, ptr->frame, 0, 0, first, (uint32_t)(last - first) + a->size);
	return readable(v, a, ptr->frame, first, last + (int32_t)a->size);
}

enum step stack_write_range(struct verifier *v, const struct access *a, const struct vreg *ptr, bool certain)
{
	int32_t first, last;
	enum step s = a->size ? stack_access(v, a, ptr, &first, &last) : STEP_NEXT;
	struct vframe *f;

	if (s != STEP_NEXT || !a->size)
		return s;
	s = sobj_overwrite(v, a, ptr->frame, first, last + (int32_t)a->size);
	if (s != STEP_NEXT)
		return s;
	f = writable(v, ptr->frame, first);
	if (!f)
		return STEP_NOMEM;
	if (first == last && certain) {
		flow_log(v, FLOW_KILL, ptr->frame, 0, 0, first, a->size);
		set_tags(f, first, a->size, S_MISC);
	} else {
		may_overwrite(f, first, last, a->size);
	}
	return STEP_NEXT;
}
