/* SPDX-License-Identifier: Apache-2.0 */
/* Loads, stores, atomics: which memory, what comes out, what the engines may rely on. The context is described by the
 * program type's field table. Source: RFC 9669 section 5. */
#include "backend/verify/internal.h"

#include <string.h>

static uint8_t mem_of(const struct vreg *r)
{
	switch (r->kind) {
	case V_STACK: return IOV_MEM_STACK;
	case V_PACKET: return IOV_MEM_PACKET;
	case V_META: return IOV_MEM_META;
	case V_CTX: return IOV_MEM_CTX;
	case V_VALUE: return IOV_MEM_MAP_VALUE;
	case V_RECORD: return IOV_MEM_RECORD;
	case V_FLOW_KEYS: return IOV_MEM_FLOW_KEYS;
	case V_SOCK: return IOV_MEM_SOCK;
	case V_KERNEL: return IOV_MEM_KERNEL;
	default: return IOV_MEM_OTHER;
	}
}

static bool translated(uint8_t mem) { return mem == IOV_MEM_CTX || mem == IOV_MEM_SOCK || mem == IOV_MEM_KERNEL; }
static bool has_place(uint8_t mem) { return mem == IOV_MEM_CTX || mem == IOV_MEM_SOCK; }

/* Note what the access reaches. Two kinds of plain memory are fine; the context beside anything else is not. */
enum step mem_fact(struct verifier *v, const struct vreg *r, int32_t off)
{
	struct iov_insn_fact *f = &v->fact[v->pc];
	uint8_t mem = mem_of(r);

	if (f->mem == IOV_MEM_NONE) {
		f->mem = mem;
		f->off = has_place(mem) ? off : 0;
		return STEP_NEXT;
	}
	if (translated(mem) || translated(f->mem)) {
		if (f->mem != mem || (has_place(mem) && f->off != off)) {
			struct iov_diag *d =
				verify_diag(v, DIAG_V_MIXED_POINTERS, v->pc,
					    "this instruction accesses %s here and something else on another path",
					    explain_kind(v, r));
			explain_path(v, d);
			return STEP_ERROR;
		}
	} else if (f->mem != mem) {
		f->mem = IOV_MEM_OTHER;
	}
	return STEP_NEXT;
}

static const char *attach_name(const struct verifier *v)
{
	for (uint16_t i = 0; i < v->type->attach_count; i++)
		if (v->type->attaches[i].id == v->prog->attach_type)
			return v->type->attaches[i].name;
	return v->prog->section ? v->prog->section : "as this one is";
}

/* The field is for programs that are attached elsewhere. */
static bool other_attach(const struct verifier *v, const struct iov_ctx_field *f, bool write)
{
	uint64_t mask = write && f->attach_write ? f->attach_write : f->attach;

	return (write ? f->writable : f->readable) && mask &&
	       (v->prog->attach_type >= 64 || !(mask >> v->prog->attach_type & 1));
}

/* The catalogue lets programs of this type read the field: it is the platform that lacks it. */
static bool given_elsewhere(const struct verifier *v, int64_t off)
{
	const struct iov_prog_type *known = catalogue_prog_type_by_name(v->type->name);
	const struct iov_ctx_field *f = known ? catalogue_ctx_field(known, (uint32_t)off) : NULL;

	return f && f->readable;
}

static enum step ctx_error(struct verifier *v, const struct access *a, int64_t off, const struct iov_ctx_field *f)
{
	const char *ctx = v->type->ctx_name ? v->type->ctx_name : "context", *hint = NULL;
	struct iov_diag *d;

	if (f && other_attach(v, f, a->write)) {
		d = verify_diag(v, other_attach(v, f, false) ? DIAG_V_CTX_ACCESS : DIAG_V_CTX_WRITE, v->pc,
				"programs of type %s that are attached to %s cannot %s %s->%s", v->type->name,
				attach_name(v), a->write ? "write" : "read", ctx, f->name);
		diag_why(d, IOV_NOWHERE, "the field has a meaning at other places where such programs are attached");
		hint = "put the program into the section for the place that it is meant for";
	} else if (!f) {
		d = verify_diag(v, DIAG_V_CTX_ACCESS, v->pc, "struct %s has no field at offset %lld", ctx,
				(long long)off);
		diag_why(d, IOV_NOWHERE, "it has %u bytes for programs of type %s", v->type->ctx_size, v->type->name);
	} else if (a->write && !f->writable && !f->narrow_write) {
		d = verify_diag(v, DIAG_V_CTX_WRITE, v->pc, "programs of type %s cannot write %s->%s", v->type->name,
				ctx, f->name);
		diag_why(d, IOV_NOWHERE, "the field is read-only");
		hint = "keep the number in a variable of your own; helpers such as bpf_skb_change_tail() change "
		       "packets";
	} else if (!a->write && !f->readable) {
		d = verify_diag(v, DIAG_V_CTX_ACCESS, v->pc, "programs of type %s cannot read %s->%s", v->type->name,
				ctx, f->name);
		if (given_elsewhere(v, off)) {
			diag_why(d, IOV_NOWHERE, "other platforms have the field; %s does not", v->platform->name);
			hint = "use a field that this platform has, as --print-platform lists them";
		} else {
			diag_why(d, IOV_NOWHERE, "the struct is shared by several program types; this one has no `%s`",
				 f->name);
			hint = "use a field that this type has, or put the program into another section, such as "
			       "SEC(\"tc\")";
		}
	} else {
		d = verify_diag(v, DIAG_V_CTX_ACCESS, v->pc, "%u-byte %s at offset %lld does not fit %s->%s", a->size,
				a->write ? "write" : "read", (long long)off, ctx, f->name);
		diag_why(d, IOV_NOWHERE, "the field has %u bytes at offset %u", f->size, f->off);
		hint = a->size < f->size ? "access the field by its name and type; a packed structure is read in pieces"
					 : "access the field by its name and type";
	}
	explain_path(v, d);
	if (hint)
		diag_hint(d, "%s", hint);
	return STEP_ERROR;
}

/* The context's pointer is unmodified and the access fits a field. */
static enum step ctx_field(struct verifier *v, const struct vreg *ptr, const struct access *a,
			   const struct iov_ctx_field **out)
{
	int64_t off = (int64_t)ptr->off + a->off;
	const struct iov_ctx_field *f = off >= 0 ? catalogue_ctx_field(v->type, (uint32_t)off) : NULL;

	if (!f || !catalogue_ctx_access(v->type, v->prog->attach_type, (uint32_t)off, a->size, a->write))
		return ctx_error(v, a, off, f);
	*out = f;
	return mem_fact(v, ptr, (int32_t)off);
}

enum step ctx_load(struct verifier *v, const struct vreg *ptr, const struct access *a, struct vreg *out)
{
	const struct iov_ctx_field *f = NULL;
	enum step s = ctx_field(v, ptr, a, &f);

	if (s != STEP_NEXT)
		return s;
	*out = (struct vreg){.origin = v->pc, .n = num_const(0)};
	switch (f->kind) {
	case IOV_CTX_SCALAR:
		reg_scalar(out, f->aux && a->size == f->size ? num_between(0, f->aux) : num_bits(8 * a->size), v->pc);
		return STEP_NEXT;
	case IOV_CTX_MEMORY:
		out->kind = V_RECORD;
		out->range = f->aux;
		return STEP_NEXT;
	case IOV_CTX_PACKET: out->kind = V_PACKET; return STEP_NEXT;
	case IOV_CTX_PACKET_END: out->kind = V_END; return STEP_NEXT;
	case IOV_CTX_PACKET_META: out->kind = V_META; return STEP_NEXT;
	case IOV_CTX_FLOW_KEYS:
		out->kind = V_FLOW_KEYS;
		out->range = f->aux;
		return STEP_NEXT;
	case IOV_CTX_SOCK: case IOV_CTX_SOCK_OR_NULL: case IOV_CTX_FULL_SOCK_OR_NULL:
		out->kind = V_SOCK;
		out->range = f->kind == IOV_CTX_SOCK_OR_NULL ? 0 : IOV_RET_SOCKET_OR_NULL;
		out->maybe_null = f->kind != IOV_CTX_SOCK;
		out->id = out->maybe_null ? ++v->next_id : 0;
		return STEP_NEXT;
	case IOV_CTX_BTF: object_kernel(v, out, f->btf_type, T_TRUSTED); return STEP_NEXT;
	default: return explain_unsupported(v, "the context field `%s`", f->name);
	}
}

enum step ctx_store(struct verifier *v, const struct vreg *ptr, const struct access *a)
{
	const struct iov_ctx_field *f = NULL;

	return ctx_field(v, ptr, a, &f);
}

/* Read-only data with known contents gives constants. */
static bool known_value(const struct verifier *v, const struct vreg *r, const struct access *a, uint64_t *out)
{
	const struct iov_map_def *m = r->map;
	int64_t at = (int64_t)r->off + a->off;
	uint64_t x = 0;

	if (r->kind != V_VALUE || m->origin != IOV_MAP_RODATA || !m->init || !num_is_const(&r->n))
		return false;
	at += (int64_t)num_value(&r->n);
	if (at < 0 || at + a->size > m->value_size)
		return false;
	for (uint32_t i = 0; i < a->size; i++)
		x |= (uint64_t)m->init[at + i] << 8 * (v->prog->big_endian ? a->size - 1 - i : i);
	*out = x;
	return true;
}

static enum step load_plain(struct verifier *v, const struct access *a, uint8_t dst)
{
	struct vreg ptr = v->top->r[a->reg];
	enum step s = mem_check(v, a);
	uint64_t x;

	if (s == STEP_NEXT)
		s = mem_fact(v, &ptr, 0);
	if (s != STEP_NEXT)
		return s;
	flow_reg(v, FLOW_DEF, dst, 0);
	if (known_value(v, &ptr, a, &x))
		reg_scalar(&v->top->r[dst], num_const(x), v->pc);
	else
		reg_scalar(&v->top->r[dst], num_bits(8 * a->size), v->pc);
	return STEP_NEXT;
}

static const struct iov_object_type *object_of(const struct vreg *r)
{
	switch (r->range) {
	case IOV_RET_SOCKET_OR_NULL: return catalogue_object(IOV_OBJECT_SOCK);
	case IOV_RET_TCP_SOCK_OR_NULL: return catalogue_object(IOV_OBJECT_TCP_SOCK);
	case IOV_RET_XDP_SOCK_OR_NULL: return catalogue_object(IOV_OBJECT_XDP_SOCK);
	default: return catalogue_object(IOV_OBJECT_SOCK_COMMON);
	}
}

/* A field of a socket, as the uapi struct shows it. Sockets are read-only. */
static enum step sock_load(struct verifier *v, const struct vreg *ptr, const struct access *a, struct vreg *out)
{
	const struct iov_object_type *object = object_of(ptr);
	int64_t off = (int64_t)ptr->off + a->off;
	const struct iov_ctx_field *f = off >= 0 ? catalogue_object_field(object, (uint32_t)off) : NULL;
	struct iov_diag *d;

	if (!f || !catalogue_object_access(object, (uint32_t)off, a->size)) {
		d = f ? verify_diag(v, DIAG_V_CTX_ACCESS, v->pc, "%u-byte read at offset %lld does not fit %s->%s",
				    a->size, (long long)off, object->name, f->name)
		      : verify_diag(v, DIAG_V_CTX_ACCESS, v->pc, "struct %s has no field at offset %lld", object->name,
				    (long long)off);
		if (f && !f->readable) {
			diag_why(d, IOV_NOWHERE, "this socket may be a small one (a request, or in time-wait): `%s` is "
				 "there only in full sockets", f->name);
			diag_hint(d, "write: sk = bpf_sk_fullsock(sk); if (!sk) return ...;");
		} else if (f) {
			diag_why(d, IOV_NOWHERE, "the field has %u bytes at offset %u", f->size, f->off);
		}
		explain_path(v, d);
		return STEP_ERROR;
	}
	reg_scalar(out, num_bits(8 * a->size), v->pc);
	return mem_fact(v, ptr, (int32_t)off);
}

/* Whether programs may read the kernel's struct of a map, as root may on Linux; without the target's types, whether
 * this one means to. */
static bool map_is_struct(const struct verifier *v)
{
	const struct iov_prog *prog = v->prog;

	if (!v->platform->kernel || !(v->platform->rules & IOV_RULE_POINTERS_IN_MAPS) || !prog->types)
		return false;
	for (uint32_t i = 0; i < prog->unplaced_count; i++)
		if (prog->unplaced[i] == v->pc)
			return true;
	return prog->types->has_target;
}

/* Any load, zero-extended into dst. */
static enum step load(struct verifier *v, const struct access *a, uint8_t dst)
{
	struct vreg ptr = v->top->r[a->reg], value;
	enum step s;

	if (ptr.kind == V_UNINIT)
		return explain_uninit(v, a->reg);
	if (ptr.kind == V_STACK) {
		flow_reg(v, FLOW_USE, a->reg, 0);
		s = mem_fact(v, &ptr, 0);
		if (s != STEP_NEXT)
			return s;
		return stack_load(v, a, dst);
	}
	if (ptr.kind == V_MAP && !ptr.maybe_null && map_is_struct(v))
		object_kernel(v, &ptr, catalogue_kernel_map(catalogue_map_type(ptr.map->type)), 0);
	if (ptr.maybe_null || (ptr.kind != V_CTX && ptr.kind != V_SOCK && ptr.kind != V_KERNEL && !kptr_at(&ptr, a)))
		return load_plain(v, a, dst);
	flow_reg(v, FLOW_USE, a->reg, 0);
	switch (ptr.kind) {
	case V_SOCK: s = sock_load(v, &ptr, a, &value); break;
	case V_KERNEL: s = object_load(v, &ptr, a, &value); break;
	case V_VALUE: s = kptr_load(v, &ptr, a, &value); break;
	default: s = ctx_load(v, &ptr, a, &value); break;
	}
	if (s != STEP_NEXT)
		return s;
	flow_reg(v, FLOW_DEF, dst, 0);
	v->top->r[dst] = value;
	return STEP_NEXT;
}

enum step step_load(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	struct access a = {.reg = insn->src, .off = insn->off, .size = row->width / 8};
	enum step s = load(v, &a, insn->dst);
	struct vreg *dst = &v->top->r[insn->dst];

	v->next = v->pc + 1;
	if (s != STEP_NEXT || row->kind != ISA_K_LDSX)
		return s;
	if (reg_is_pointer(dst))
		return explain_unsupported(v, "sign-extending load of a pointer");
	reg_scalar(dst, num_sext(&dst->n, row->width, 64), v->pc);
	return s;
}

/* A pointer is about to be written where it could be read as a number. */
static enum step leaks(struct verifier *v, int src, const struct vreg *into)
{
	struct iov_diag *d;

	if (!reg_is_pointer(&v->top->r[src]) || v->platform->rules & IOV_RULE_POINTERS_IN_MAPS)
		return STEP_NEXT;
	d = verify_diag(v, DIAG_V_POINTER_LEAK, v->pc,
			"the pointer %s would be stored where it can be read as a number", explain_reg(v, v->pc, src));
	diag_why(d, IOV_NOWHERE, "it is written through %s", explain_kind(v, into));
	explain_path(v, d);
	diag_hint(
		d,
		"store a number that means something later, such as a length (data_end - data) or a copy of the bytes");
	return STEP_ERROR;
}

enum step step_store(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	struct access a = {.reg = insn->dst, .off = insn->off, .size = row->width / 8, .write = true};
	struct vreg ptr = v->top->r[insn->dst];
	int src = row->src == ISA_SRC_X ? insn->src : -1;
	enum step s;

	v->next = v->pc + 1;
	if (ptr.kind == V_UNINIT)
		return explain_uninit(v, insn->dst);
	if (src >= 0 && v->top->r[src].kind == V_UNINIT)
		return explain_uninit(v, src);
	if (ptr.kind == V_STACK) {
		flow_reg(v, FLOW_USE, insn->dst, 0);
		s = mem_fact(v, &ptr, 0);
		return s == STEP_NEXT ? stack_store(v, &a, src, insn->imm) : s;
	}
	if (kptr_at(&ptr, &a) && !ptr.maybe_null)
		return kptr_store(v, &ptr, &a, src, insn->imm);
	if (ptr.kind == V_CTX && !ptr.maybe_null) {
		flow_reg(v, FLOW_USE, insn->dst, 0);
		s = ctx_store(v, &ptr, &a);
	} else {
		s = mem_check(v, &a);
		if (s == STEP_NEXT)
			s = mem_fact(v, &ptr, 0);
	}
	if (s != STEP_NEXT || src < 0)
		return s;
	flow_reg(v, FLOW_USE, (uint8_t)src, 0);
	return leaks(v, src, &ptr);
}

static enum step atomic_memory(struct verifier *v, const struct access *a, const struct vreg *ptr)
{
	struct access read = *a;
	struct iov_diag *d;
	enum step s;

	switch (ptr->kind) {
	case V_STACK:
		flow_reg(v, FLOW_USE, a->reg, 0);
		read.write = false;
		s = stack_read_range(v, &read, ptr);
		return s == STEP_NEXT ? stack_write_range(v, a, ptr, true) : s;
	case V_CTX: case V_PACKET: case V_META: case V_FLOW_KEYS: case V_SOCK: case V_KERNEL:
		d = verify_diag(v, DIAG_V_HELPER_ARG, v->pc, "atomic operation on %s", explain_kind(v, ptr));
		diag_why(d, IOV_NOWHERE, "atomics work on the stack, map values and records");
		explain_path(v, d);
		return STEP_ERROR;
	default: return mem_check(v, a);
	}
}

/* Atomics are aligned everywhere. */
static enum step atomic_aligned(struct verifier *v, const struct access *a, const struct vreg *ptr)
{
	struct tnum at = tnum_add(ptr->n.full.bits, tnum_const((uint64_t)((int64_t)ptr->off + a->off)));
	struct iov_diag *d;

	if (!((at.value | at.mask) & (a->size - 1)))
		return STEP_NEXT;
	d = verify_diag(v, DIAG_V_MISALIGNED, v->pc,
			"atomic access of %u bytes at an address that is not a multiple of %u", a->size, a->size);
	explain_path(v, d);
	diag_hint(d, "in a structure that is not packed it stands at a multiple of %u; else align it: "
		     "__attribute__((aligned(%u)))",
		  a->size, a->size);
	return STEP_ERROR;
}

static enum step atomic_operand(struct verifier *v, uint8_t reg, const struct vreg *ptr)
{
	if (v->top->r[reg].kind == V_UNINIT)
		return explain_uninit(v, reg);
	flow_reg(v, FLOW_USE, reg, 0);
	if (reg_is_pointer(&v->top->r[reg]) && ptr->kind == V_STACK &&
	    !(v->platform->rules & IOV_RULE_POINTERS_IN_MAPS))
		return explain_unsupported(v, "atomic exchange of a pointer on the stack");
	return leaks(v, reg, ptr);
}

static void atomic_result(struct verifier *v, uint8_t reg, uint32_t size)
{
	flow_reg(v, FLOW_DEF, reg, 0);
	reg_scalar(&v->top->r[reg], num_bits(8 * size), v->pc);
}

enum step step_atomic(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	bool acquire = row->oper == ISA_O_LOAD_ACQ, release = row->oper == ISA_O_STORE_REL;
	struct access a = {
		.reg = acquire ? insn->src : insn->dst, .off = insn->off, .size = row->width / 8, .write = !acquire};
	struct vreg ptr = v->top->r[a.reg];
	enum step s;

	v->next = v->pc + 1;
	if (ptr.kind == V_UNINIT)
		return explain_uninit(v, a.reg);
	s = reg_is_pointer(&ptr) ? atomic_aligned(v, &a, &ptr) : STEP_NEXT; /* else it is worse than misaligned */
	if (s != STEP_NEXT)
		return s;
	if (acquire)
		return ptr.kind == V_CTX || reg_is_packet(&ptr) ? atomic_memory(v, &a, &ptr) : load(v, &a, insn->dst);
	if (release && ptr.kind == V_STACK) {
		struct iov_insn plain = *insn;

		return step_store(v, &plain, row);
	}
	s = atomic_operand(v, insn->src, &ptr);
	if (s == STEP_NEXT && row->oper == ISA_O_CMPXCHG)
		s = atomic_operand(v, IOV_R0, &ptr);
	if (s == STEP_NEXT)
		s = atomic_memory(v, &a, &ptr);
	if (s == STEP_NEXT)
		s = mem_fact(v, &ptr, 0);
	if (s != STEP_NEXT)
		return s;
	if (row->oper == ISA_O_CMPXCHG)
		atomic_result(v, IOV_R0, a.size);
	else if (row->oper >= ISA_O_FETCH_ADD && row->oper <= ISA_O_XCHG)
		atomic_result(v, insn->src, a.size);
	return STEP_NEXT;
}

/* Outside of the packet the load ends with 0 the program or, on Linux, the function that makes it: both are allowed
 * for. */
static enum step legacy_allowed(struct verifier *v)
{
	struct iov_diag *d;

	if (!v->type->legacy_loads) {
		d = verify_diag(v, DIAG_V_HELPER_TYPE, v->pc, "programs of type %s cannot use legacy packet loads",
				v->type->name);
		explain_path(v, d);
		diag_hint(d, "read through ctx->data after a check against ctx->data_end");
		return STEP_ERROR;
	}
	if (v->st->lock.held)
		return call_lock_error(v, "a legacy packet load, which may end the program, stands where a lock is "
					  "held");
	if (v->st->ref_count)
		return call_leaked(v, "when the load fails, which ends the program");
	if (v->st->frames > 1 && (v->top->callback || v->slices))
		return explain_unsupported(v, "legacy packet loads in this function");
	if (kfunc_no_section(v, "a legacy packet load may end the program") != STEP_NEXT)
		return STEP_ERROR;
	return global_ends_early(v, "a legacy packet load");
}

/* The other way: the function returns 0. */
static enum step legacy_fails(struct verifier *v)
{
	uint32_t level = v->st->frames - 1;
	struct vframe *f;

	v->other = state_copy(&v->pool, v->st);
	if (!v->other)
		return STEP_NOMEM;
	state_pop(&v->pool, v->other);
	f = state_frame(&v->pool, v->other, level - 1, 0);
	if (!f)
		return STEP_NOMEM;
	reg_scalar(&f->r[IOV_R0], num_const(0), v->pc);
	v->other_next = v->top->callsite + 1;
	v->top = state_frame(&v->pool, v->st, level, 0);
	return v->top ? STEP_FORK : STEP_NOMEM;
}

enum step step_legacy(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	struct vreg *r6 = &v->top->r[IOV_R6];
	enum step s;

	v->next = v->pc + 1;
	if (r6->kind != V_CTX) {
		struct iov_diag *d =
			verify_diag(v, DIAG_V_HELPER_ARG, v->pc, "legacy packet loads want the context in r6");
		explain_path(v, d);
		return STEP_ERROR;
	}
	s = legacy_allowed(v);
	if (s != STEP_NEXT)
		return s;
	flow_reg(v, FLOW_USE, IOV_R6, 0);
	if (row->kind == ISA_K_LDIND) {
		if (v->top->r[insn->src].kind == V_UNINIT)
			return explain_uninit(v, insn->src);
		if (reg_is_pointer(&v->top->r[insn->src]))
			return explain_not_pointer(v, insn->src, &v->top->r[insn->src]);
		flow_reg(v, FLOW_USE, insn->src, 0);
	}
	for (uint8_t r = IOV_R0; r <= IOV_R5; r++) {
		flow_reg(v, FLOW_DEF, r, 0);
		v->top->r[r] = (struct vreg){.kind = V_UNINIT, .n = v->top->r[r].n};
	}
	reg_scalar(&v->top->r[IOV_R0], num_bits(row->width), v->pc);
	return v->st->frames > 1 ? legacy_fails(v) : STEP_NEXT;
}
