/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: struct iov_btf_raw → struct iov_btf, one type or all. Relies on what btf_raw.c and btf_check.c have checked. */
#include "linker/object/btf_raw.h"
#include "linker/object/internal.h"

struct iov_btf_refs btf_raw_refs(const uint32_t *t)
{
	switch (raw_kind(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return (struct iov_btf_refs){.first = t + RAW_TAIL + 1, .step = 3, .count = raw_count(t)};
	case BTF_KIND_DATASEC:
		return (struct iov_btf_refs){.first = t + RAW_TAIL, .step = 3, .count = raw_count(t)};
	case BTF_KIND_FUNC_PROTO:
		return (struct iov_btf_refs){
			.own = t[RAW_TYPE], .first = t + RAW_TAIL + 1, .step = 2, .count = raw_count(t)};
	case BTF_KIND_ARRAY:
		return (struct iov_btf_refs){.first = t + RAW_TAIL, .step = 1, .count = 2};
	case 0:
	case BTF_KIND_INT:
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
	case BTF_KIND_FLOAT:
	case BTF_KIND_FWD:
		return (struct iov_btf_refs){0};
	default:
		return (struct iov_btf_refs){.own = t[RAW_TYPE]};
	}
}

static struct iov_btf_member widen_member(const struct iov_btf_raw *raw, const uint32_t *t, const uint32_t *m)
{
	bool flag = t[RAW_INFO] >> 31;

	switch (raw_kind(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return (struct iov_btf_member){.name = raw->strings + m[0],
					       .type = m[1],
					       .bit_offset = flag ? m[2] & 0xffffff : m[2],
					       .bit_size = flag ? m[2] >> 24 : 0};
	case BTF_KIND_FUNC_PROTO:
		return (struct iov_btf_member){.name = raw->strings + m[0], .type = m[1]};
	case BTF_KIND_ENUM:
		return (struct iov_btf_member){.name = raw->strings + m[0],
					       .value = flag ? (int64_t)(int32_t)m[1] : (int64_t)m[1]};
	case KIND_ENUM64:
		return (struct iov_btf_member){.name = raw->strings + m[0],
					       .value = (int64_t)(m[1] | (uint64_t)m[2] << 32)};
	default: /* DATASEC */
		return (struct iov_btf_member){.name = "", .type = m[0], .offset = m[1], .size = m[2]};
	}
}

static bool widen_members(const struct iov_btf_raw *raw, const uint32_t *t, struct iov_arena *arena,
			  struct iov_btf_type *out)
{
	uint32_t step = out->kind == BTF_KIND_ENUM || out->kind == BTF_KIND_FUNC_PROTO ? 2 : 3;

	out->count = raw_count(t);
	out->members = arena_room(arena, out->count, sizeof(*out->members));
	for (uint32_t i = 0; out->members && i < out->count; i++)
		out->members[i] = widen_member(raw, t, t + RAW_TAIL + step * i);
	return out->members;
}

bool btf_raw_widen(const struct iov_btf_raw *raw, uint32_t id, struct iov_arena *arena, struct iov_btf_type *out)
{
	const uint32_t *t = btf_raw_type(raw, id);

	*out = (struct iov_btf_type){.name = raw_name(raw, t), .kind = raw_kind(t), .flag = t[RAW_INFO] >> 31};
	switch (out->kind) {
	case BTF_KIND_INT:
		out->size = t[RAW_SIZE];
		out->int_encoding = t[RAW_TAIL] >> 24 & 15;
		out->int_offset = t[RAW_TAIL] >> 16 & 255;
		out->int_bits = t[RAW_TAIL] & 255;
		return true;
	case BTF_KIND_ARRAY:
		out->type = t[RAW_TAIL];
		out->index_type = t[RAW_TAIL + 1];
		out->nelems = t[RAW_TAIL + 2];
		return true;
	case BTF_KIND_FLOAT:
		out->size = t[RAW_SIZE];
		return true;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
	case BTF_KIND_DATASEC:
		out->size = t[RAW_SIZE];
		return widen_members(raw, t, arena, out);
	case BTF_KIND_FUNC_PROTO:
		out->type = t[RAW_TYPE];
		return widen_members(raw, t, arena, out);
	case BTF_KIND_VAR:
	case BTF_KIND_FUNC:
		out->linkage = raw_linkage(t);
		break;
	case KIND_DECL_TAG:
		out->component = (int32_t)t[RAW_TAIL];
		break;
	case BTF_KIND_FWD:
		return true;
	}
	out->type = t[RAW_TYPE];
	return true;
}

enum iov_status btf_raw_widen_all(const struct iov_btf_raw *raw, struct iov_arena *arena, struct iov_btf **out)
{
	struct iov_btf *btf = ARENA_NEW(arena, struct iov_btf);
	enum iov_status status;

	if (!btf || !(btf->types = arena_room(arena, raw->count, sizeof(*btf->types))))
		return IOV_NOMEM;
	btf->count = raw->count;
	btf->types[0] = (struct iov_btf_type){.name = "void"};
	for (uint32_t id = 1, section = 0; id < raw->count; id++)
		if (section < raw->section_count && raw->section_ids[section] == id)
			btf->types[id] = raw->sections[section++];
		else if (!btf_raw_widen(raw, id, arena, &btf->types[id]))
			return IOV_NOMEM;
	status = btf_index(btf, arena);
	if (!status)
		*out = btf;
	return status;
}

enum iov_status btf_read(const void *bytes, size_t len, bool big_endian, const char *file, struct iov_arena *arena,
			 struct iov_sink *sink, struct iov_btf **out)
{
	struct iov_btf_raw *raw;
	enum iov_status status = btf_raw_read(bytes, len, big_endian, file, arena, sink, &raw);

	return status ? status : btf_raw_widen_all(raw, arena, out);
}
