/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: core_apply: the value of each CO-RE relocation against a target, and the instruction that carries it. What has
 * no answer on the target becomes a call of a helper that does not exist (IOV_CORE_POISON), as libbpf does: it fails
 * verification where it can be reached, and nowhere else. */
#include "linker/object/core.h"
#include "linker/object/program.h"

#include <inttypes.h>
#include <string.h>

/* What a relocation comes to, in one BTF. */
struct value {
	uint64_t v;
	uint32_t size, type; /* field offsets: bytes and type of the field; size 0: bitfield or no field */
	bool poison;
	bool checked;        /* the compiler's value in the instruction is known, and has to be there */
};

struct relocation {
	struct builder *b;
	const struct iov_btf *target;
	const struct iov_btf_core *record;
	struct slot at;
	const char *what;      /* "struct task_struct access 0:1", for messages */
};

#define FAIL(r, ...) (diag_add((r)->b->sink, DIAG_CORE_BAD, builder_span((r)->b, &(r)->at), __VA_ARGS__), IOV_DIAGNOSED)

/* Bytes that a load of a bitfield reads: the declared type's size, or more when the field crosses it. */
static bool bitfield_window(uint64_t bit, uint32_t bits, uint32_t *size, uint64_t *offset)
{
	if (!*size || *size > 8)
		return false;
	*offset = bit / 8 / *size * *size;
	while (bit + bits - *offset * 8 > *size * 8u) {
		if (*size >= 8)
			return false;
		*size *= 2;
		*offset = bit / 8 / *size * *size;
	}
	return true;
}

static bool element_value(const struct core_spec *spec, const struct core_step *last, uint32_t kind, struct value *out)
{
	int64_t size = btf_size(spec->btf, last->type);

	if (size < 0 || size > UINT32_MAX || (kind != CORE_FIELD_OFFSET && kind != CORE_FIELD_SIZE))
		return false;
	out->checked = true;
	out->v = kind == CORE_FIELD_OFFSET ? spec->bit_offset / 8 : (uint64_t)size;
	out->size = kind == CORE_FIELD_OFFSET ? (uint32_t)size : 0;
	out->type = last->type;
	return true;
}

static bool field_value(const struct core_spec *spec, uint32_t kind, bool big_endian, struct value *out)
{
	const struct core_step *last = &spec->steps[spec->len - 1];
	const struct iov_btf_member *m;
	const struct iov_btf_type *t;
	uint32_t size, bits, type;
	uint64_t offset = spec->bit_offset / 8;
	int64_t full;

	if (!last->name)
		return element_value(spec, last, kind, out);
	m = &btf_type(spec->btf, last->type)->members[last->index];
	type = btf_strip(spec->btf, m->type);
	t = btf_type(spec->btf, type);
	full = btf_size(spec->btf, type);
	size = m->bit_size ? t->size : (uint32_t)full;
	bits = m->bit_size ? m->bit_size : size * 8;
	if (m->bit_size ? !bitfield_window(spec->bit_offset, bits, &size, &offset) : full < 0 || full > INT32_MAX / 8)
		return false;
	out->checked = !m->bit_size || kind == CORE_FIELD_SIGNED || kind == CORE_FIELD_RSHIFT;
	switch (kind) {
	case CORE_FIELD_OFFSET:
		out->v = offset;
		out->size = m->bit_size ? 0 : size;
		out->type = type;
		return true;
	case CORE_FIELD_SIZE:
		out->v = size;
		return true;
	case CORE_FIELD_SIGNED:
		out->v = (kind_is_enum(t->kind) && t->flag) ||
			 (t->kind == BTF_KIND_INT && t->int_encoding & BTF_INT_SIGNED);
		return true;
	case CORE_FIELD_LSHIFT:
		out->v = big_endian ? (8 - (uint64_t)size) * 8 + (spec->bit_offset - offset * 8)
				    : 64 - (spec->bit_offset + bits - offset * 8);
		return true;
	default:
		out->v = 64 - (uint64_t)bits;
		return true;
	}
}

/* The relocation's value by a path; spec NULL: there is none in this BTF. */
static bool value_of(const struct core_spec *spec, uint32_t kind, bool big_endian, struct value *out)
{
	*out = (struct value){.checked = true};
	switch (kind) {
	case CORE_FIELD_EXISTS:
	case CORE_TYPE_EXISTS:
	case CORE_TYPE_MATCHES:
	case CORE_ENUM_EXISTS:
		out->v = spec != NULL;
		return true;
	case CORE_TYPE_LOCAL:
	case CORE_TYPE_TARGET:
		out->v = spec ? spec->root : 0;
		out->checked = false; /* linking and renumbering change ids */
		return true;
	case CORE_TYPE_SIZE:
		out->v = spec ? (uint64_t)btf_size(spec->btf, spec->root) : 0;
		return !spec || btf_size(spec->btf, spec->root) >= 0;
	default:
		break;
	}
	out->poison = !spec;
	if (!spec)
		return true;
	if (kind == CORE_ENUM_VALUE) {
		out->v = (uint64_t)btf_type(spec->btf, spec->steps[0].type)->members[spec->steps[0].index].value;
		return true;
	}
	return field_value(spec, kind, big_endian, out);
}

/* Over all target types of the same essential name and kind: those that have the thing must agree about it. */
static enum iov_status find_target(const struct relocation *r, const struct core_spec *local, struct value *out)
{
	const struct iov_btf *target = r->target;
	const struct iov_btf_type *root = btf_type(local->btf, local->root);
	size_t len = btf_essential(root->name);
	uint32_t slot = target->by_name_size ? btf_bucket(target, root->name, len) : 0, id, kind = r->record->kind;
	uint64_t bit_offset = 0;
	bool any = false;

	for (; target->by_name_size && (id = target->by_name[slot]); slot = (slot + 1) & (target->by_name_size - 1)) {
		const struct iov_btf_type *t = &target->types[id];
		struct core_spec spec;
		struct value value;
		enum core_found found;

		if (!kinds_agree(t->kind, root->kind) || btf_essential(t->name) != len ||
		    strncmp(t->name, root->name, len))
			continue;
		found = core_match(local, kind, target, id, &spec);
		if (found == CORE_NO)
			continue;
		if (found == CORE_ERROR || !value_of(&spec, kind, r->b->obj->big_endian, &value))
			return FAIL(r, "%s cannot be worked out on the target", r->what);
		if (any && (spec.bit_offset != bit_offset || value.v != out->v || value.poison != out->poison))
			return FAIL(r, "%s has several meanings on the target: %" PRIu64 " and %" PRIu64, r->what,
				    out->v, value.v);
		any = true;
		bit_offset = spec.bit_offset;
		*out = value;
	}
	if (!any)
		value_of(NULL, kind, r->b->obj->big_endian, out);
	return IOV_OK;
}

static void poison(struct relocation *r)
{
	struct iov_insn *insn = &r->b->prog->insns[r->at.slot];
	int slots = isa_is_wide(insn) ? 2 : 1;

	for (int i = 0; i < slots; i++)
		insn[i] = (struct iov_insn){.code = 0x85, .imm = IOV_CORE_POISON};
	r->b->poisons[r->b->prog->poison_count++] = (struct iov_poison){r->at.slot, r->what};
}

/* A field that is wider or narrower on the target: loads of pointers and unsigned integers can follow. */
static bool may_resize(const struct relocation *r, const struct value *from, const struct value *to)
{
	const struct iov_btf_type *s = btf_type(r->b->obj->btf, from->type), *t = btf_type(r->target, to->type);

	if (s->kind == BTF_KIND_PTR && t->kind == BTF_KIND_PTR)
		return true;
	return s->kind == BTF_KIND_INT && t->kind == BTF_KIND_INT && !(s->int_encoding & BTF_INT_SIGNED) &&
	       !(t->int_encoding & BTF_INT_SIGNED);
}

static enum iov_status patch_access(struct relocation *r, const struct value *from, const struct value *to)
{
	static const uint8_t codes[9] = {[1] = 0x10, [2] = 0x08, [4] = 0x00, [8] = 0x18};
	static const uint8_t bytes[4] = {4, 2, 1, 8};
	struct iov_insn *insn = &r->b->prog->insns[r->at.slot];

	if (from->checked && insn->off != (int64_t)from->v)
		return FAIL(r, "%s: the instruction has offset %d instead of %" PRIu64, r->what, insn->off, from->v);
	if (to->v > INT16_MAX)
		return FAIL(r, "%s is at offset %" PRIu64 ", which no load or store can reach", r->what, to->v);
	if (r->record->kind == CORE_FIELD_OFFSET && from->size != to->size) {
		if (!may_resize(r, from, to)) {
			poison(r);
			return IOV_OK;
		}
		if (bytes[insn->code >> 3 & 3] != from->size || to->size > 8 ||
		    (to->size != 1 && !codes[to->size] && to->size != 4))
			return FAIL(r, "%s has %u bytes on the target, the access has %u", r->what, to->size,
				    bytes[insn->code >> 3 & 3]);
		insn->code = (uint8_t)((insn->code & ~0x18) | codes[to->size]);
	}
	insn->off = (int16_t)to->v;
	return IOV_OK;
}

static enum iov_status patch(struct relocation *r, const struct value *from, const struct value *to)
{
	struct iov_insn *insn = &r->b->prog->insns[r->at.slot];
	uint64_t old;

	if (to->poison) {
		poison(r);
		return IOV_OK;
	}
	switch (insn->code & 7) {
	case 4: /* ALU */
	case 7: /* ALU64 */
		if (insn->code & 8)
			break;
		if (from->checked && insn->imm != (int32_t)from->v)
			return FAIL(r, "%s: the instruction has %d instead of %" PRIu64, r->what, insn->imm, from->v);
		insn->imm = (int32_t)to->v;
		return IOV_OK;
	case 1: /* LDX */
	case 2: /* ST */
	case 3: /* STX */
		return patch_access(r, from, to);
	case 0: /* LD */
		if (!isa_is_wide(insn) || insn->src)
			break;
		old = isa_imm64(insn);
		if (from->checked && old != from->v)
			return FAIL(r, "%s: the instruction has %" PRIu64 " instead of %" PRIu64, r->what, old,
				    from->v);
		insn[0].imm = (int32_t)to->v;
		insn[1].imm = (int32_t)(to->v >> 32);
		return IOV_OK;
	default:
		break;
	}
	return FAIL(r, "%s: the instruction cannot carry a value", r->what);
}

static const char *describe(struct builder *b, const struct iov_btf_core *record, const struct core_spec *spec)
{
	struct iov_buf text;
	const char *result;

	buf_init(&text, b->arena->alloc);
	btf_declare(spec->btf, spec->root, "", &text);
	for (uint32_t i = core_is_enum(record->kind) ? 0 : 1; i < spec->len; i++) {
		if (spec->steps[i].name)
			buf_printf(&text, ".%s", spec->steps[i].name);
		else
			buf_printf(&text, "[%u]", spec->steps[i].index);
	}
	result = buf_cstr(&text) ? arena_strdup(b->arena, (const char *)text.data) : NULL;
	buf_free(&text);
	return result;
}

static enum iov_status apply(struct builder *b, const struct iov_btf *target, const struct iov_btf_core *record,
			     struct slot at)
{
	struct relocation r = {.b = b, .target = target, .record = record, .at = at, .what = "a CO-RE record"};
	struct value from, to;
	struct core_spec local;
	const char *wrong;
	enum iov_status status;

	if (record->kind >= CORE_KINDS)
		return FAIL(&r, "CO-RE relocation kind %u is not known", record->kind);
	wrong = core_parse(b->obj->btf, record, &local);
	if (wrong)
		return FAIL(&r, "the access string \"%s\" of a CO-RE record %s", record->access, wrong);
	r.what = describe(b, record, &local);
	if (!r.what)
		return IOV_NOMEM;
	if (!value_of(&local, record->kind, b->obj->big_endian, &from))
		return FAIL(&r, "%s cannot be worked out", r.what);
	to = from;
	if (record->kind != CORE_TYPE_LOCAL) {
		if (!*btf_type(local.btf, local.root)->name)
			return FAIL(&r, "%s has no name by which the target's types could be searched", r.what);
		status = find_target(&r, &local, &to);
		if (status)
			return status;
	}
	return patch(&r, &from, &to);
}

static const struct iov_btf_ext_section *ext_of(const struct iov_object *obj, uint32_t section)
{
	for (uint32_t i = 0; obj->btf_ext && i < obj->btf_ext->count; i++)
		if (!strcmp(obj->btf_ext->sections[i].name, obj->sections[section].name))
			return &obj->btf_ext->sections[i];
	return NULL;
}

/* Without the target's types accesses stay as the program's own have them; who cannot do with that is told. */
static void unplaced(struct builder *b, uint32_t slot) { b->unplaced[b->prog->unplaced_count++] = slot; }

static enum iov_status apply_in(struct builder *b, const struct iov_btf *target, uint32_t sub)
{
	uint32_t func = b->sub_func[sub], start = b->prog->subs[sub].start, count = b->prog->subs[sub].count;
	const struct iov_object_func *f = &b->obj->funcs[func];
	const struct iov_btf_ext_section *x = ext_of(b->obj, f->section);
	uint32_t begin = (uint32_t)(f->offset / 8);
	enum iov_status status = IOV_OK;

	for (uint32_t i = 0; x && !status && i < x->core_count; i++) {
		const struct iov_btf_core *record = &x->cores[i];

		if (record->insn < begin || record->insn - begin >= count)
			continue;
		if (!target && record->kind != CORE_TYPE_LOCAL) {
			unplaced(b, start + record->insn - begin);
			continue;
		}
		if (isa_is_wide(&b->prog->insns[start + record->insn - begin]) && record->insn - begin + 1 == count)
			continue;
		status = apply(b, target, record,
			       (struct slot){func, start + record->insn - begin, (uint64_t)record->insn * 8});
	}
	return status;
}

enum iov_status core_apply(struct builder *b, const struct iov_btf *target)
{
	enum iov_status status = IOV_OK;
	size_t records = 0;

	for (uint32_t i = 0; b->obj->btf_ext && i < b->obj->btf_ext->count; i++)
		records += b->obj->btf_ext->sections[i].core_count;
	b->poisons = arena_array(b->arena, records, sizeof(*b->poisons));
	b->unplaced = arena_array(b->arena, records, sizeof(*b->unplaced));
	if (!b->poisons || !b->unplaced)
		return IOV_NOMEM;
	b->prog->poisons = b->poisons;
	b->prog->unplaced = b->unplaced;
	for (uint32_t i = 0; !status && i < b->prog->sub_count; i++)
		status = apply_in(b, target, i);
	return status;
}
