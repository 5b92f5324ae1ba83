/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers and program types that a platform file defines itself.
 *
 *   - name: npu_classify                 # helpers: add:
 *     id: 0x1001
 *     declaration: "s64 npu_classify(struct xdp_md *ctx, const void *key, u32 key_size)"
 *     arguments: [ctx, mem, size]        # optional where the declaration tells
 *     returns: scalar                    # likewise
 *     range: [-1, 4095]
 *     flags: [packet_args]
 *     program_types: [xdp]               # optional: all
 *
 *   - name: xdp                          # program_types: an existing one, restricted or changed
 *     context: [data, data_end, data_meta, ingress_ifindex]
 *     returns: [0, 4]
 *     helpers: [xdp_adjust_head]
 *
 *   - name: npu_rx                       # or a new one
 *     id: 0x2001
 *     context_name: npu_md
 *     context_size: 16
 *     fields:
 *       - {name: data, offset: 0, size: 4, kind: packet}
 *       - {name: data_end, offset: 4, size: 4, kind: packet_end}
 *       - {name: queue, offset: 8, size: 4, access: [read, narrow]} */
#include "asm/yaml/platform_rows.h"

#include <string.h>

const char *const platform_arg_words[] = {
	"none", "any", "ctx", "map", "map_key", "map_value", "map_value_uninit", "mem", "mem_or_null", "mem_uninit",
	"mem_rw", "mem_fixed", "mem_fixed_uninit", "size", "size_or_zero", "alloc_size", "alloc_mem", "long_ptr",
	"int_ptr", "str", "func", "stack_or_null", "spin_lock", "timer", "kptr", "kptr_new", "dynptr",
	"dynptr_or_null", "dynptr_uninit", "iter", "iter_uninit",
	"sock_common", "socket", "btf_ptr", "btf_ptr_or_null", "const", "ctx_or_null", "map_value_or_null",
	"mem_rw_or_null", "percpu_ptr", "sock_common_or_null", "slice_buffer", "zero", "number",
	"local_type", "object", "counted", "list_head", "rb_root", "node", "node_inside", "target_type",
	"ignored", NULL,
};
const char *const platform_ret_words[] = {
	"scalar", "void", "map_value_or_null", "map_value", "mem_or_null", "mem", "mem_or_btf", "sock_common_or_null",
	"socket_or_null", "tcp_sock_or_null", "btf_or_null", "btf", "never",
	"object_or_null", "same_object", "node_or_null", "kptr_or_null", "cast", "xdp_sock_or_null", NULL,
};
const char *const platform_flag_words[] = {
	"gpl",  "changes_packet", "acquires", "releases", "packet_args", "tail_call", "callback",
	"lock", "unlock",         "sleeps",   "pure",     "base",        "casts",     NULL,
};
const char *const platform_ctx_words[] = {
	"scalar", "packet", "packet_end",        "packet_meta", "sock_or_null", "flow_keys",
	"btf",    "sock",   "full_sock_or_null", "memory",      NULL,
};
_Static_assert(sizeof(platform_arg_words) / sizeof(char *) == IOV_ARG_COUNT + 1, "a word for each enum iov_arg");
_Static_assert(sizeof(platform_ret_words) / sizeof(char *) == IOV_RET_COUNT + 1, "a word for each enum iov_ret");
_Static_assert(sizeof(platform_flag_words) / sizeof(char *) == 14 && IOV_HF_CASTS == 1 << 12, "a word for each flag");
_Static_assert(sizeof(platform_ctx_words) / sizeof(char *) == IOV_CTX_MEMORY + 2, "a word for each enum iov_ctx_kind");

static bool diagnosed(struct platform_maker *m)
{
	if (m->status == IOV_OK)
		m->status = IOV_DIAGNOSED;
	return false;
}

static void *nothing(struct platform_maker *m, bool no_memory)
{
	if (no_memory)
		m->status = IOV_NOMEM;
	else
		diagnosed(m);
	return NULL;
}

static bool read_id(struct platform_maker *m, const struct iov_yaml *node, uint32_t *id)
{
	const struct iov_yaml *value = yml_require(node, "id", m->sink);
	uint64_t v;

	if (!value || !yml_uint(value, "the id", 1, INT32_MAX, m->sink, &v))
		return diagnosed(m);
	*id = (uint32_t)v;
	return true;
}

static bool read_pair(struct platform_maker *m, const struct iov_yaml *node, const char *what, int64_t *low,
		      int64_t *high)
{
	if (!yml_need_sequence(node, what, m->sink))
		return diagnosed(m);
	if (node->count != 2) {
		diag_add(m->sink, DIAG_YAML_TYPE, node->where, "%s must be [lowest, highest]", what);
		return diagnosed(m);
	}
	return (yml_int(node->items[0], what, INT64_MIN, INT64_MAX, m->sink, low) &&
		yml_int(node->items[1], what, *low, INT64_MAX, m->sink, high)) ||
	       diagnosed(m);
}

static bool read_name(struct platform_maker *m, const struct iov_yaml *node, const char **name)
{
	const struct iov_yaml *value = yml_require(node, "name", m->sink);

	return (value && yml_string(value, "the name", m->sink, name)) || diagnosed(m);
}

/* ---- helpers ---- */

static bool read_arguments(struct platform_maker *m, const struct iov_yaml *list, struct iov_helper *h)
{
	if (!yml_need_sequence(list, "arguments", m->sink))
		return diagnosed(m);
	if (list->count > 5) {
		diag_add(m->sink, DIAG_YAML_RANGE, list->items[5]->where, "a helper has at most five arguments");
		return diagnosed(m);
	}
	for (uint32_t i = 0; i < list->count; i++) {
		const struct iov_yaml *item = list->items[i];
		uint32_t kind;
		uint64_t size;

		if (item->kind == IOV_YAML_MAPPING) { /* {mem_fixed: 20} */
			if (item->count != 1 ||
			    !yml_choice(item->keys[0], "an argument", platform_arg_words, m->sink, &kind) ||
			    !yml_uint(item->items[0], "the size", 1, 1 << 20, m->sink, &size))
				return diagnosed(m);
			h->arg_size[i] = (uint32_t)size;
		} else if (!yml_choice(item, "an argument", platform_arg_words, m->sink, &kind)) {
			return diagnosed(m);
		}
		h->args[i] = (uint8_t)kind;
	}
	return true;
}

static bool is_size(uint8_t arg)
{
	return arg == IOV_ARG_SIZE || arg == IOV_ARG_SIZE_OR_ZERO;
}

static bool is_sized_memory(uint8_t arg)
{
	return arg == IOV_ARG_MEM || arg == IOV_ARG_MEM_OR_NULL || arg == IOV_ARG_MEM_UNINIT || arg == IOV_ARG_MEM_RW ||
	       arg == IOV_ARG_MEM_RW_OR_NULL;
}

/* What the verifier relies on: memory has its size after it, fixed memory says how many bytes. */
static bool check_helper(struct platform_maker *m, const struct iov_yaml *node, const struct iov_helper *h)
{
	const char *why = NULL;

	for (int i = 0; i < 5; i++) {
		if (is_sized_memory(h->args[i]) && (i == 4 || !is_size(h->args[i + 1])))
			why = "memory is followed by its size";
		if (is_size(h->args[i]) && (i == 0 || !is_sized_memory(h->args[i - 1])))
			why = "a size follows the memory that it measures";
		if ((h->args[i] == IOV_ARG_MEM_FIXED || h->args[i] == IOV_ARG_MEM_FIXED_UNINIT) !=
		    (h->arg_size[i] != 0))
			why = "mem_fixed is written with its bytes, {mem_fixed: 20}, and no other kind is";
	}
	if (!!(h->flags & IOV_HF_RELEASES) != (h->release_arg != 0))
		why = "a helper that releases names the argument: flags: [releases] and release_argument: 1 to 5";
	if (why)
		diag_add(m->sink, DIAG_PLATFORM_PROTOTYPE, node->where, "%s: %s", h->name, why);
	return !why || diagnosed(m);
}

static bool read_helper_types(struct platform_maker *m, const struct iov_yaml *node, struct iov_helper *h)
{
	const struct iov_yaml *types = yml_get(node, "program_types");

	if (!types) {
		h->flags |= IOV_HF_BASE;
		return true;
	}
	if (!yml_need_sequence(types, "program_types", m->sink))
		return diagnosed(m);
	for (uint32_t i = 0; i < types->count; i++) {
		struct platform_grant *grant = ARENA_NEW(m->arena, struct platform_grant);

		if (!grant)
			return nothing(m, true);
		*grant = (struct platform_grant){types->items[i], h, m->grants};
		m->grants = grant;
	}
	return true;
}

static bool read_result(struct platform_maker *m, const struct iov_yaml *node, struct iov_helper *h)
{
	const struct iov_yaml *value = yml_get(node, "returns");
	uint32_t kind = h->ret;
	uint64_t arg = 0;

	if (value && !yml_choice(value, "the result", platform_ret_words, m->sink, &kind))
		return diagnosed(m);
	h->ret = (uint8_t)kind;
	value = yml_get(node, "range");
	if (value && !read_pair(m, value, "range", &h->ret_min, &h->ret_max))
		return false;
	value = yml_get(node, "release_argument");
	if (value && !yml_uint(value, "release_argument", 1, 5, m->sink, &arg))
		return diagnosed(m);
	h->release_arg = (uint8_t)arg;
	value = yml_get(node, "flags");
	return !value || yml_flags(value, "flags", platform_flag_words, m->sink, &h->flags) || diagnosed(m);
}

struct iov_helper *platform_own_helper(struct platform_maker *m, const struct iov_yaml *node)
{
	static const char *const keys[] = {"name",  "id",    "declaration",      "arguments", "returns",
					   "range", "flags", "release_argument", "btf_type",  "program_types",
					   NULL};
	struct iov_helper *h = ARENA_NEW(m->arena, struct iov_helper);
	const struct iov_yaml *decl, *args, *btf = yml_get(node, "btf_type");

	if (!h)
		return nothing(m, true);
	*h = (struct iov_helper){.ret_min = INT64_MIN, .ret_max = INT64_MAX, .complete = true};
	decl = yml_require(node, "declaration", m->sink);
	args = yml_get(node, "arguments");
	if (!yml_only_keys(node, keys, m->sink) || !decl || !read_name(m, node, &h->name) ||
	    !read_id(m, node, &h->id) || !yml_string(decl, "the declaration", m->sink, &h->decl) ||
	    (btf && !yml_string(btf, "btf_type", m->sink, &h->btf_type)))
		return nothing(m, false);
	if (!platform_declaration(m, decl, args, yml_get(node, "returns"), h))
		return nothing(m, false);
	if ((args && !read_arguments(m, args, h)) || !read_result(m, node, h) || !read_helper_types(m, node, h) ||
	    !check_helper(m, node, h))
		return NULL;
	return h;
}

/* ---- program types ---- */

/* These lists are compared name by name. */
static bool short_list(struct platform_maker *m, const struct iov_yaml *list, const char *what)
{
	if (!yml_need_sequence(list, what, m->sink))
		return diagnosed(m);
	if (list->count <= 1024)
		return true;
	diag_add(m->sink, DIAG_YAML_LIMIT, list->where, "%s: more than 1024 names", what);
	return diagnosed(m);
}

static bool has_word(struct platform_maker *m, const struct iov_yaml *list, const char *word)
{
	const char *text;

	for (uint32_t i = 0; i < list->count; i++) {
		if (yml_string(list->items[i], "a name", m->sink, &text) && !strcmp(text, word))
			return true;
	}
	return false;
}

/* `context: [names]`: the fields that this platform gives; the others stay known but cannot be used. */
static bool restrict_context(struct platform_maker *m, const struct iov_yaml *list, struct iov_prog_type *type)
{
	struct iov_ctx_field *fields = arena_array(m->arena, type->field_count + 1u, sizeof(*fields));
	uint32_t kept = 0;

	if (!fields)
		return nothing(m, true);
	if (!short_list(m, list, "context"))
		return false;
	for (uint16_t i = 0; i < type->field_count; i++) {
		fields[i] = type->fields[i];
		if (has_word(m, list, fields[i].name))
			kept++;
		else
			fields[i].readable = fields[i].writable = false;
	}
	type->fields = fields;
	if (kept == list->count)
		return true;
	diag_add(m->sink, DIAG_YAML_NAME, list->where, "context: %u of these %u fields are not in struct %s, or twice",
		 list->count - kept, list->count, type->ctx_name);
	return diagnosed(m);
}

/* `memory`: the bytes that a pointer to memory points at; `max`: the highest value of a scalar. */
static bool read_extent(struct platform_maker *m, const struct iov_yaml *node, uint32_t kind, uint16_t *aux)
{
	const struct iov_yaml *memory = yml_get(node, "memory"), *max = yml_get(node, "max");
	uint64_t value = 0;

	if (!!memory != (kind == IOV_CTX_MEMORY) || (max && kind != IOV_CTX_SCALAR)) {
		diag_add(m->sink, DIAG_YAML_KEY, node->where,
			 "`memory` stands with kind: memory, and says its bytes; `max` with kind: scalar");
		return diagnosed(m);
	}
	if ((memory && !yml_uint(memory, "memory", 1, UINT16_MAX, m->sink, &value)) ||
	    (max && !yml_uint(max, "max", 1, UINT16_MAX, m->sink, &value)))
		return diagnosed(m);
	*aux = (uint16_t)value;
	return true;
}

static bool read_field(struct platform_maker *m, const struct iov_yaml *node, uint32_t ctx_size,
		       struct iov_ctx_field *f)
{
	static const char *const keys[] = {"name", "offset", "size", "kind", "access", "max", "memory", NULL};
	static const char *const accesses[] = {"read", "write", "narrow", "narrow_write", NULL};
	const struct iov_yaml *off, *size, *kind = yml_get(node, "kind"), *access = yml_get(node, "access");
	uint64_t o, s;
	uint32_t k = IOV_CTX_SCALAR, bits = 1;

	if (!yml_need_mapping(node, "a field", m->sink) || !yml_only_keys(node, keys, m->sink) ||
	    !read_name(m, node, &f->name))
		return diagnosed(m);
	off = yml_require(node, "offset", m->sink);
	size = yml_require(node, "size", m->sink);
	if (!off || !size || !yml_uint(size, "the size", 1, 8, m->sink, &s) || ctx_size < s ||
	    !yml_uint(off, "the offset", 0, ctx_size - s, m->sink, &o) ||
	    (kind && !yml_choice(kind, "the kind", platform_ctx_words, m->sink, &k)) ||
	    (access && !yml_flags(access, "access", accesses, m->sink, &bits)))
		return diagnosed(m);
	if (s & (s - 1) || o % s || (k != IOV_CTX_SCALAR && bits != 1)) {
		diag_add(m->sink, DIAG_YAML_RANGE, node->where,
			 "a field has 1, 2, 4 or 8 bytes, is aligned to its size, and is only read whole when it is a "
			 "pointer");
		return diagnosed(m);
	}
	if (!read_extent(m, node, k, &f->aux))
		return false;
	f->off = (uint16_t)o, f->size = (uint16_t)s, f->kind = (uint8_t)k;
	f->readable = bits & 1, f->writable = bits & 2, f->narrow = bits & 4, f->narrow_write = bits & 8;
	return true;
}

static bool read_fields(struct platform_maker *m, const struct iov_yaml *list, struct iov_prog_type *type)
{
	struct iov_ctx_field *fields;

	if (!short_list(m, list, "fields"))
		return false;
	fields = arena_array(m->arena, list->count + 1u, sizeof(*fields));
	if (!fields)
		return nothing(m, true);
	for (uint32_t i = 0; i < list->count; i++) {
		if (!read_field(m, list->items[i], type->ctx_size, &fields[i]))
			return false;
		for (uint32_t j = 0; j < i; j++) {
			if (fields[i].off < fields[j].off + fields[j].size &&
			    fields[j].off < fields[i].off + fields[i].size) {
				diag_add(m->sink, DIAG_YAML_RANGE, list->items[i]->where,
					 "the fields %s and %s overlap", fields[j].name, fields[i].name);
				return diagnosed(m);
			}
		}
	}
	type->fields = fields;
	type->field_count = (uint16_t)list->count;
	return true;
}

static bool read_names(struct platform_maker *m, const struct iov_yaml *list, const char *what,
		       const char *const **into)
{
	const char **names;

	if (!short_list(m, list, what))
		return false;
	names = arena_array(m->arena, list->count + 1u, sizeof(*names));
	if (!names)
		return nothing(m, true);
	for (uint32_t i = 0; i < list->count; i++) {
		if (!yml_string(list->items[i], what, m->sink, &names[i]))
			return diagnosed(m);
	}
	*into = names;
	return true;
}

static bool new_prog_type(struct platform_maker *m, const struct iov_yaml *node, struct iov_prog_type *type)
{
	const struct iov_yaml *name = yml_require(node, "context_name", m->sink);
	const struct iov_yaml *size = yml_require(node, "context_size", m->sink);
	uint64_t bytes;

	type->ret_min = 1; /* anything, unless `returns` says otherwise */
	if (!read_id(m, node, &type->id) || !name || !size ||
	    (!type->ctx_memory && !yml_require(node, "fields", m->sink)) ||
	    !yml_string(name, "context_name", m->sink, &type->ctx_name) ||
	    !yml_uint(size, "context_size", 0, UINT16_MAX, m->sink, &bytes))
		return diagnosed(m);
	type->ctx_size = (uint16_t)bytes;
	type->complete = true;
	return true;
}

struct iov_prog_type *platform_own_prog_type(struct platform_maker *m, const struct iov_yaml *node)
{
	static const char *const keys[] = {"name",           "id",      "context_name", "context_size",
					   "context_memory", "fields",  "context",      "returns",
					   "packet_write",   "helpers", "sections",     NULL};
	struct iov_prog_type *type = ARENA_NEW(m->arena, struct iov_prog_type);
	const struct iov_prog_type *known;
	const struct iov_yaml *value;
	const char *name;

	if (!type)
		return nothing(m, true);
	if (!yml_only_keys(node, keys, m->sink) || !read_name(m, node, &name))
		return nothing(m, false);
	known = catalogue_prog_type_by_name(name);
	if (known)
		*type = *known;
	type->name = name;
	if ((value = yml_get(node, "context_memory")) && !yml_bool(value, "context_memory", m->sink, &type->ctx_memory))
		return nothing(m, false);
	if ((value = yml_get(node, "sections")) && !read_names(m, value, "a section", &type->sections))
		return NULL;
	if (!known && !new_prog_type(m, node, type))
		return NULL;
	if ((value = yml_get(node, "fields")) && !read_fields(m, value, type))
		return NULL;
	if ((value = yml_get(node, "context")) && !restrict_context(m, value, type))
		return NULL;
	if ((value = yml_get(node, "helpers")) && !read_names(m, value, "a helper", &type->helpers))
		return NULL;
	if ((value = yml_get(node, "packet_write")) && !yml_bool(value, "packet_write", m->sink, &type->packet_write))
		return nothing(m, false);
	if ((value = yml_get(node, "returns"))) {
		type->attach_count = 0;
		if (!read_pair(m, value, "returns", &type->ret_min, &type->ret_max))
			return NULL;
	}
	return type;
}
