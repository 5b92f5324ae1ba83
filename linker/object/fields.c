/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the special fields of a map value or of a struct that programs allocate: locks, timers, lists, trees,
 * reference counts, kernel pointers. Found by the names that linux/bpf.h gives the structs, by the type tags of
 * pointers, and, for the heads of lists and trees, by the declaration tag "contains:STRUCT:NODE". Which fields count
 * where and the rules of layout are the kernel's (kernel/bpf/btf.c). */
#include "linker/object/types.h"

#include <string.h>

/* The kernel takes at most 11 special fields. Past that, or when a hostile type is too large to walk, the whole value
 * becomes one field that nobody models, which the verifier keeps programs away from. */
enum { MAX_FIELDS = 16, MAX_STEPS = 100000, MAX_OWNERS = 8, MAX_OWNED = 256 };

enum { MAPS = 1, OBJECTS = 2, ONCE = 4 };
static const struct {
	const char *name;
	enum iov_field_kind kind;
	unsigned where;
} structs[] = {
	{"bpf_spin_lock", IOV_FIELD_SPIN_LOCK, MAPS | OBJECTS | ONCE},
	{"bpf_res_spin_lock", IOV_FIELD_OTHER, MAPS | OBJECTS},
	{"bpf_timer", IOV_FIELD_TIMER, MAPS | ONCE},
	{"bpf_wq", IOV_FIELD_WORKQUEUE, MAPS | ONCE},
	{"bpf_list_head", IOV_FIELD_LIST_HEAD, MAPS | OBJECTS},
	{"bpf_list_node", IOV_FIELD_LIST_NODE, OBJECTS},
	{"bpf_rb_root", IOV_FIELD_RB_ROOT, MAPS | OBJECTS},
	{"bpf_rb_node", IOV_FIELD_RB_NODE, OBJECTS},
	{"bpf_refcount", IOV_FIELD_REFCOUNT, MAPS | OBJECTS | ONCE},
	{"bpf_task_work", IOV_FIELD_OTHER, MAPS},
	{"bpf_dynptr", IOV_FIELD_OTHER, MAPS},
};

struct finder {
	const struct iov_btf *btf;
	struct iov_field fields[MAX_FIELDS];
	uint32_t count, steps;
	unsigned where;
	bool full;
	const char *wrong;
};

static bool once(enum iov_field_kind kind)
{
	for (size_t i = 0; i < sizeof(structs) / sizeof(*structs); i++)
		if (structs[i].kind == kind && structs[i].where & ONCE)
			return true;
	return false;
}

/* A pointer with one of the tags that make it a kptr: what it points at must be a struct with a body. */
static bool is_kptr(struct finder *f, const struct iov_btf_type *t, struct iov_field *out)
{
	static const struct { const char *tag; enum iov_field_kind kind; } tags[] = {
		{"kptr", IOV_FIELD_KPTR_REF}, {"kptr_untrusted", IOV_FIELD_KPTR_UNREF},
		{"percpu_kptr", IOV_FIELD_KPTR_PERCPU}, {"uptr", IOV_FIELD_OTHER},
	};
	const struct iov_btf_type *tag = t->kind == BTF_KIND_PTR ? btf_type(f->btf, t->type) : NULL;
	uint32_t to;

	if (!tag || tag->kind != KIND_TYPE_TAG)
		return false;
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		if (strcmp(tag->name, tags[i].tag))
			continue;
		to = btf_strip(f->btf, tag->type);
		if (btf_type(f->btf, to)->kind == BTF_KIND_STRUCT)
			out->type = to;
		else
			f->wrong = "a kernel pointer must point at a struct whose members are known";
		out->kind = tags[i].kind;
		return true;
	}
	return false;
}

static bool is_special(struct finder *f, uint32_t id, struct iov_field *out)
{
	const struct iov_btf_type *t = btf_type(f->btf, id);

	*out = (struct iov_field){.size = (uint32_t)btf_size(f->btf, id)};
	if (t->kind != BTF_KIND_STRUCT)
		return is_kptr(f, t, out);
	for (size_t i = 0; i < sizeof(structs) / sizeof(*structs); i++)
		if (!strcmp(t->name, structs[i].name)) {
			out->kind = structs[i].kind;
			return structs[i].where & f->where;
		}
	return false;
}

static const char *contains_tag(const struct iov_btf *btf, uint32_t type, int32_t component)
{
	static const char key[] = "contains:";

	for (uint32_t i = 1; i < btf->count; i++) {
		const struct iov_btf_type *t = &btf->types[i];

		if (t->kind == KIND_DECL_TAG && t->type == type && t->component == component &&
		    !strncmp(t->name, key, sizeof(key) - 1))
			return t->name + sizeof(key) - 1;
	}
	return NULL;
}

/* "STRUCT:NODE" into type and node_off. NULL, or what is wrong. */
static const char *read_contains(const struct iov_btf *btf, const char *tag, enum iov_field_kind node,
				 struct iov_field *out)
{
	const char *wrong = "__contains() names a struct that the object's types do not have: nothing makes one, "
			    "as bpf_obj_new() does";
	const char *colon = strchr(tag, ':'), *want = node == IOV_FIELD_LIST_NODE ? "bpf_list_node" : "bpf_rb_node";
	const struct iov_btf_type *t;

	for (uint32_t id = 1; colon && id < btf->count; id++) {
		t = &btf->types[id];
		if (t->kind != BTF_KIND_STRUCT || strlen(t->name) != (size_t)(colon - tag) ||
		    memcmp(t->name, tag, (size_t)(colon - tag)))
			continue;
		for (uint32_t i = 0; i < t->count; i++) {
			const struct iov_btf_member *m = &t->members[i];
			const struct iov_btf_type *of = btf_type(btf, btf_strip(btf, m->type));

			if (strcmp(m->name, colon + 1) || of->kind != BTF_KIND_STRUCT || strcmp(of->name, want))
				continue;
			out->type = id;
			out->node_off = m->bit_offset / 8;
			return NULL;
		}
		wrong = "__contains() names no member that is a node of that kind";
	}
	return wrong;
}

/* Who declares the field: the variable, or the struct and which of its members. */
struct owner {
	uint32_t type;
	int32_t component;
};

static void add(struct finder *f, struct iov_field *field, uint64_t offset, const struct owner *owner)
{
	bool list = field->kind == IOV_FIELD_LIST_HEAD, tree = field->kind == IOV_FIELD_RB_ROOT;
	uint32_t align = field->kind == IOV_FIELD_SPIN_LOCK || field->kind == IOV_FIELD_REFCOUNT ? 4 : 8;
	const char *wrong, *tag = list || tree ? contains_tag(f->btf, owner->type, owner->component) : NULL;

	field->off = (uint32_t)offset;
	if (field->kind != IOV_FIELD_OTHER && offset % align)
		f->wrong = "a special field is not aligned";
	if ((list || tree) && !tag)
		f->wrong = "the head of a list or tree is not declared with __contains(STRUCT, NODE)";
	else if (tag && (wrong = read_contains(f->btf, tag, list ? IOV_FIELD_LIST_NODE : IOV_FIELD_RB_NODE, field)))
		f->wrong = wrong;
	for (uint32_t i = 0; i < f->count; i++)
		if (f->fields[i].kind == field->kind && once(field->kind))
			f->wrong = "it has two locks, timers, work queues or reference counts, where one is allowed";
	f->full = f->count == MAX_FIELDS - 1;
	f->fields[f->count++] = *field;
}

static void find_fields(struct finder *f, uint32_t id, uint64_t offset, struct owner owner);

static void find_in_array(struct finder *f, const struct iov_btf_type *t, uint64_t offset, struct owner owner)
{
	uint32_t before = f->count;

	for (uint32_t i = 0; i < t->nelems; i++) {
		find_fields(f, t->type, offset + i * (uint64_t)btf_size(f->btf, t->type), owner);
		if (f->count == before || f->full)
			break;
	}
}

static void find_fields(struct finder *f, uint32_t id, uint64_t offset, struct owner owner)
{
	const struct iov_btf_type *t = btf_type(f->btf, id = btf_strip(f->btf, id));
	struct iov_field field;

	if (f->full || f->steps++ > MAX_STEPS) {
		f->full = true;
		return;
	}
	if (is_special(f, id, &field)) {
		add(f, &field, offset, &owner);
		return;
	}
	switch (t->kind) {
	case BTF_KIND_ARRAY:
		find_in_array(f, t, offset, owner);
		break;
	case BTF_KIND_VAR:
		find_fields(f, t->type, offset, (struct owner){id, -1});
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		for (uint32_t i = 0; i < t->count; i++)
			find_fields(f, t->members[i].type, offset + t->members[i].bit_offset / 8,
				    (struct owner){id, (int32_t)i});
		break;
	case BTF_KIND_DATASEC:
		for (uint32_t i = 0; i < t->count; i++)
			find_fields(f, t->members[i].type, offset + t->members[i].offset, owner);
		break;
	default:
		break;
	}
}

static bool has(const struct finder *f, enum iov_field_kind kind)
{
	for (uint32_t i = 0; i < f->count; i++)
		if (f->fields[i].kind == kind)
			return true;
	return false;
}

/* Rules about fields beside each other. */
static void check(struct finder *f)
{
	if ((has(f, IOV_FIELD_LIST_HEAD) || has(f, IOV_FIELD_RB_ROOT)) && !has(f, IOV_FIELD_SPIN_LOCK))
		f->wrong = "the head of a list or tree needs a struct bpf_spin_lock beside it";
	if (has(f, IOV_FIELD_LIST_NODE) && has(f, IOV_FIELD_RB_NODE) && !has(f, IOV_FIELD_REFCOUNT))
		f->wrong = "what can be in a list and in a tree needs a struct bpf_refcount";
}

static void find_all(struct finder *f, uint32_t id, uint32_t size)
{
	find_fields(f, id, 0, (struct owner){0, -1});
	if (f->full)
		f->fields[f->count++] = (struct iov_field){IOV_FIELD_OTHER, 0, size, 0, 0};
	check(f);
}

/* What owns what must end: a list of things with lists of themselves could not be freed. `budget`: structs to look at.
 */
static bool owns_too_deep(const struct iov_btf *btf, uint32_t id, unsigned depth, uint32_t *budget)
{
	struct finder f = {.btf = btf, .where = OBJECTS};

	if (!depth || !*budget)
		return true;
	--*budget;
	find_all(&f, id, 0);
	for (uint32_t i = 0; i < f.count; i++) {
		enum iov_field_kind kind = f.fields[i].kind;
		bool owns = kind == IOV_FIELD_LIST_HEAD || kind == IOV_FIELD_RB_ROOT || kind == IOV_FIELD_KPTR_REF;

		if (owns && f.fields[i].type && owns_too_deep(btf, f.fields[i].type, depth - 1, budget))
			return true;
	}
	return false;
}

enum iov_status fields_find(const struct iov_btf *btf, uint32_t id, uint32_t size, bool object,
			    struct iov_arena *arena, struct iov_fields *out)
{
	struct finder f = {.btf = btf, .where = object ? OBJECTS : MAPS};
	uint32_t budget = MAX_OWNED;

	*out = (struct iov_fields){0};
	find_all(&f, id, size);
	if (!f.count)
		return IOV_OK;
	for (uint32_t i = 0; i < f.count && !f.wrong; i++)
		if ((f.fields[i].kind == IOV_FIELD_LIST_HEAD || f.fields[i].kind == IOV_FIELD_RB_ROOT) &&
		    owns_too_deep(btf, f.fields[i].type, MAX_OWNERS, &budget))
			f.wrong = "what it holds may hold things like itself without end";
	out->all = arena_copy(arena, f.fields, f.count * sizeof(*f.fields));
	out->count = f.count;
	out->wrong = f.wrong;
	return out->all ? IOV_OK : IOV_NOMEM;
}
