/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads of facts and evidence as fields. A payload that breaks the rules (a field that runs out of its payload, a
 * number of the wrong size, text with a NUL, no program or digest) counts as damaged and is not shown. */
#include "linker/object/manifest_part.h"

#include <string.h>

enum {
#define TAG(name, number, records, value, meaning) TAG_##name = number,
#include "linker/object/manifest_tags.def"
#undef TAG
};
enum { CALL_NAME = 1, CALL_ID, CALL_MOST };
enum { MAP_NAME = 1, MAP_LAYOUT };

/* ---- writing ---- */

static void put_bytes(struct iov_buf *out, uint16_t tag, const void *data, size_t len)
{
	buf_u16(out, tag, false);
	buf_u32(out, (uint32_t)len, false);
	buf_put(out, data, len);
}

static void put_text(struct iov_buf *out, uint16_t tag, const char *text)
{
	if (text)
		put_bytes(out, tag, text, strlen(text));
}

static void put_number(struct iov_buf *out, uint16_t tag, uint64_t value)
{
	buf_u16(out, tag, false);
	buf_u32(out, 8, false);
	buf_u64(out, value, false);
}

/* Numbers that are not bounded are left out. */
static void put_bound(struct iov_buf *out, uint16_t tag, uint64_t value)
{
	if (value != UINT64_MAX)
		put_number(out, tag, value);
}

static void put_nested(struct iov_buf *out, uint16_t tag, struct iov_buf *fields)
{
	put_bytes(out, tag, fields->data, fields->len);
	out->failed |= fields->failed;
	buf_free(fields);
}

static void put_call(struct iov_buf *out, const struct iov_record_call *call)
{
	struct iov_buf fields;

	buf_init(&fields, out->alloc);
	put_text(&fields, CALL_NAME, call->name);
	put_number(&fields, CALL_ID, call->id);
	put_bound(&fields, CALL_MOST, call->most);
	put_nested(out, TAG_CALL, &fields);
}

static void put_map(struct iov_buf *out, const struct iov_record_map *map)
{
	struct iov_buf fields;

	buf_init(&fields, out->alloc);
	put_text(&fields, MAP_NAME, map->name);
	put_bytes(&fields, MAP_LAYOUT, map->layout, sizeof(map->layout));
	put_nested(out, TAG_MAP, &fields);
}

static void put_record(struct iov_buf *out, enum iov_record_kind kind, struct iov_buf *fields)
{
	if (!fields->failed)
		manifest_put(out, (uint16_t)kind, fields->data, (uint32_t)fields->len);
	out->failed |= fields->failed;
	buf_free(fields);
}

void manifest_put_facts(struct iov_buf *out, const struct iov_record_facts *f)
{
	struct iov_buf fields;

	buf_init(&fields, out->alloc);
	put_text(&fields, TAG_PROGRAM, f->program);
	put_text(&fields, TAG_SECTION, f->section);
	put_number(&fields, TAG_TYPE, f->type);
	put_number(&fields, TAG_ATTACH_TYPE, f->attach_type);
	put_bytes(&fields, TAG_CODE, f->code, sizeof(f->code));
	put_number(&fields, TAG_ISA, f->isa);
	put_number(&fields, TAG_SLOTS, f->slots);
	put_bound(&fields, TAG_WORST_INSNS, f->worst_insns);
	put_number(&fields, TAG_STACK, f->stack);
	put_number(&fields, TAG_FRAMES, f->frames);
	put_number(&fields, TAG_MAP_BYTES, f->map_bytes);
	for (uint32_t i = 0; i < f->call_count; i++)
		put_call(&fields, &f->calls[i]);
	for (uint32_t i = 0; i < f->map_count; i++)
		put_map(&fields, &f->maps[i]);
	put_record(out, IOV_RECORD_FACTS, &fields);
}

void manifest_put_evidence(struct iov_buf *out, const struct iov_record_evidence *e)
{
	struct iov_buf fields;

	buf_init(&fields, out->alloc);
	put_text(&fields, TAG_PROGRAM, e->program);
	put_bytes(&fields, TAG_CODE, e->code, sizeof(e->code));
	put_text(&fields, TAG_PLATFORM, e->platform);
	put_bytes(&fields, TAG_RULES, e->rules, sizeof(e->rules));
	put_text(&fields, TAG_VERIFIER, e->verifier);
	put_number(&fields, TAG_PROCESSED, e->processed);
	put_number(&fields, TAG_STATES, e->states);
	if (e->has_target)
		put_bytes(&fields, TAG_TARGET, e->target, sizeof(e->target));
	put_record(out, IOV_RECORD_EVIDENCE, &fields);
}

/* ---- reading ---- */

struct fields {
	struct iov_cursor c;
	struct iov_arena *arena;
	bool bad, nomem;
	uint16_t tag;
	struct iov_cursor value;
};

static struct fields open_fields(const struct iov_cursor *c, struct iov_arena *arena)
{
	return (struct fields){.c = *c, .arena = arena};
}

/* The next field; false at the end, or when the rest cannot be read. */
static bool next_field(struct fields *f)
{
	if (f->bad || f->nomem || !cursor_left(&f->c))
		return false;
	f->tag = cursor_u16(&f->c);
	f->value = cursor_sub(&f->c, cursor_u32(&f->c));
	f->bad |= f->c.bad;
	return !f->bad;
}

static uint64_t number(struct fields *f, uint64_t max)
{
	uint64_t value;

	if (cursor_left(&f->value) != 8) {
		f->bad = true;
		return 0;
	}
	value = cursor_u64(&f->value);
	f->bad |= value > max;
	return value;
}

static uint32_t number32(struct fields *f)
{
	return (uint32_t)number(f, UINT32_MAX);
}

static const char *text(struct fields *f)
{
	size_t len = cursor_left(&f->value);
	const char *copy;

	if (len && memchr(f->value.p, 0, len)) {
		f->bad = true;
		return NULL;
	}
	copy = arena_copy(f->arena, f->value.p, len);
	f->nomem |= !copy;
	return copy;
}

static bool digest(struct fields *f, uint8_t into[IOV_SHA256_BYTES])
{
	if (cursor_left(&f->value) != IOV_SHA256_BYTES) {
		f->bad = true;
		return false;
	}
	memcpy(into, f->value.p, IOV_SHA256_BYTES);
	return true;
}

static void get_call(struct fields *outer, struct iov_record_call *call)
{
	struct fields f = open_fields(&outer->value, outer->arena);

	*call = (struct iov_record_call){.most = UINT64_MAX};
	while (next_field(&f)) {
		switch (f.tag) {
		case CALL_NAME:
			call->name = text(&f);
			break;
		case CALL_ID:
			call->id = number32(&f);
			break;
		case CALL_MOST:
			call->most = number(&f, UINT64_MAX);
			break;
		}
	}
	outer->bad |= f.bad || (!call->name && !f.nomem);
	outer->nomem |= f.nomem;
}

static void get_map(struct fields *outer, struct iov_record_map *map)
{
	struct fields f = open_fields(&outer->value, outer->arena);
	bool layout = false;

	*map = (struct iov_record_map){0};
	while (next_field(&f)) {
		switch (f.tag) {
		case MAP_NAME:
			map->name = text(&f);
			break;
		case MAP_LAYOUT:
			layout = digest(&f, map->layout);
			break;
		}
	}
	outer->bad |= f.bad || !layout || (!map->name && !f.nomem);
	outer->nomem |= f.nomem;
}

static uint32_t count_fields(const struct iov_record *r, uint16_t tag)
{
	struct iov_cursor c;
	struct fields f;
	uint32_t n = 0;

	cursor_init(&c, r->data, r->len, false);
	f = open_fields(&c, NULL);
	while (next_field(&f))
		n += f.tag == tag;
	return n;
}

static struct fields begin(const struct iov_record *r, struct iov_arena *arena)
{
	struct iov_cursor c;

	cursor_init(&c, r->data, r->len, false);
	return open_fields(&c, arena);
}

/* IOV_DIAGNOSED: damaged. */
static enum iov_status get_facts(const struct iov_record *r, struct iov_arena *arena, struct iov_record_facts *out)
{
	struct iov_record_call *calls = arena_array(arena, count_fields(r, TAG_CALL), sizeof(*calls));
	struct iov_record_map *maps = arena_array(arena, count_fields(r, TAG_MAP), sizeof(*maps));
	struct fields f = begin(r, arena);
	bool code = false;

	if (!calls || !maps)
		return IOV_NOMEM;
	*out = (struct iov_record_facts){.worst_insns = UINT64_MAX, .calls = calls, .maps = maps};
	while (next_field(&f)) {
		switch (f.tag) {
		case TAG_PROGRAM:
			out->program = text(&f);
			break;
		case TAG_SECTION:
			out->section = text(&f);
			break;
		case TAG_TYPE:
			out->type = number32(&f);
			break;
		case TAG_ATTACH_TYPE:
			out->attach_type = number32(&f);
			break;
		case TAG_ISA:
			out->isa = number32(&f);
			break;
		case TAG_SLOTS:
			out->slots = number32(&f);
			break;
		case TAG_WORST_INSNS:
			out->worst_insns = number(&f, UINT64_MAX);
			break;
		case TAG_STACK:
			out->stack = number32(&f);
			break;
		case TAG_FRAMES:
			out->frames = number32(&f);
			break;
		case TAG_MAP_BYTES:
			out->map_bytes = number(&f, UINT64_MAX);
			break;
		case TAG_CALL:
			get_call(&f, &calls[out->call_count++]);
			break;
		case TAG_MAP:
			get_map(&f, &maps[out->map_count++]);
			break;
		case TAG_CODE:
			code = digest(&f, out->code);
			break;
		}
	}
	if (f.nomem)
		return IOV_NOMEM;
	return f.bad || !code || !out->program || !out->section ? IOV_DIAGNOSED : IOV_OK;
}

static enum iov_status get_evidence(const struct iov_record *r, struct iov_arena *arena,
				    struct iov_record_evidence *out)
{
	struct fields f = begin(r, arena);
	bool code = false, rules = false;

	*out = (struct iov_record_evidence){0};
	while (next_field(&f)) {
		switch (f.tag) {
		case TAG_PROGRAM:
			out->program = text(&f);
			break;
		case TAG_CODE:
			code = digest(&f, out->code);
			break;
		case TAG_PLATFORM:
			out->platform = text(&f);
			break;
		case TAG_RULES:
			rules = digest(&f, out->rules);
			break;
		case TAG_VERIFIER:
			out->verifier = text(&f);
			break;
		case TAG_PROCESSED:
			out->processed = number(&f, UINT64_MAX);
			break;
		case TAG_STATES:
			out->states = number32(&f);
			break;
		case TAG_TARGET:
			out->has_target = digest(&f, out->target);
			break;
		}
	}
	if (f.nomem)
		return IOV_NOMEM;
	return f.bad || !code || !rules || !out->program || !out->platform || !out->verifier ? IOV_DIAGNOSED : IOV_OK;
}

/* ---- what the object's programs are now ---- */

struct known {
	const struct iov_object *obj;
	uint8_t (*code)[IOV_SHA256_BYTES]; /* by program */
	bool *have;
};

static enum iov_status know_programs(const struct iov_object *obj, struct iov_arena *arena, struct known *k)
{
	*k = (struct known){obj, arena_array(arena, obj->prog_count, IOV_SHA256_BYTES),
			    arena_array(arena, obj->prog_count, sizeof(bool))};
	if (!k->code || !k->have)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < obj->prog_count; i++) {
		struct iov_sink aside; /* a program that cannot be put together has no current facts */
		enum iov_status status;

		sink_init(&aside, arena->alloc);
		status = manifest_code_digest(obj, i, arena, &aside, k->code[i]);
		sink_free(&aside);
		if (status == IOV_NOMEM)
			return status;
		k->have[i] = status == IOV_OK;
	}
	return IOV_OK;
}

static bool is_current(const struct known *k, const char *program, const uint8_t code[IOV_SHA256_BYTES])
{
	for (uint32_t i = 0; i < k->obj->prog_count; i++)
		if (k->have[i] && !strcmp(k->obj->progs[i].name, program))
			return !memcmp(k->code[i], code, IOV_SHA256_BYTES);
	return false;
}

enum iov_status payloads_read(const struct iov_object *obj, struct iov_arena *arena, struct iov_manifest *m)
{
	struct iov_record_facts *facts = arena_array(arena, m->record_count, sizeof(*facts));
	struct iov_record_evidence *evidence = arena_array(arena, m->record_count, sizeof(*evidence));
	enum iov_status status = facts && evidence ? IOV_OK : IOV_NOMEM;
	struct known k = {.obj = obj};

	m->facts = facts;
	m->evidence = evidence;
	if (!status && m->record_count)
		status = know_programs(obj, arena, &k);
	for (uint32_t i = 0; !status && i < m->record_count; i++) {
		const struct iov_record *r = &m->records[i];
		struct iov_record_facts *f = &facts[m->fact_count];
		struct iov_record_evidence *e = &evidence[m->evidence_count];

		if (r->version != 1 || (r->kind != IOV_RECORD_FACTS && r->kind != IOV_RECORD_EVIDENCE))
			continue;
		status = r->kind == IOV_RECORD_FACTS ? get_facts(r, arena, f) : get_evidence(r, arena, e);
		if (status == IOV_DIAGNOSED) {
			m->damaged++;
			status = IOV_OK;
		} else if (!status && r->kind == IOV_RECORD_FACTS) {
			f->current = is_current(&k, f->program, f->code);
			m->fact_count++;
		} else if (!status) {
			e->current = is_current(&k, e->program, e->code);
			m->evidence_count++;
		}
	}
	return status;
}
