/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments of helpers against their prototypes (asm/isa/helpers.def). A memory argument and the size that follows it
 * are judged together: the memory must be there for the largest size possible. */
#include "backend/verify/internal.h"

#include <inttypes.h>
#include <string.h>

enum { SOCKHASH = 18, /* uapi */ MAP_TYPES = 64 }; /* above every id of the catalogue */

static const char *wanted(enum iov_arg arg)
{
	switch (arg) {
	case IOV_ARG_CTX: case IOV_ARG_CTX_OR_NULL: return "the program's context";
	case IOV_ARG_MAP: return "a map";
	case IOV_ARG_MAP_KEY: return "a pointer to a key of the map";
	case IOV_ARG_MAP_VALUE: case IOV_ARG_MAP_VALUE_UNINIT: case IOV_ARG_MAP_VALUE_OR_NULL:
		return "a pointer to a value for the map";
	case IOV_ARG_SIZE: case IOV_ARG_SIZE_OR_ZERO: return "a size";
	case IOV_ARG_ALLOC_SIZE: case IOV_ARG_CONST: return "a constant";
	case IOV_ARG_SLICE_BUFFER: return "a buffer of that size, or NULL";
	case IOV_ARG_ALLOC_MEM: return "memory that bpf_ringbuf_reserve() returned";
	case IOV_ARG_SOCK_COMMON: case IOV_ARG_SOCKET: return "a socket";
	case IOV_ARG_SOCK_COMMON_OR_NULL: return "a socket or NULL";
	case IOV_ARG_ANY: case IOV_ARG_NUMBER: return "a number";
	case IOV_ARG_ZERO: return "0";
	case IOV_ARG_STR: return "a string constant";
	case IOV_ARG_ITER: case IOV_ARG_ITER_UNINIT: return "the address of an iterator on the stack";
	case IOV_ARG_DYNPTR: case IOV_ARG_DYNPTR_OR_NULL: case IOV_ARG_DYNPTR_UNINIT:
		return "the address of a dynptr on the stack";
	case IOV_ARG_SPIN_LOCK: return "the struct bpf_spin_lock of a map value or object";
	case IOV_ARG_TIMER: return "the struct bpf_timer of a map value";
	case IOV_ARG_KPTR: return "the address of a kernel pointer that owns (__kptr) in a map value or object";
	case IOV_ARG_KPTR_NEW: return "a reference to what the kernel pointer points at, or NULL";
	case IOV_ARG_TARGET_TYPE: return "the number of a struct of the target kernel's";
	case IOV_ARG_LOCAL_TYPE: return "the number of a struct of this program";
	case IOV_ARG_OBJECT: return "an object that this program allocated";
	case IOV_ARG_COUNTED: return "an object with a struct bpf_refcount";
	case IOV_ARG_LIST_HEAD: return "a struct bpf_list_head in a map value or object";
	case IOV_ARG_RB_ROOT: return "a struct bpf_rb_root in a map value or object";
	case IOV_ARG_NODE: case IOV_ARG_NODE_INSIDE: return "a node of an object";
	default: return "a pointer to memory";
	}
}

enum step arg_wrong(struct verifier *v, const struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	struct iov_diag *d;

	if (r->kind == V_STALE || r->kind == V_FREED)
		return explain_not_pointer(v, 1 + i, r);
	d = verify_diag(v, DIAG_V_HELPER_ARG, v->pc, "argument %d of bpf_%s() must be %s, not %s", i + 1,
			c->helper->name, wanted((enum iov_arg)c->helper->args[i]), explain_kind(v, r));
	if (c->helper->decl)
		diag_why(d, IOV_NOWHERE, "the prototype is `%s`", c->helper->decl);
	explain_path(v, d);
	return STEP_ERROR;
}

static bool takes_packets(const struct verifier *v, const struct iov_helper *h)
{
	switch (v->type->packet_args) {
	case IOV_PACKET_ARGS_NEVER: return false;
	case IOV_PACKET_ARGS_ALWAYS: return true;
	default: return h->flags & IOV_HF_PACKET_ARGS;
	}
}

/* The argument points at `size` bytes that the call reads and/or writes. `certain`: it writes all of them. */
static enum step memory(struct verifier *v, struct call *c, int i, uint32_t size, bool read, bool write, bool certain)
{
	struct access a = {.reg = (uint8_t)(1 + i), .size = size, .sized_by_helper = true};
	struct vreg ptr = v->top->r[a.reg];
	enum step s = STEP_NEXT;

	if (ptr.maybe_null)
		return explain_null(v, a.reg, &ptr);
	switch (ptr.kind) {
	case V_STACK:
		flow_reg(v, FLOW_USE, a.reg, 0);
		if (read)
			s = stack_read_range(v, &a, &ptr);
		a.write = true;
		return s == STEP_NEXT && write ? stack_write_range(v, &a, &ptr, certain) : s;
	case V_PACKET: case V_META:
		if (!takes_packets(v, c->helper)) {
			struct iov_diag *d = verify_diag(v, DIAG_V_HELPER_ARG, v->pc,
							 "argument %d of bpf_%s() cannot point into the packet", i + 1,
							 c->helper->name);
			explain_path(v, d);
			diag_hint(d, "copy the bytes to a local variable first and pass its address");
			return STEP_ERROR;
		}
		break;
	case V_VALUE: case V_RECORD: case V_STALE: case V_FREED: break;
	default: return arg_wrong(v, c, i);
	}
	if (!size) {
		flow_reg(v, FLOW_USE, a.reg, 0);
		return STEP_NEXT;
	}
	if (read)
		s = mem_check(v, &a);
	a.write = true;
	return s == STEP_NEXT && write ? mem_check(v, &a) : s;
}

static enum step size_error(struct verifier *v, const struct call *c, int i, const char *why)
{
	const struct vreg *r = &v->top->r[2 + i];
	const char *name = explain_reg(v, v->pc, 2 + i);
	const char *size = explain_argument(v, v->pc, i + 1), *buffer = explain_argument(v, v->pc, i);
	struct iov_diag *d =
		verify_diag(v, DIAG_V_HELPER_SIZE, v->pc, "the size given to bpf_%s() %s", c->helper->name, why);

	diag_why(d, IOV_NOWHERE, "%s may be %s", name, explain_num(v, &r->n));
	if (r->n.full.smin >= 0 && r->n.full.umax > INT32_MAX)
		diag_why(d, IOV_NOWHERE, "a signed number below 0 counts as one above 2147483647 here");
	explain_path(v, d);
	if (!size)
		size = "len";
	diag_hint(d, "bound it just before the call: `if (%s == 0 || %s > sizeof(%s)) return …;`, with `%s` unsigned",
		  size, size, buffer ? buffer : "buf", size);
	return STEP_ERROR;
}

/* Memory at argument i, its size in argument i + 1. */
static enum step sized_memory(struct verifier *v, struct call *c, int i, bool read, bool write, bool or_null)
{
	const struct vreg *ptr = &v->top->r[1 + i], *size = &v->top->r[2 + i];
	bool zero_allowed = c->helper->args[i + 1] == IOV_ARG_SIZE_OR_ZERO;
	bool is_null = ptr->kind == V_SCALAR && num_is(&ptr->n, 0);

	if (size->kind == V_UNINIT)
		return explain_uninit(v, 2 + i);
	if (size->kind != V_SCALAR)
		return arg_wrong(v, c, i + 1);
	flow_reg(v, FLOW_PRECISE, (uint8_t)(2 + i), 0);
	if (size->n.full.smin < 0)
		return size_error(v, c, i, "may be negative (or, unsigned, huge)");
	if (size->n.full.umax >= V_MAX_OFFSET)
		return size_error(v, c, i, "may be larger than the memory beside it");
	if (!zero_allowed && size->n.full.umin == 0)
		return size_error(v, c, i, "may be zero");
	if (is_null && (or_null || (zero_allowed && size->n.full.umax == 0))) {
		flow_reg(v, FLOW_PRECISE, (uint8_t)(1 + i), 0);
		return or_null && size->n.full.umax ? size_error(v, c, i, "is not zero while the pointer is NULL")
						    : STEP_NEXT;
	}
	return memory(v, c, i, (uint32_t)size->n.full.umax, read, write, num_is_const(&size->n));
}

/* Which kinds of map would do, and how to declare the first of them. */
static enum step wrong_map(struct verifier *v, const struct call *c)
{
	const struct iov_map_type *first = NULL;
	struct iov_buf types = {.alloc = v->alloc};
	struct iov_diag *d = verify_diag(v, DIAG_V_HELPER_MAP, v->pc, "bpf_%s() does not take `%s`, a map of type %s",
					 c->helper->name, c->map->name, c->map_type->name);

	for (uint32_t id = 0; id < MAP_TYPES; id++) {
		const struct iov_map_type *t = platform_map_type(v->platform, id);

		if (!t || !catalogue_map_takes(t, c->helper))
			continue;
		buf_printf(&types, "%s%s", types.len ? ", " : "", t->name);
		first = first ? first : t;
	}
	if (first)
		diag_why(d, IOV_NOWHERE, "it takes maps of type %s", buf_cstr(&types));
	explain_path(v, d);
	if (first) {
		types.len = 0;
		for (const char *p = first->name; *p; p++)
			buf_printf(&types, "%c", *p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p);
		diag_hint(d, "declare `%s` with `__uint(type, BPF_MAP_TYPE_%s);`, or use the helper for its type",
			  c->map->name, buf_cstr(&types));
	}
	buf_free(&types);
	return STEP_ERROR;
}

/* Helpers that change the content of the map they are given. */
static bool changes_map(const struct iov_helper *h)
{
	return !strcmp(h->name, "map_update_elem") || !strcmp(h->name, "map_delete_elem") ||
	       !strcmp(h->name, "map_push_elem") || !strcmp(h->name, "map_pop_elem");
}

static enum step readonly_map(struct verifier *v, const struct call *c)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_VALUE_READONLY, v->pc, "bpf_%s() cannot change `%s`",
					 c->helper->name, c->map->name);

	diag_why(d, c->map->where, "`%s` is read-only for programs", c->map->name);
	explain_path(v, d);
	return STEP_ERROR;
}

/* Maps of sockets are changed only where no socket is locked; sock_ops programs have helpers of their own for it. */
static enum step sockets_changed(struct verifier *v, const struct call *c)
{
	static const char *const types[] = {"socket_filter", "sched_cls", "sched_act", "xdp", "sk_reuseport",
					    "flow_dissector", "sk_lookup"};
	struct iov_diag *d;

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(types[i], v->type->name))
			return STEP_NEXT;
	if (!strcmp(v->type->name, "sock_ops") && !strcmp(c->helper->name, "map_delete_elem"))
		return STEP_NEXT;
	d = verify_diag(v, DIAG_V_HELPER_TYPE, v->pc,
			"programs of type %s cannot change `%s`, a map of sockets, by bpf_%s()", v->type->name,
			c->map->name, c->helper->name);
	diag_why(d, IOV_NOWHERE, "a socket may be locked while they run");
	explain_path(v, d);
	if (!strcmp(v->type->name, "sock_ops"))
		diag_hint(d, "write bpf_sock_%s_update() instead", c->map->type == SOCKHASH ? "hash" : "map");
	return STEP_ERROR;
}

static enum step map_argument(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];

	flow_reg(v, FLOW_USE, (uint8_t)(1 + i), 0);
	if (r->kind != V_MAP || r->off || !r->map)
		return arg_wrong(v, c, i);
	if (r->maybe_null)
		return explain_null(v, 1 + i, r);
	c->map = r->map;
	c->map_type = platform_map_type(v->platform, r->map->type);
	if (c->timer)
		return c->timer == c->map ? STEP_NEXT : async_other_map(v, c);
	if (!c->map_type || !c->map_type->complete)
		return explain_unsupported(v, "maps of the type of `%s`", r->map->name);
	if (changes_map(c->helper) && (r->map->flags & 1 << 7 || r->map->origin == IOV_MAP_RODATA ||
				       r->map->origin == IOV_MAP_KCONFIG)) /* BPF_F_RDONLY_PROG */
		return readonly_map(v, c);
	if (!c->helper->kfunc && !catalogue_map_takes(c->map_type, c->helper))
		return wrong_map(v, c);
	return changes_map(c->helper) && c->map_type->lookup == IOV_LOOKUP_SOCKET ? sockets_changed(v, c) : STEP_NEXT;
}

/* The 4-byte key of an array, when it is a constant on the stack; engines make a fixed address of it. */
static void constant_key(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	struct iov_insn_fact *f = &v->fact[v->pc];
	int64_t off = r->off;
	uint32_t key = 0, at;
	bool known = r->kind == V_STACK && c->map->key_size == 4 && num_is_const(&r->n) && off % 4 == 0 && off < 0;

	if (known) {
		const struct vframe *frame = v->st->f[r->frame];
		const struct vslot *s = slot_of((int32_t)off) < frame->slots ? &frame->s[slot_of((int32_t)off)] : NULL;

		at = slot_byte((int32_t)off);
		known = s && (!memcmp(s->tag + at, "\2\2\2\2", 4) ||
			      (!memcmp(s->tag + at, "\3\3\3\3", 4) && (at || s->tag[4] != S_SPILL) &&
			       (!at || s->tag[3] != S_SPILL) && reg_is_const(&s->reg)));
		if (known && s->tag[at] == S_SPILL)
			key = (uint32_t)num_value(&s->reg.n);
	}
	c->key_known = known;
	c->key = key;
	if (known)
		flow_log(v, FLOW_READ_PRECISE, r->frame, 0, 0, (int32_t)off, 4);
	if (!f->reached) {
		f->key_const = known;
		f->key = key;
	} else if (!known || f->key != key) {
		f->key_const = false;
	}
}

static enum step map_key(struct verifier *v, struct call *c, int i)
{
	if (!c->map)
		return explain_unsupported(v, "bpf_%s() with a key before its map", c->helper->name);
	if (!c->map->key_size)
		return arg_wrong(v, c, i);
	if (!strcmp(c->map_type->name, "array") || !strcmp(c->map_type->name, "percpu_array"))
		constant_key(v, c, i);
	return memory(v, c, i, c->map->key_size, true, false, false);
}

/* A socket as the kernel's struct. What turns sockets into their uapi form takes them in that form only. */
static bool is_kernel_socket(struct verifier *v, const struct call *c, const struct vreg *r)
{
	if (r->kind != V_KERNEL || c->helper->ret == IOV_RET_SOCKET_OR_NULL ||
	    c->helper->ret == IOV_RET_TCP_SOCK_OR_NULL)
		return false;
	if (r->off || !num_is(&r->n, 0) || !(r->ref || r->trust & (T_TRUSTED | T_SOCKET)))
		return false;
	return r->type ? object_is(v, r, "sock_common") : r->trust & T_SOCKET;
}

static enum step socket_argument(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];

	flow_reg(v, FLOW_USE, (uint8_t)(1 + i), 0);
	if (c->helper->args[i] == IOV_ARG_SOCK_COMMON_OR_NULL) {
		if (r->kind == V_SCALAR && num_is(&r->n, 0)) {
			flow_reg(v, FLOW_PRECISE, (uint8_t)(1 + i), 0);
			return STEP_NEXT;
		}
		if (r->kind == V_SOCK && r->range != IOV_RET_XDP_SOCK_OR_NULL)
			return STEP_NEXT; /* as such, or NULL */
	}
	if (is_kernel_socket(v, c, r) && c->helper->args[i] == IOV_ARG_SOCK_COMMON_OR_NULL)
		return STEP_NEXT;
	if ((r->kind == V_SOCK || r->kind == V_KERNEL) && r->maybe_null)
		return explain_null(v, 1 + i, r);
	if (!is_kernel_socket(v, c, r) &&
	    (r->kind != V_SOCK || r->range == IOV_RET_XDP_SOCK_OR_NULL ||
	     (c->helper->args[i] == IOV_ARG_SOCKET && r->range != IOV_RET_SOCKET_OR_NULL)))
		return arg_wrong(v, c, i);
	c->cast_of = r->ref;
	if (c->helper->release_arg == i + 1) {
		if (!r->ref) {
			struct iov_diag *d = verify_diag(v, DIAG_V_BAD_RELEASE, v->pc,
							 "%s is no reference that this program acquired",
							 explain_reg(v, v->pc, 1 + i));
			explain_path(v, d);
			return STEP_ERROR;
		}
		c->release = r->ref;
	}
	return STEP_NEXT;
}

/* Of a map of sockets, the value is the socket itself. */
static enum step map_value(struct verifier *v, struct call *c, int i, bool read, bool write)
{
	if (c->map && c->map_type->lookup == IOV_LOOKUP_SOCKET)
		return socket_argument(v, c, i);
	if (!c->map || !c->map->value_size)
		return explain_unsupported(v, "bpf_%s() on a map without values", c->helper->name);
	return memory(v, c, i, c->map->value_size, read, write, true);
}

static enum step number(struct verifier *v, struct call *c, int i, bool constant)
{
	const struct vreg *r = &v->top->r[1 + i];

	flow_reg(v, constant ? FLOW_PRECISE : FLOW_USE, (uint8_t)(1 + i), 0);
	if (constant && !reg_is_const(r))
		return arg_wrong(v, c, i);
	if (r->kind != V_SCALAR && (r->kind == V_STALE || r->kind == V_FREED ||
				    !(v->platform->rules & IOV_RULE_POINTERS_IN_MAPS)))
		return arg_wrong(v, c, i);
	return STEP_NEXT;
}

static enum step zero(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];

	flow_reg(v, FLOW_PRECISE, (uint8_t)(1 + i), 0);
	return r->kind == V_SCALAR && num_is(&r->n, 0) ? STEP_NEXT : arg_wrong(v, c, i);
}

static enum step allocated(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];

	flow_reg(v, FLOW_USE, (uint8_t)(1 + i), 0);
	if (r->kind == V_RECORD && r->maybe_null)
		return explain_null(v, 1 + i, r);
	if (r->kind != V_RECORD || !r->ref || r->slice_of || r->off || !num_is(&r->n, 0)) {
		struct iov_diag *d;

		if (r->kind == V_FREED || r->kind != V_RECORD || r->slice_of)
			return arg_wrong(v, c, i);
		d = verify_diag(v, DIAG_V_BAD_RELEASE, v->pc,
				"bpf_%s() wants the pointer as bpf_ringbuf_reserve() gave it", c->helper->name);
		diag_why(d, IOV_NOWHERE, "%s has been moved by %d bytes", explain_reg(v, v->pc, 1 + i), r->off);
		explain_path(v, d);
		return STEP_ERROR;
	}
	c->release = r->ref;
	return STEP_NEXT;
}

static const char *object_wanted(const struct call *c, int i)
{
	return c->helper->arg_type[i] ? c->helper->arg_type[i] : c->helper->btf_type;
}

/* A struct of another name may begin with the one that is wanted: only the target's types say so. What is given up has
 * to be that struct itself. */
static bool may_be_object(const struct verifier *v, const struct call *c, const struct vreg *r, int i)
{
	const char *wanted = object_wanted(c, i);

	return r->kind == V_KERNEL && !r->type && v->prog->types && !v->prog->types->has_target &&
	       strcmp(r->object, wanted) && c->helper->release_arg != i + 1 && !strstr(wanted, "___init") &&
	       !strstr(r->object, "___init");
}

static enum step wrong_object(struct verifier *v, const struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	struct iov_diag *d;

	if (may_be_object(v, c, r, i))
		return object_needs_target(v, arena_printf(&v->work, "whether struct %s is a struct %s", r->object,
							   object_wanted(c, i)), NULL);
	d = verify_diag(v, DIAG_V_HELPER_ARG, v->pc,
			"argument %d of bpf_%s() must be a struct %s of the kernel's, not %s", i + 1,
			c->helper->name, object_wanted(c, i), explain_kind(v, r));
	diag_why(d, IOV_NOWHERE, "the prototype is `%s`", c->helper->decl);
	explain_path(v, d);
	return STEP_ERROR;
}

/* A full socket is a struct sock. */
static bool is_object(struct verifier *v, const struct vreg *r, const char *type)
{
	if (r->kind == V_SOCK)
		return r->range == IOV_RET_SOCKET_OR_NULL && !r->off && num_is(&r->n, 0) && !strcmp(type, "sock");
	if (r->kind == V_KERNEL && (strstr(type, "___init") || strstr(r->object, "___init"))) /* not ready for use */
		return !strcmp(r->object, type) && object_is(v, r, type);
	return r->kind == V_KERNEL && object_is(v, r, type);
}

/* Nothing frees it before the call has ended. */
static bool is_relied_on(const struct call *c, const struct vreg *r)
{
	if (r->kind != V_KERNEL || r->ref || r->trust & T_TRUSTED)
		return true;
	return c->helper->kfunc ? r->trust & T_RCU && c->helper->kfunc & IOV_KF_RCU_ARGS
				: r->trust & (T_RCU | T_SOCKET);
}

/* Read from memory, and nothing keeps it from being freed meanwhile. */
static enum step not_relied_on(struct verifier *v, const struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	struct iov_diag *d = verify_diag(v, DIAG_V_OWNER, v->pc, "nothing keeps %s in place for bpf_%s()",
					 explain_reg(v, v->pc, 1 + i), c->helper->name);

	diag_why(d, prog_span(v->prog, r->origin),
		 "it was read from memory at %s: the struct %s that it points at may be freed at any time",
		 explain_at(v, r->origin), r->object);
	explain_path(v, d);
	diag_hint(d, "acquire it with the kernel function for that struct, test the result for NULL, and use that");
	return STEP_ERROR;
}

/* The pointer as it was got: moved, it would be another object. */
static enum step kernel_object(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	const char *type = object_wanted(c, i);
	struct iov_diag *d;

	flow_reg(v, FLOW_USE, (uint8_t)(1 + i), 0);
	if (!type)
		return explain_unsupported(v, "argument %d of bpf_%s()", i + 1, c->helper->name);
	if (r->kind == V_STALE || r->kind == V_FREED)
		return explain_not_pointer(v, 1 + i, r);
	if (c->helper->args[i] == IOV_ARG_BTF_PTR_OR_NULL && r->kind == V_SCALAR && num_is(&r->n, 0)) {
		flow_reg(v, FLOW_PRECISE, (uint8_t)(1 + i), 0);
		return STEP_NEXT;
	}
	if (!is_object(v, r, type) || (c->helper->release_arg == i + 1 && (r->off || strcmp(r->object, type))))
		return wrong_object(v, c, i);
	if (r->maybe_null && c->helper->args[i] != IOV_ARG_BTF_PTR_OR_NULL)
		return explain_null(v, 1 + i, r);
	if (!is_relied_on(c, r))
		return not_relied_on(v, c, i);
	if (c->helper->release_arg != i + 1)
		return STEP_NEXT;
	c->release = r->ref;
	if (r->ref)
		return STEP_NEXT;
	d = verify_diag(v, DIAG_V_BAD_RELEASE, v->pc, "%s is no reference that this program acquired",
			explain_reg(v, v->pc, 1 + i));
	explain_path(v, d);
	return STEP_ERROR;
}

static enum step context(struct verifier *v, struct call *c, int i, bool or_null)
{
	const struct vreg *r = &v->top->r[1 + i];
	const char *type = c->helper->arg_type[i];

	flow_reg(v, FLOW_USE, (uint8_t)(1 + i), 0);
	if (type && !strcmp(type, "__sk_buff") && r->kind == V_KERNEL && !strcmp(r->object, "sk_buff"))
		return r->maybe_null ? explain_null(v, 1 + i, r) : STEP_NEXT;
	if (type && (!v->type->ctx_name || strcmp(type, v->type->ctx_name)))
		return arg_wrong(v, c, i);
	if (or_null && r->kind == V_SCALAR && num_is(&r->n, 0)) {
		flow_reg(v, FLOW_PRECISE, (uint8_t)(1 + i), 0);
		return STEP_NEXT;
	}
	return r->kind == V_CTX && !r->off && !r->maybe_null ? STEP_NEXT : arg_wrong(v, c, i);
}

static enum step value_or_null(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];

	if (r->kind != V_SCALAR || !num_is(&r->n, 0))
		return map_value(v, c, i, true, false);
	flow_reg(v, FLOW_PRECISE, (uint8_t)(1 + i), 0);
	return STEP_NEXT;
}

/* A string constant: in .rodata, at a known place, ended by a NUL. */
static enum step string(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	const struct iov_map_def *m = r->map;
	int64_t at = r->off;

	flow_reg(v, FLOW_USE, (uint8_t)(1 + i), 0);
	if (r->kind != V_VALUE || r->maybe_null || m->origin != IOV_MAP_RODATA || !m->init || !num_is_const(&r->n))
		return arg_wrong(v, c, i);
	at += (int64_t)num_value(&r->n);
	if (at < 0 || at >= m->value_size || !memchr(m->init + at, 0, m->value_size - (size_t)at))
		return arg_wrong(v, c, i);
	return STEP_NEXT;
}

/* The lock field of a map value, or of an object that the program owns, through an exact pointer. */
static enum step spin_lock(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	const struct iov_fields *f = reg_fields(r);

	flow_reg(v, FLOW_USE, (uint8_t)(1 + i), 0);
	if (f && r->maybe_null)
		return explain_null(v, 1 + i, r);
	if (!f || !num_is(&r->n, 0) || !fields_at(f, IOV_FIELD_SPIN_LOCK, r->off))
		return arg_wrong(v, c, i);
	if (r->kind == V_OBJECT && (!r->ref || r->trust))
		return graph_not_owned(v, 1 + i);
	c->lock = (struct vlock){.map = r->map, .type = r->type, .id = r->id, .origin = v->pc, .held = true};
	return graph_map_holds(v, r->map, IOV_FIELD_SPIN_LOCK);
}

static enum step function(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];

	flow_reg(v, FLOW_USE, (uint8_t)(1 + i), 0);
	if (r->kind != V_FUNC)
		return arg_wrong(v, c, i);
	if (v->prog->subs[r->range].global)
		return explain_unsupported(v, "this kind of callback");
	c->callback = (uint8_t)(1 + i);
	return STEP_NEXT;
}

static enum step stack_or_null(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];

	flow_reg(v, FLOW_PRECISE, (uint8_t)(1 + i), 0);
	return r->kind == V_STACK || (r->kind == V_SCALAR && num_is(&r->n, 0)) ? STEP_NEXT : arg_wrong(v, c, i);
}

/* Memory of the constant size that follows, or NULL. */
static enum step slice_buffer(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i], *size = &v->top->r[2 + i];

	if (size->kind == V_UNINIT)
		return explain_uninit(v, 2 + i);
	flow_reg(v, FLOW_PRECISE, (uint8_t)(2 + i), 0);
	if (!reg_is_const(size) || num_value(&size->n) >= V_MAX_OFFSET)
		return arg_wrong(v, c, i + 1);
	if (r->kind == V_SCALAR && num_is(&r->n, 0)) {
		flow_reg(v, FLOW_PRECISE, (uint8_t)(1 + i), 0);
		return STEP_NEXT;
	}
	c->buffer = *r;
	return memory(v, c, i, (uint32_t)num_value(&size->n), true, true, true);
}

/* Made when all arguments are known to be right. What it is a window into must outlive it. */
static enum step new_dynptr(struct verifier *v, struct call *c, int i)
{
	(void)i;
	if (c->helper->dynptr == IOV_DYNPTR_LOCAL && v->top->r[IOV_R1].kind != V_VALUE)
		return arg_wrong(v, c, 0);
	return STEP_NEXT;
}

enum step arg_check(struct verifier *v, struct call *c, int i)
{
	enum iov_arg arg = (enum iov_arg)c->helper->args[i];
	enum step s;

	if (arg == IOV_ARG_NONE || arg == IOV_ARG_IGNORED || arg == IOV_ARG_SIZE || arg == IOV_ARG_SIZE_OR_ZERO)
		return STEP_NEXT;
	if (v->top->r[1 + i].kind == V_UNINIT)
		return explain_uninit(v, 1 + i);
	switch (arg) {
	case IOV_ARG_ANY: return number(v, c, i, false);
	case IOV_ARG_NUMBER:
		return v->top->r[1 + i].kind == V_SCALAR ? number(v, c, i, false) : arg_wrong(v, c, i);
	case IOV_ARG_CONST: return number(v, c, i, true);
	case IOV_ARG_ZERO: return zero(v, c, i);
	case IOV_ARG_CTX: return context(v, c, i, false);
	case IOV_ARG_CTX_OR_NULL: return context(v, c, i, true);
	case IOV_ARG_MAP: return map_argument(v, c, i);
	case IOV_ARG_MAP_KEY: return map_key(v, c, i);
	case IOV_ARG_MAP_VALUE: return map_value(v, c, i, true, false);
	case IOV_ARG_MAP_VALUE_UNINIT: return map_value(v, c, i, false, true);
	case IOV_ARG_MAP_VALUE_OR_NULL: return value_or_null(v, c, i);
	case IOV_ARG_MEM: return sized_memory(v, c, i, true, false, false);
	case IOV_ARG_MEM_OR_NULL: return sized_memory(v, c, i, true, false, true);
	case IOV_ARG_MEM_UNINIT: return sized_memory(v, c, i, false, true, false);
	case IOV_ARG_MEM_RW: return sized_memory(v, c, i, true, true, false);
	case IOV_ARG_MEM_RW_OR_NULL: return sized_memory(v, c, i, true, true, true);
	case IOV_ARG_MEM_FIXED: return memory(v, c, i, c->helper->arg_size[i], true, false, false);
	case IOV_ARG_MEM_FIXED_UNINIT: return memory(v, c, i, c->helper->arg_size[i], false, true, true);
	case IOV_ARG_LONG_PTR: return memory(v, c, i, 8, false, true, true);
	case IOV_ARG_INT_PTR: return memory(v, c, i, 4, true, true, true);
	case IOV_ARG_ALLOC_SIZE:
		s = number(v, c, i, true);
		if (s != STEP_NEXT)
			return s;
		if (num_value(&v->top->r[1 + i].n) >= V_MAX_OFFSET)
			return arg_wrong(v, c, i);
		c->alloc_size = (uint32_t)num_value(&v->top->r[1 + i].n);
		return STEP_NEXT;
	case IOV_ARG_STR: return string(v, c, i);
	case IOV_ARG_FUNC: return function(v, c, i);
	case IOV_ARG_STACK_OR_NULL: return stack_or_null(v, c, i);
	case IOV_ARG_SPIN_LOCK: return spin_lock(v, c, i);
	case IOV_ARG_ALLOC_MEM: return allocated(v, c, i);
	case IOV_ARG_SLICE_BUFFER: return slice_buffer(v, c, i);
	case IOV_ARG_ITER: return iter_argument(v, c, i);
	case IOV_ARG_ITER_UNINIT: return STEP_NEXT; /* made when all arguments are known to be right */
	case IOV_ARG_DYNPTR: return dynptr_argument(v, c, i);
	case IOV_ARG_DYNPTR_OR_NULL:
		if (v->top->r[1 + i].kind != V_SCALAR || !num_is(&v->top->r[1 + i].n, 0))
			return dynptr_argument(v, c, i);
		flow_reg(v, FLOW_PRECISE, (uint8_t)(1 + i), 0);
		return STEP_NEXT;
	case IOV_ARG_DYNPTR_UNINIT: return new_dynptr(v, c, i);
	case IOV_ARG_SOCK_COMMON: case IOV_ARG_SOCK_COMMON_OR_NULL: case IOV_ARG_SOCKET:
		return socket_argument(v, c, i);
	case IOV_ARG_BTF_PTR: case IOV_ARG_BTF_PTR_OR_NULL: return kernel_object(v, c, i);
	case IOV_ARG_TIMER: return async_timer(v, c, i);
	case IOV_ARG_KPTR: return kptr_argument(v, c, i);
	case IOV_ARG_KPTR_NEW: return kptr_moved(v, c, i);
	case IOV_ARG_TARGET_TYPE: case IOV_ARG_LOCAL_TYPE: case IOV_ARG_OBJECT: case IOV_ARG_COUNTED:
	case IOV_ARG_LIST_HEAD: case IOV_ARG_RB_ROOT: case IOV_ARG_NODE: case IOV_ARG_NODE_INSIDE:
		return graph_argument(v, c, i);
	default: return explain_unsupported(v, "argument %d of bpf_%s()", i + 1, c->helper->name);
	}
}
