/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue's tables, and looking things up in them. Ids are dense, so that a row's place is its id; static asserts
 * hold that. Names are searched through, which happens once for each thing that an object or a platform names. */
#include "asm/isa/catalogue.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof(*(a)))
#define A_ARGS(a, b, c, d, e) {IOV_ARG_##a, IOV_ARG_##b, IOV_ARG_##c, IOV_ARG_##d, IOV_ARG_##e}

/* ---- helpers and kfuncs ---- */

enum {
	H_GPL = IOV_HF_GPL, H_CHANGES_PACKET = IOV_HF_CHANGES_PACKET, H_ACQUIRES = IOV_HF_ACQUIRES,
	H_RELEASES = IOV_HF_RELEASES, H_PACKET_ARGS = IOV_HF_PACKET_ARGS, H_TAIL_CALL = IOV_HF_TAIL_CALL,
	H_CALLBACK = IOV_HF_CALLBACK, H_LOCK = IOV_HF_LOCK, H_UNLOCK = IOV_HF_UNLOCK, H_BASE = IOV_HF_BASE,
	H_CASTS = IOV_HF_CASTS, H_VARIES = IOV_HF_VARIES, H_WRITES_DYNPTR = IOV_HF_WRITES_DYNPTR,
};

/* The last initialiser of a field counts: a row's own range stands after the default. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
#define PROTOTYPE(number, name_, since_, ret_, args_, flags_, decl_, ...) \
	{.id = number, .name = #name_, .decl = decl_, .ret = IOV_RET_##ret_, .args = A_##args_, .flags = (flags_), \
	 .ret_min = INT64_MIN, .ret_max = INT64_MAX, .since = since_, .complete = true, ##__VA_ARGS__}
#define NAMED(number, name_, since_, decl_, ...) \
	{.id = number, .name = #name_, .decl = decl_, .ret_min = INT64_MIN, .ret_max = INT64_MAX, .since = since_, \
	 ##__VA_ARGS__}

const struct iov_helper catalogue_helpers[] = {
#define HELPER(id, ...) [id] = PROTOTYPE(id, __VA_ARGS__),
#define HELPER_NAMED(id, ...) [id] = NAMED(id, __VA_ARGS__),
#include "asm/isa/helpers.def"
#undef HELPER
#undef HELPER_NAMED
};

static const struct iov_helper variants[] = {
#define VARIANT(id, types, ...) PROTOTYPE(id, __VA_ARGS__, .only = (types)),
#include "asm/isa/helpers.def"
#undef VARIANT
};

/* Which program types a set of kfuncs is registered for. The generic set grew: the releases are those of the types. */
#define K_TYPES(...) .types = (const char *const[]){__VA_ARGS__, NULL}
#define K_ALL .types = NULL
#define K_CGROUP_TYPES "cgroup_sock_addr@6.12", "cgroup_sock@6.12", "cgroup_sockopt@6.12", "sock_ops@6.14"
#define K_CGROUP \
	K_TYPES("cgroup_sock_addr", "cgroup_skb", "cgroup_sock@6.12", "cgroup_sockopt@6.12", "sock_ops@6.14")
#define K_GENERIC \
	K_TYPES("sched_cls", "xdp@6.12", "cgroup_skb@6.12", "cgroup_sock@6.12", "cgroup_sock_addr@6.12", \
		"cgroup_sockopt@6.12", "sock_ops@6.14")

const struct iov_helper catalogue_kfuncs[] = {
#define KFUNC(name_, since_, ret_, args_, types_, flags_, decl_, ...) \
	PROTOTYPE(0, name_, since_, ret_, args_, ((flags_) | H_PACKET_ARGS), decl_, .kfunc = IOV_KF_KFUNC, types_, \
		  ##__VA_ARGS__),
#define KFUNC_NAMED(...) NAMED(0, __VA_ARGS__, .kfunc = IOV_KF_KFUNC),
#include "asm/isa/kfuncs.def"
#undef KFUNC
#undef KFUNC_NAMED
};
#pragma GCC diagnostic pop

#define HELPER(...) +1
#define HELPER_NAMED(...) +1
_Static_assert(COUNT(catalogue_helpers) - 1 == 0
#include "asm/isa/helpers.def"
	       , "helper ids are dense from 1");
#undef HELPER
#undef HELPER_NAMED

const struct iov_helper *catalogue_helper(uint32_t id)
{
	return id && id < COUNT(catalogue_helpers) ? &catalogue_helpers[id] : NULL;
}

size_t catalogue_helper_count(void)
{
	return COUNT(catalogue_helpers) - 1;
}

const struct iov_helper *catalogue_variant(const struct iov_helper *helper, const struct iov_prog_type *type)
{
	for (size_t i = 0; helper && type && helper->flags & IOV_HF_VARIES && i < COUNT(variants); i++)
		if (variants[i].id == helper->id && type->id < 64 && variants[i].only >> type->id & 1)
			return &variants[i];
	return helper;
}

const struct iov_helper *catalogue_variant_at(size_t index)
{
	return index < COUNT(variants) ? &variants[index] : NULL;
}

const struct iov_helper *catalogue_helper_at(size_t index)
{
	return index < COUNT(catalogue_helpers) - 1 ? &catalogue_helpers[index + 1] : NULL;
}

bool catalogue_is_called(const struct iov_helper *row, const char *name)
{
	const char *flavour = strstr(name, "___");
	size_t len = flavour ? (size_t)(flavour - name) : strlen(name);

	if (len > 4 && !strncmp(name, "bpf_", 4)) {
		name += 4;
		len -= 4;
	}
	if (len > 5 && !strncmp(name + len - 5, "_impl", 5))
		len -= 5;
	return row->name && !strncmp(row->name, name, len) && !row->name[len];
}

static const struct iov_helper *by_name(const struct iov_helper *rows, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (catalogue_is_called(&rows[i], name))
			return &rows[i];
	return NULL;
}

const struct iov_helper *catalogue_helper_by_name(const char *name)
{
	return by_name(catalogue_helpers, COUNT(catalogue_helpers), name);
}

const struct iov_helper *catalogue_kfunc_by_name(const char *name)
{
	return by_name(catalogue_kfuncs, COUNT(catalogue_kfuncs), name);
}

const struct iov_helper *catalogue_kfunc_at(size_t index)
{
	return index < COUNT(catalogue_kfuncs) ? &catalogue_kfuncs[index] : NULL;
}

size_t catalogue_kfunc_count(void)
{
	return COUNT(catalogue_kfuncs);
}

/* ---- program types ---- */

/* Permission letters of progtypes.def. */
#define P_N .readable = false
#define P_R .readable = true, .narrow = true
#define P_RW .readable = true, .writable = true, .narrow = true
#define P_F .readable = true
#define P_FW .readable = true, .writable = true
#define P_A .readable = true, .writable = true, .narrow = true, .narrow_write = true, .wide = true
#define P_AR .readable = true, .narrow = true, .wide = true
#define P_S .readable = true, .narrow = true, .start_only = true
#define P_RWW .readable = true, .writable = true, .narrow = true, .wide = true
#define P_FF .readable = true, .wide = true
#define P_RL .readable = true, .narrow = true, .long_read = true

#define FIELD_(name_, off_, size_, elem_, kind_, attach_, ...)                                                         \
	{.name = #name_,                                                                                               \
	 .off = off_,                                                                                                  \
	 .size = size_,                                                                                                \
	 .kind = IOV_CTX_##kind_,                                                                                      \
	 .aux = IOV_CTX_##kind_ == IOV_CTX_FLOW_KEYS ? 56 : 0,                                                         \
	 .elem = elem_,                                                                                                \
	 .attach = attach_,                                                                                            \
	 __VA_ARGS__},
#define FIELD(...) FIELD_(__VA_ARGS__)

static const struct iov_ctx_field skb_sock[] = {
#define SKB(name, off, size, elem, kind, sock, tc, cgroup, lwt, sk, flow)                                              \
	FIELD(name, off, size, elem, kind, 0, P_##sock)
#include "asm/isa/progtypes.def"
};
static const struct iov_ctx_field skb_tc[] = {
#define SKB(name, off, size, elem, kind, sock, tc, cgroup, lwt, sk, flow) FIELD(name, off, size, elem, kind, 0, P_##tc)
#include "asm/isa/progtypes.def"
};
static const struct iov_ctx_field skb_cgroup[] = {
#define SKB(name, off, size, elem, kind, sock, tc, cgroup, lwt, sk, flow)                                              \
	FIELD(name, off, size, elem, kind, 0, P_##cgroup)
#include "asm/isa/progtypes.def"
};
static const struct iov_ctx_field skb_lwt[] = {
#define SKB(name, off, size, elem, kind, sock, tc, cgroup, lwt, sk, flow) FIELD(name, off, size, elem, kind, 0, P_##lwt)
#include "asm/isa/progtypes.def"
};
static const struct iov_ctx_field skb_sk[] = {
#define SKB(name, off, size, elem, kind, sock, tc, cgroup, lwt, sk, flow) FIELD(name, off, size, elem, kind, 0, P_##sk)
#include "asm/isa/progtypes.def"
};
static const struct iov_ctx_field skb_flow[] = {
#define SKB(name, off, size, elem, kind, sock, tc, cgroup, lwt, sk, flow)                                              \
	FIELD(name, off, size, elem, kind, 0, P_##flow)
#include "asm/isa/progtypes.def"
};
static const struct iov_ctx_field xdp_fields[] = {
#define AT(type) (1ull << (type))
#define XDP(name, off, size, kind, permission, attach) FIELD(name, off, size, 0, kind, attach, P_##permission)
#include "asm/isa/progtypes.def"
};

static const struct iov_ctx_field cgroup_sock_fields[] = {
#define CGROUP_SOCK(name, off, size, elem, permission, attach) \
	FIELD(name, off, size, elem, SCALAR, attach, P_##permission)
#include "asm/isa/progtypes.def"
};
static const struct iov_ctx_field sock_addr_fields[] = {
#define SOCK_ADDR(name, off, size, elem, kind, permission, attach) \
	FIELD(name, off, size, elem, kind, attach, P_##permission)
#include "asm/isa/progtypes.def"
};
static const struct iov_ctx_field sock_ops_fields[] = {
#define SOCK_OPS(name, off, size, elem, kind, permission) FIELD(name, off, size, elem, kind, 0, P_##permission)
#include "asm/isa/progtypes.def"
};
static const struct iov_ctx_field sk_msg_fields[] = {
#define SK_MSG(name, off, size, elem, kind) FIELD(name, off, size, elem, kind, 0, P_F)
#include "asm/isa/progtypes.def"
};
static const struct iov_ctx_field sk_reuseport_fields[] = {
#define SK_REUSEPORT(name, off, size, elem, kind, permission) FIELD(name, off, size, elem, kind, 0, P_##permission)
#include "asm/isa/progtypes.def"
};
static const struct iov_ctx_field sockopt_fields[] = {
#define SOCKOPT(name, off, size, kind, permission, attaches, writes) \
	FIELD(name, off, size, 0, kind, attaches, P_##permission, .attach_write = writes)
#include "asm/isa/progtypes.def"
};
static const struct iov_ctx_field netfilter_fields[] = {
#define NETFILTER(name, off, type) FIELD(name, off, 8, 0, BTF, 0, P_F, .btf_type = type)
#include "asm/isa/progtypes.def"
};
static const struct iov_ctx_field sk_lookup_fields[] = {
#define SK_LOOKUP(name, off, size, elem, kind, permission) FIELD(name, off, size, elem, kind, 0, P_##permission)
#include "asm/isa/progtypes.def"
};

static const struct iov_ctx_field sock_common_fields[] = {
#define SOCK(name, off, size, elem, common, full) FIELD(name, off, size, elem, SCALAR, 0, P_##common)
#include "asm/isa/progtypes.def"
};
static const struct iov_ctx_field sock_fields[] = {
#define SOCK(name, off, size, elem, common, full) FIELD(name, off, size, elem, SCALAR, 0, P_##full)
#include "asm/isa/progtypes.def"
};
static const struct iov_ctx_field tcp_sock_fields[] = {
#define TCP_SOCK(name, off, size) FIELD(name, off, size, 0, SCALAR, 0, P_F)
#include "asm/isa/progtypes.def"
};

static const struct iov_ctx_field xdp_sock_fields[] = {FIELD(queue_id, 0, 4, 0, SCALAR, 0, P_F)};

static const struct iov_object_type objects[IOV_OBJECT_COUNT] = {
	[IOV_OBJECT_SOCK_COMMON] = {"bpf_sock", sock_common_fields, COUNT(sock_common_fields), 80},
	[IOV_OBJECT_SOCK] = {"bpf_sock", sock_fields, COUNT(sock_fields), 80},
	[IOV_OBJECT_TCP_SOCK] = {"bpf_tcp_sock", tcp_sock_fields, COUNT(tcp_sock_fields), 112},
	[IOV_OBJECT_XDP_SOCK] = {"bpf_xdp_sock", xdp_sock_fields, COUNT(xdp_sock_fields), 4},
};

#define CALLS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define ATTACH(...) ((const struct iov_attach[]){__VA_ARGS__}), COUNT(((const struct iov_attach[]){__VA_ARGS__}))
#define NO_ATTACH NULL, 0
#define ANYTHING 1, 0
#define LACKS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define RANGE(low, high) low, high
#define PROGTYPE(...) PROGTYPE_(__VA_ARGS__)
#define PROGTYPE_(number, name_, since_, ctx, size, fields_, low, high, writes, calls, attaches_, attach_count_, ...) \
	[number] = {.id = number, .name = #name_, .ctx_name = #ctx, .ctx_size = size, .fields = fields_, \
		    .field_count = COUNT(fields_), .ret_min = low, .ret_max = high, .complete = true, \
		    .packet_write = writes, .helpers = calls, .since = since_, .attaches = attaches_, \
		    .attach_count = attach_count_, ##__VA_ARGS__},
#define PROGTYPE_NAMED(number, name_, since_, ctx) \
	[number] = {.id = number, .name = #name_, .ctx_name = ctx, .ret_min = 1, .ret_max = 0, .since = since_},

const struct iov_prog_type catalogue_prog_types[] = {
#include "asm/isa/progtypes.def"
};

size_t catalogue_prog_type_count(void)
{
	return COUNT(catalogue_prog_types) - 1;
}

const struct iov_prog_type *catalogue_prog_type(uint32_t id)
{
	return id && id < COUNT(catalogue_prog_types) && catalogue_prog_types[id].name ? &catalogue_prog_types[id]
										       : NULL;
}

const struct iov_prog_type *catalogue_prog_type_by_name(const char *name)
{
	for (uint32_t i = 1; i < COUNT(catalogue_prog_types); i++) {
		if (catalogue_prog_types[i].name && !strcmp(catalogue_prog_types[i].name, name))
			return &catalogue_prog_types[i];
	}
	return NULL;
}

static const struct iov_ctx_field *field_at(const struct iov_ctx_field *fields, uint16_t count, uint32_t off)
{
	for (uint16_t i = 0; i < count; i++) {
		if (off >= fields[i].off && off - fields[i].off < fields[i].size)
			return &fields[i];
	}
	return NULL;
}

static bool may_access(const struct iov_ctx_field *f, uint32_t off, uint32_t size, bool write)
{
	uint32_t whole;

	if (!f || !(write ? f->writable : f->readable))
		return false;
	if (!write && f->long_read && off == f->off && size == 2u * f->size)
		return true;
	if (!size || size > 8 || size & (size - 1) || off % size || off + size > (uint32_t)f->off + f->size)
		return false;
	whole = f->elem ? f->elem : f->size;
	if (size < whole && f->start_only && off != f->off)
		return false;
	if (size < whole)
		return write ? f->narrow_write : f->narrow;
	return size == whole || f->wide;
}

const struct iov_ctx_field *catalogue_ctx_field(const struct iov_prog_type *type, uint32_t off)
{
	return field_at(type->fields, type->field_count, off);
}

static bool attached(uint64_t mask, uint32_t attach)
{
	return !mask || (attach < 64 && mask >> attach & 1);
}

bool catalogue_ctx_access(const struct iov_prog_type *type, uint32_t attach, uint32_t off, uint32_t size, bool write)
{
	const struct iov_ctx_field *f = catalogue_ctx_field(type, off);

	return f && attached(f->attach, attach) && (!write || attached(f->attach_write, attach)) &&
	       may_access(f, off, size, write);
}

const struct iov_object_type *catalogue_object(enum iov_object_kind kind)
{
	return &objects[kind];
}

const struct iov_ctx_field *catalogue_object_field(const struct iov_object_type *object, uint32_t off)
{
	return field_at(object->fields, object->field_count, off);
}

bool catalogue_object_access(const struct iov_object_type *object, uint32_t off, uint32_t size)
{
	return may_access(catalogue_object_field(object, off), off, size, false);
}

bool catalogue_ret_range(const struct iov_prog_type *type, uint32_t attach, int64_t *min, int64_t *max)
{
	*min = type->ret_min;
	*max = type->ret_max;
	for (uint16_t i = 0; i < type->attach_count; i++) {
		if (type->attaches[i].id == attach) {
			*min = type->attaches[i].ret_min;
			*max = type->attaches[i].ret_max;
		}
	}
	return *min <= *max;
}

int catalogue_release_cmp(const char *a, const char *b)
{
	char *a_end, *b_end;
	unsigned long x, y;

	if (!a || !b)
		return a ? -1 : b ? 1 : 0;
	x = strtoul(a, &a_end, 10), y = strtoul(b, &b_end, 10);
	if (x == y) {
		x = *a_end ? strtoul(a_end + 1, NULL, 10) : 0;
		y = *b_end ? strtoul(b_end + 1, NULL, 10) : 0;
	}
	return x < y ? -1 : x > y;
}

const char *catalogue_kernel_context(const struct iov_prog_type *type)
{
	static const char *const pairs[][2] = {
		{"__sk_buff", "sk_buff"}, {"xdp_md", "xdp_buff"}, {"bpf_sock", "sock"},
		{"bpf_sock_addr", "bpf_sock_addr_kern"}, {"bpf_sock_ops", "bpf_sock_ops_kern"},
		{"sk_msg_md", "sk_msg"}, {"sk_reuseport_md", "sk_reuseport_kern"},
		{"bpf_sockopt", "bpf_sockopt_kern"}, {"bpf_sk_lookup", "bpf_sk_lookup_kern"},
		{"bpf_nf_ctx", "bpf_nf_ctx"}, {"bpf_sysctl", "bpf_sysctl_kern"},
	};

	if (type->name && !strcmp(type->name, "flow_dissector"))
		return "bpf_flow_dissector";
	for (size_t i = 0; type->ctx_name && i < COUNT(pairs); i++)
		if (!strcmp(pairs[i][0], type->ctx_name))
			return pairs[i][1];
	return NULL;
}

const char *catalogue_kernel_map(const struct iov_map_type *type)
{
	static const char *const pairs[][2] = {
		{"hash", "bpf_htab"}, {"percpu_hash", "bpf_htab"}, {"lru_hash", "bpf_htab"},
		{"lru_percpu_hash", "bpf_htab"}, {"hash_of_maps", "bpf_htab"}, {"array", "bpf_array"},
		{"percpu_array", "bpf_array"}, {"prog_array", "bpf_array"}, {"perf_event_array", "bpf_array"},
		{"cgroup_array", "bpf_array"}, {"array_of_maps", "bpf_array"}, {"lpm_trie", "lpm_trie"},
		{"devmap", "bpf_dtab"}, {"devmap_hash", "bpf_dtab"}, {"sockmap", "bpf_stab"},
		{"sockhash", "bpf_shtab"}, {"cpumap", "bpf_cpu_map"}, {"xskmap", "xsk_map"},
		{"reuseport_sockarray", "reuseport_array"}, {"queue", "bpf_queue_stack"},
		{"stack", "bpf_queue_stack"}, {"sk_storage", "bpf_local_storage_map"},
		{"ringbuf", "bpf_ringbuf_map"},
	};

	for (size_t i = 0; i < COUNT(pairs); i++)
		if (!strcmp(pairs[i][0], type->name))
			return pairs[i][1];
	return "bpf_map";
}

/* "name" or "name@release" in a list of calls. */
static bool listed(const char *const *list, const char *name, const char *release)
{
	size_t len = strlen(name);

	for (; list && *list; list++) {
		if (strncmp(*list, name, len))
			continue;
		if (!(*list)[len] || ((*list)[len] == '@' && catalogue_release_cmp(*list + len + 1, release) <= 0))
			return true;
	}
	return false;
}

bool catalogue_allows(const struct iov_prog_type *type, const struct iov_helper *helper, const char *release)
{
	if (helper->since && catalogue_release_cmp(helper->since, release) > 0)
		return false;
	if (helper->kfunc)
		return !helper->types || listed(helper->types, type->name, release);
	if (helper->flags & IOV_HF_BASE &&
	    (!helper->base_since || catalogue_release_cmp(helper->base_since, release) <= 0))
		return true;
	return listed(type->helpers, helper->name, release);
}

bool catalogue_attach_lacks(const struct iov_prog_type *type, uint32_t attach, const struct iov_helper *helper)
{
	for (uint16_t i = 0; i < type->attach_count; i++)
		if (type->attaches[i].id == attach)
			return listed(type->attaches[i].lacks, helper->name, NULL);
	return false;
}

/* ---- sections ---- */

static const struct iov_section_name sections[] = {
#define SECTION(...) {__VA_ARGS__},
#include "asm/isa/progtypes.def"
};

const struct iov_section_name *catalogue_section(const char *section)
{
	const struct iov_section_name *best = NULL;
	size_t longest = 0;

	section += *section == '?';
	for (size_t i = 0; i < COUNT(sections); i++) {
		size_t len = strlen(sections[i].prefix);

		if (strncmp(section, sections[i].prefix, len) || (section[len] && section[len] != '/') ||
		    len <= longest)
			continue;
		best = &sections[i];
		longest = len;
	}
	return best;
}

const struct iov_section_name *catalogue_section_of(uint32_t type)
{
	const struct iov_section_name *best = NULL;

	for (size_t i = 0; i < COUNT(sections); i++)
		if (sections[i].type == type && (!best || (sections[i].exact && !sections[i].attach && best->attach)))
			best = &sections[i];
	return best;
}

/* ---- map types ---- */

enum { ANY = UINT16_MAX };
#define MAP_BASE "map_lookup_elem", "map_update_elem", "map_delete_elem"
#define HELPERS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define FIXED(size) ((size) == ANY ? 0 : (size))

const struct iov_map_type catalogue_map_types[] = {
#define MAPTYPE(number, name_, since_, key, value, value2, lookup_, helpers_, complete_)                               \
	[number] = {.id = number,                                                                                      \
		    .name = #name_,                                                                                    \
		    .complete = complete_,                                                                             \
		    .has_key = (key) != 0,                                                                             \
		    .has_value = (value) != 0,                                                                         \
		    .values_direct = IOV_LOOKUP_##lookup_ == IOV_LOOKUP_VALUE ||                                       \
				     IOV_LOOKUP_##lookup_ == IOV_LOOKUP_VALUE_RDONLY,                                  \
		    .key_size = FIXED(key),                                                                            \
		    .value_size = FIXED(value),                                                                        \
		    .helpers = helpers_,                                                                               \
		    .value_size2 = value2,                                                                             \
		    .lookup = IOV_LOOKUP_##lookup_,                                                                    \
		    .since = since_},
#include "asm/isa/maptypes.def"
#undef MAPTYPE
};

size_t catalogue_map_type_count(void)
{
	return COUNT(catalogue_map_types) - 1;
}

const struct iov_map_type *catalogue_map_type(uint32_t id)
{
	return id && id < COUNT(catalogue_map_types) && catalogue_map_types[id].name ? &catalogue_map_types[id] : NULL;
}

const struct iov_map_type *catalogue_map_type_by_name(const char *name)
{
	for (uint32_t i = 1; i < COUNT(catalogue_map_types); i++) {
		if (catalogue_map_types[i].name && !strcmp(catalogue_map_types[i].name, name))
			return &catalogue_map_types[i];
	}
	return NULL;
}

bool catalogue_map_takes(const struct iov_map_type *map, const struct iov_helper *helper)
{
	return listed(map->helpers, helper->name, NULL);
}

/* Map types, one bit each. */
static uint64_t holders(enum iov_field_kind kind)
{
	enum { HASH = 1 << 1, ARRAY = 1 << 2, PERCPU = 1 << 5 | 1 << 6, LRU = 1 << 9, LRU_PERCPU = 1 << 10 };
	const uint64_t storage = 1ull << 24 | 1ull << 28 | 1ull << 29 | 1ull << 32, old_cgroup = 1ull << 19;

	switch (kind) {
	case IOV_FIELD_SPIN_LOCK:
		return HASH | ARRAY | storage | old_cgroup;
	case IOV_FIELD_TIMER:
	case IOV_FIELD_LIST_HEAD:
	case IOV_FIELD_RB_ROOT:
		return HASH | ARRAY | LRU;
	default:
		return HASH | ARRAY | PERCPU | LRU | LRU_PERCPU | storage;
	}
}

bool catalogue_map_holds(uint32_t type, enum iov_field_kind kind)
{
	return type < 64 && holders(kind) >> type & 1;
}
