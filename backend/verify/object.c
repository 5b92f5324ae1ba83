/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is known by its type. Objects that programs allocate are read and written member by member, but for the
 * fields that belong to the kernel. Structs of the kernel are only read; what a pointer in one points at is known by
 * its type, and how much it can be relied on follows from where it was found (Linux: kernel/bpf/verifier.c). */
#include "backend/verify/internal.h"

#include <inttypes.h>
#include <string.h>

const char *explain_type(struct verifier *v, const struct iov_type *t)
{
	const char *s;

	if (!t || !*t->name)
		return "an unnamed struct";
	s = arena_printf(&v->work, "%s %s", t->is_union ? "union" : "struct", t->name);
	return s ? s : "?";
}

/* The member that a special field is. */
static const char *member_name(struct verifier *v, const struct iov_type *t, const struct iov_field *f)
{
	for (uint32_t i = 0; t && i < t->member_count; i++)
		if (t->members[i].off == f->off && *t->members[i].name)
			return arena_printf(&v->work, "`%s`, ", t->members[i].name);
	return "";
}

static enum step field_error(struct verifier *v, const struct access *a, const struct iov_field *f, const char *member,
			     const char *where)
{
	struct iov_diag *d =
		verify_diag(v, DIAG_V_FIELD, v->pc, "programs cannot %s %s%s at offset %u of %s",
			    a->write ? "write" : "read", member ? member : "", field_kind_name(f->kind), f->off, where);

	diag_why(d, IOV_NOWHERE, "only the functions that are made for it may do that");
	explain_path(v, d);
	diag_hint(d, "read and write the members beside it, one by one; to copy the struct as a whole copies it too");
	return STEP_ERROR;
}

enum step explain_field(struct verifier *v, const struct access *a, const struct iov_field *f, const char *where)
{
	return field_error(v, a, f, "", arena_printf(&v->work, "a value of map `%s`", where));
}

static const char *words(const struct access *a)
{
	return a->write ? "written" : "read";
}

static enum step not_a_member(struct verifier *v, const struct vreg *r, const struct access *a, int64_t off)
{
	const char *type = explain_type(v, r->type);
	struct iov_diag *d;

	if (!num_is_const(&r->n)) {
		d = verify_diag(v, DIAG_V_MEMBER, v->pc, "%s is %s at an offset that is no constant", type, words(a));
		diag_why(d, IOV_NOWHERE, "the pointer was moved by a number in %s", explain_num(v, &r->n));
		explain_path(v, d);
		diag_hint(d, "name each member; an array with a variable index belongs into a map");
		return STEP_ERROR;
	}
	d = verify_diag(v, DIAG_V_MEMBER, v->pc, "%u byte%s at offset %" PRId64 " of %s %s no member of it", a->size,
			a->size == 1 ? "" : "s", off, type, a->size == 1 ? "is" : "are");
	diag_why(d, IOV_NOWHERE, "%s has %u bytes; an access lies inside one member", type, r->type->size);
	explain_path(v, d);
	diag_hint(d, "access members by their names and types");
	return STEP_ERROR;
}

/* Fixed offset of the access; false: it is not fixed, or before the start. */
static bool fixed_offset(const struct vreg *r, const struct access *a, int64_t *off)
{
	*off = (int64_t)r->off + a->off;
	if (!num_is_const(&r->n))
		return false;
	*off += (int64_t)num_value(&r->n);
	return *off >= 0 && *off <= INT32_MAX;
}

static enum step per_cpu(struct verifier *v, const struct vreg *r)
{
	struct iov_diag *d =
		verify_diag(v, DIAG_V_MEMBER, v->pc, "%s is there once for each CPU: it is not accessed as it is",
			    explain_type(v, r->type));

	explain_path(v, d);
	diag_hint(d, "take this CPU's first: `p = bpf_this_cpu_ptr(p);`");
	return STEP_ERROR;
}

enum step object_access(struct verifier *v, const struct vreg *r, const struct access *a)
{
	const struct iov_field *f;
	struct iov_place place;
	int64_t off;

	if (r->trust & T_PERCPU)
		return per_cpu(v, r);
	if (!fixed_offset(r, a, &off) || off + a->size > r->type->size)
		return not_a_member(v, r, a, off);
	f = fields_touch(&r->type->fields, off, off + a->size - 1);
	if (f)
		return field_error(v, a, f, member_name(v, r->type, f), explain_type(v, r->type));
	return types_member(v->prog->types, r->type, (uint32_t)off, a->size, &place) ? STEP_NEXT
										     : not_a_member(v, r, a, off);
}

void object_kernel(struct verifier *v, struct vreg *r, const char *name, uint8_t trust)
{
	r->kind = V_KERNEL;
	r->object = name;
	r->type = types_named(v->prog->types, IOV_TYPES_TARGET, name);
	r->trust = trust;
}

bool object_is(struct verifier *v, const struct vreg *r, const char *name)
{
	const struct iov_type *want;

	if (!num_is(&r->n, 0) || r->off < 0)
		return false;
	if (!r->off && !strcmp(r->object, name))
		return true;
	want = r->type ? types_named(v->prog->types, IOV_TYPES_TARGET, name) : NULL;
	return want && types_has_at(v->prog->types, r->type, (uint32_t)r->off, want);
}

/* Programs that see packets may write the mark of a connection. */
static bool is_connection(const struct verifier *v, const struct vreg *r)
{
	static const char *const types[] = {"xdp", "sched_cls", "sched_act"};
	bool sees_packets = false;

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		sees_packets |= !strcmp(v->type->name, types[i]);
	return sees_packets && (r->ref || r->trust & T_TRUSTED) && !strncmp(r->object, "nf_conn", 7);
}

static bool is_mark(struct verifier *v, const struct vreg *r, const struct access *a)
{
	struct iov_place place;
	int64_t off;

	return fixed_offset(r, a, &off) && types_member(v->prog->types, r->type, (uint32_t)off, a->size, &place) &&
	       !strcmp(place.holder->name, "nf_conn") && !strcmp(place.member->name, "mark");
}

static enum step layout_needed(struct verifier *v, const struct vreg *r)
{
	return object_needs_target(v, arena_printf(&v->work, "the layout of the kernel's struct %s", r->object), NULL);
}

enum step object_store(struct verifier *v, const struct vreg *r, const struct access *a)
{
	struct iov_diag *d;

	if (is_connection(v, r) && !r->type)
		return layout_needed(v, r);
	if (is_connection(v, r) && is_mark(v, r, a))
		return STEP_NEXT;
	d = verify_diag(v, DIAG_V_MEMBER, v->pc,
					 "struct %s belongs to the kernel: programs only read it", r->object);

	explain_path(v, d);
	return STEP_ERROR;
}

/* Members whose pointers can be relied on as much as the struct that holds them: what the kernel says of its own. */
static const struct safe {
	const char *type, *member;
	uint8_t trust;
	bool maybe_null;
} safe_members[] = {
	{"task_struct", "cpus_ptr", T_RCU, false},
	{"task_struct", "cgroups", T_RCU, false},
	{"task_struct", "real_parent", T_RCU, false},
	{"task_struct", "group_leader", T_RCU, false},
	{"cgroup", "kn", T_RCU, false},
	{"css_set", "dfl_cgrp", T_RCU, false},
	{"mm_struct", "exe_file", T_RCU, true},
	{"sk_buff", "sk", T_RCU, true},
	{"request_sock", "sk", T_RCU, true},
	{"file", "f_inode", T_TRUSTED, false},
	{"dentry", "d_inode", T_TRUSTED, false},
	{"socket", "sk", T_TRUSTED, true},
	/* A socket holds its control group: as good as the socket itself. */
	{"sock_cgroup_data", "cgroup", T_SOCKET, false},
};

static const struct safe *safe_member(const struct iov_place *place)
{
	for (size_t i = 0; i < sizeof(safe_members) / sizeof(*safe_members); i++)
		if (!strcmp(safe_members[i].type, place->holder->name) &&
		    !strcmp(safe_members[i].member, place->member->name))
			return &safe_members[i];
	return NULL;
}

/* How much a pointer that was loaded from a kernel struct can be relied on. Programs of networking types always run
 * in an RCU section. */
static void walked_trust(const struct vreg *from, const struct iov_place *place, struct vreg *out)
{
	const struct safe *safe = safe_member(place);
	bool relied = from->ref || from->trust & (T_TRUSTED | T_RCU);

	if (place->member->tags & (IOV_TAG_PERCPU | IOV_TAG_PERCPU_KPTR)) {
		out->trust = T_PERCPU | (from->trust & T_UNTRUSTED);
	} else if (from->trust & T_UNTRUSTED) {
		out->trust = T_UNTRUSTED;
	} else if (safe && safe->trust == T_SOCKET) {
		out->trust = from->trust & (T_TRUSTED | T_RCU | T_SOCKET);
		out->ref = from->ref;
	} else if (relied && safe) {
		out->trust = safe->trust;
		out->maybe_null = safe->maybe_null;
	} else if (place->through_union) {
		out->trust = T_UNTRUSTED;
	} else if (relied && place->member->tags & IOV_TAG_RCU) {
		out->trust = T_RCU;
		out->maybe_null = true;
	}
}

static enum step needs_gpl(struct verifier *v, const struct vreg *ptr)
{
	struct iov_diag *d =
		verify_diag(v, DIAG_V_HELPER_GPL, v->pc, "%s is for programs with a GPL-compatible licence",
			    explain_type(v, ptr->type));

	explain_path(v, d);
	diag_why(d, IOV_NOWHERE, "this object's licence is \"%s\"", v->prog->license ? v->prog->license : "");
	diag_hint(d, "write: `char _license[] SEC(\"license\") = \"GPL\";`");
	return STEP_ERROR;
}

enum step object_needs_target(struct verifier *v, const char *what, const char *why)
{
	bool has_target = v->prog->types && v->prog->types->has_target;
	struct iov_diag *d;

	if (v->prog->types && v->prog->types->nomem)
		return STEP_NOMEM;
	d = verify_diag(v, DIAG_V_TARGET_TYPES, v->pc, "%s is not known", what ? what : "?");
	if (has_target)
		diag_why(d, IOV_NOWHERE, "the target's types have no such struct");
	else if (why)
		diag_why(d, IOV_NOWHERE, "%s", why);
	explain_path(v, d);
	if (!has_target)
		diag_hint(d, "name the target's types: --target-btf=FILE (on that machine: /sys/kernel/btf/vmlinux)");
	return STEP_ERROR;
}

enum step object_load(struct verifier *v, const struct vreg *ptr, const struct access *a, struct vreg *out)
{
	const struct iov_type *to;
	struct iov_place place;
	int64_t off;
	enum step s;

	if (!ptr->type)
		return layout_needed(v, ptr);
	if (ptr->trust & T_PERCPU)
		return per_cpu(v, ptr);
	if (!v->prog->gpl && ptr->type->space == IOV_TYPES_TARGET)
		return needs_gpl(v, ptr);
	if (!fixed_offset(ptr, a, &off) || !types_member(v->prog->types, ptr->type, (uint32_t)off, a->size, &place))
		return not_a_member(v, ptr, a, off);
	s = mem_fact(v, ptr, 0);
	if (s != STEP_NEXT)
		return s;
	reg_scalar(out, num_bits(8 * a->size), v->pc);
	if (place.member->kind != IOV_MEMBER_POINTER || !place.member->type || place.member->tags & IOV_TAG_USER)
		return STEP_NEXT;
	if (a->size != 8 || place.off)
		return not_a_member(v, ptr, a, off);
	to = types_find(v->prog->types, ptr->type->space, place.member->type);
	if (!to)
		return STEP_NEXT;
	*out = (struct vreg){.kind = V_KERNEL, .object = to->name, .type = to, .origin = v->pc, .n = num_const(0)};
	walked_trust(ptr, &place, out);
	out->id = out->maybe_null ? ++v->next_id : 0;
	return STEP_NEXT;
}
