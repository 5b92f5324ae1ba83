/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what loads and stores reach, in words: fields of the context, of map values and of global variables, found by
 * following typed pointers through registers (joined where paths meet, so that nothing is said that holds on one path
 * alone), and what CO-RE records ask. For reading; nothing relies on it. */
#include "asm/dump_part.h"

#include "asm/types/types.h"

#include <string.h>

enum { MAX_ROUNDS = 12, MAX_DEPTH = 16 };

enum known { UNKNOWN, POINTER, MAP };
/* What a register holds: a pointer to type `type`, `off` bytes in; a map. */
struct value {
	uint8_t known;
	uint32_t type; /* MAP: index */
	int32_t off;
};
struct state {
	struct value regs[IOV_REGS];
	bool reached;
};

struct tracker {
	const struct iov_object *obj;
	const struct iov_btf *btf;
	const struct iov_prog *prog;
	struct iov_arena *arena;
	struct state *at; /* by number of a place where paths meet */
	uint32_t *join;   /* by slot: that number, 0: none */
	struct dump_access *out;
	bool changed;
};

static const struct iov_btf_type *strip(const struct iov_btf *btf, uint32_t *id)
{
	*id = btf_strip(btf, *id);
	while (btf_type(btf, *id) && btf_type(btf, *id)->kind == 18) /* TYPE_TAG */
		*id = btf_strip(btf, btf_type(btf, *id)->type);
	return btf_type(btf, *id);
}

static bool is_struct(const struct iov_btf_type *t)
{
	return t && (t->kind == BTF_KIND_STRUCT || t->kind == BTF_KIND_UNION);
}

/* The struct that a pointer type leads to; 0: none. */
static uint32_t pointee(const struct iov_btf *btf, uint32_t id)
{
	const struct iov_btf_type *t = strip(btf, &id);

	if (!t || t->kind != BTF_KIND_PTR)
		return 0;
	id = t->type;
	return is_struct(strip(btf, &id)) ? id : 0;
}

/* The member of a struct or variable of a data section that holds byte `off`. */
static const struct iov_btf_member *member_at(const struct iov_btf *btf, const struct iov_btf_type *t, uint32_t off,
					      uint32_t *begin)
{
	for (uint32_t i = 0; i < t->count; i++) {
		const struct iov_btf_member *m = &t->members[i];
		int64_t size = t->kind == BTF_KIND_DATASEC ? m->size : btf_size(btf, m->type);

		*begin = t->kind == BTF_KIND_DATASEC ? m->offset : m->bit_offset / 8;
		if (size > 0 && off >= *begin && off - *begin < (uint64_t)size)
			return m;
	}
	return NULL;
}

/* ".port", "[2].x": the path to what has `size` bytes at `off`. *field: its type. False: nothing has. */
static bool put_path(const struct iov_btf *btf, uint32_t type, uint32_t off, uint32_t size, struct iov_buf *out,
		     uint32_t *field)
{
	for (unsigned depth = 0; depth < MAX_DEPTH; depth++) {
		const struct iov_btf_type *t = strip(btf, &type);
		uint32_t begin;

		*field = type;
		if (!t)
			return false;
		if (t->kind == BTF_KIND_ARRAY) {
			int64_t each = btf_size(btf, t->type);

			if (each <= 0 || off / (uint64_t)each >= t->nelems)
				return false;
			buf_printf(out, "[%u]", (unsigned)(off / (uint64_t)each));
			off %= (uint32_t)each;
			type = t->type;
		} else if (is_struct(t) || t->kind == BTF_KIND_DATASEC) {
			const struct iov_btf_member *m = member_at(btf, t, off, &begin);
			const struct iov_btf_type *var =
				m && t->kind == BTF_KIND_DATASEC ? btf_type(btf, m->type) : NULL;

			if (!m)
				return false;
			if (var)
				dump_name(out, var->name);
			else if (*m->name) {
				buf_putc(out, '.');
				dump_name(out, m->name);
			}
			off -= begin;
			type = var ? var->type : m->type;
		} else {
			return !off && btf_size(btf, type) >= size;
		}
	}
	return false;
}

static const char *describe(struct tracker *k, const struct value *v, int16_t off, uint32_t size, uint32_t *field)
{
	struct iov_buf text;
	const char *copy = NULL;
	const struct iov_btf_type *t = btf_type(k->btf, v->type);
	int64_t at = (int64_t)v->off + off;

	*field = 0;
	if (v->known != POINTER || !t || at < 0 || at > UINT32_MAX)
		return NULL;
	buf_init(&text, k->arena->alloc);
	if (is_struct(t)) {
		buf_puts(&text, t->kind == BTF_KIND_STRUCT ? "struct" : "union");
		if (*t->name)
			buf_putc(&text, ' ');
		dump_name(&text, t->name);
	} else if (t->kind != BTF_KIND_DATASEC) {
		btf_declare(k->btf, v->type, "", &text);
	}
	if (put_path(k->btf, v->type, (uint32_t)at, size, &text, field) && buf_cstr(&text))
		copy = arena_copy(k->arena, text.data, text.len);
	buf_free(&text);
	return copy;
}

static void forget_call(struct state *s)
{
	for (int r = 0; r <= 5; r++)
		s->regs[r] = (struct value){0};
}

static void call(struct tracker *k, const struct iov_isa_row *row, const struct iov_insn *insn, struct state *s)
{
	const struct iov_helper *h =
		row->oper == ISA_O_HELPER && insn->imm > 0 ? catalogue_helper((uint32_t)insn->imm) : NULL;
	struct value map = s->regs[1];

	forget_call(s);
	if (h && !strncmp(h->name, "map_lookup", 10) && map.known == MAP && map.type < k->prog->map_count &&
	    k->prog->maps[map.type]->value_btf)
		s->regs[0] = (struct value){POINTER, k->prog->maps[map.type]->value_btf, 0};
}

static struct value wide(const struct tracker *k, const struct iov_isa_row *row, const struct iov_insn *insn)
{
	const struct iov_map_def *map =
		insn->imm >= 0 && (uint32_t)insn->imm < k->prog->map_count ? k->prog->maps[insn->imm] : NULL;

	if (map && row->oper == ISA_O_MAP)
		return (struct value){MAP, (uint32_t)insn->imm, 0};
	if (map && row->oper == ISA_O_MAP_VALUE && map->value_btf)
		return (struct value){POINTER, map->value_btf, insn[1].imm};
	return (struct value){0};
}

static void access_memory(struct tracker *k, const struct iov_isa_row *row, const struct iov_insn *insn, uint32_t at,
			  struct state *s)
{
	bool load = row->kind == ISA_K_LDX || row->kind == ISA_K_LDSX;
	struct value base = s->regs[(load ? insn->src : insn->dst) % IOV_REGS];
	uint32_t field, to;
	const char *text = describe(k, &base, insn->off, row->width / 8, &field);

	k->out[at].text = text;
	if (!load)
		return;
	to = text && row->width == 64 ? pointee(k->btf, field) : 0;
	s->regs[insn->dst % IOV_REGS] = to ? (struct value){POINTER, to, 0} : (struct value){0};
}

static void step(struct tracker *k, const struct iov_isa_row *row, const struct iov_insn *insn, uint32_t at,
		 struct state *s)
{
	struct value *dst = &s->regs[insn->dst % IOV_REGS];

	switch (row->kind) {
	case ISA_K_LDX:
	case ISA_K_LDSX:
	case ISA_K_ST:
	case ISA_K_STX:
		access_memory(k, row, insn, at, s);
		break;
	case ISA_K_ATOMIC:
		access_memory(k, row, insn, at, s);
		s->regs[insn->src % IOV_REGS] = s->regs[0] = (struct value){0};
		break;
	case ISA_K_CALL:
		call(k, row, insn, s);
		break;
	case ISA_K_LDIMM64:
		*dst = at + 1 < k->prog->count ? wide(k, row, insn) : (struct value){0};
		break;
	case ISA_K_ALU:
		if (row->oper == ISA_O_MOV && row->width == 64 && row->src == ISA_SRC_X)
			*dst = s->regs[insn->src % IOV_REGS];
		else if (row->oper == ISA_O_ADD && row->width == 64 && row->src == ISA_SRC_K && dst->known == POINTER)
			dst->off = (int32_t)((uint32_t)dst->off + (uint32_t)insn->imm);
		else
			*dst = (struct value){0};
		break;
	case ISA_K_JA:
	case ISA_K_JCC:
	case ISA_K_MAY_GOTO:
	case ISA_K_EXIT:
		break;
	case ISA_K_LDABS:
	case ISA_K_LDIND:
		forget_call(s);
		break;
	default:
		*dst = (struct value){0};
	}
}

/* What two paths agree on. */
static void meet(struct tracker *k, uint32_t slot, const struct state *s)
{
	struct state *to = slot < k->prog->count && k->join[slot] ? &k->at[k->join[slot]] : NULL;

	if (!to)
		return;
	if (!to->reached) {
		*to = *s;
		to->reached = k->changed = true;
		return;
	}
	for (int r = 0; r < IOV_REGS; r++) {
		const struct value *v = &s->regs[r];
		struct value *mine = &to->regs[r];

		if (mine->known && (mine->known != v->known || mine->type != v->type || mine->off != v->off)) {
			*mine = (struct value){0};
			k->changed = true;
		}
	}
}

/* Parameters of a function by its prototype; the context by the program's type where there is none. */
static void enter(struct tracker *k, const struct iov_subprog *sub, struct state *s)
{
	const struct iov_btf_type *func = btf_type(k->btf, btf_find(k->btf, sub->name, BTF_KIND_FUNC));
	const struct iov_btf_type *proto = func ? btf_type(k->btf, func->type) : NULL;
	const struct iov_prog_type *type = catalogue_prog_type(k->prog->type);

	*s = (struct state){.reached = true};
	for (uint32_t i = 0; proto && i < proto->count && i < 5; i++) {
		uint32_t to = pointee(k->btf, proto->members[i].type);

		if (to)
			s->regs[i + 1] = (struct value){POINTER, to, 0};
	}
	if (sub == k->prog->subs && !s->regs[1].known && type && type->ctx_name) {
		uint32_t to = btf_find(k->btf, type->ctx_name, BTF_KIND_STRUCT);

		if (to)
			s->regs[1] = (struct value){POINTER, to, 0};
	}
}

static bool mark_joins(struct tracker *k)
{
	const struct iov_prog *p = k->prog;
	uint32_t n = 0;

	k->join = arena_array(k->arena, p->count + 1u, sizeof(*k->join));
	if (!k->join)
		return false;
	for (uint32_t i = 0; i < p->count; i += isa_is_wide(&p->insns[i]) ? 2 : 1) {
		int64_t to = dump_jump_target(p, i);

		if (to >= 0 && !k->join[to])
			k->join[to] = ++n;
	}
	k->at = arena_array(k->arena, n + 1u, sizeof(*k->at));
	return k->at;
}

static void walk(struct tracker *k)
{
	const struct iov_prog *p = k->prog;
	struct state now = {0};
	uint32_t sub = 0;

	for (uint32_t i = 0; i < p->count; i += isa_is_wide(&p->insns[i]) ? 2 : 1) {
		const struct iov_isa_row *row = isa_find(&p->insns[i]);
		int64_t to;

		while (sub < p->sub_count && p->subs[sub].start <= i)
			enter(k, &p->subs[sub++], &now);
		if (k->join[i]) {
			if (now.reached)
				meet(k, i, &now);
			now = k->at[k->join[i]];
		}
		k->out[i].text = NULL;
		if (!now.reached || !row)
			continue;
		step(k, row, &p->insns[i], i, &now);
		to = dump_jump_target(p, i);
		if (to >= 0)
			meet(k, (uint32_t)to, &now);
		if (row->kind == ISA_K_JA || row->kind == ISA_K_EXIT)
			now.reached = false;
	}
}

static void add_core(struct tracker *k, const struct iov_subprog *sub, const struct iov_object_func *func)
{
	const char *section = k->obj->sections[func->section].name;

	for (uint32_t i = 0; k->obj->btf_ext && i < k->obj->btf_ext->count; i++) {
		const struct iov_btf_ext_section *x = &k->obj->btf_ext->sections[i];

		for (uint32_t c = 0; !strcmp(x->name, section) && c < x->core_count; c++) {
			uint64_t slot = x->cores[c].insn - func->offset / 8;
			struct iov_buf text;

			if (x->cores[c].insn < func->offset / 8 || slot >= sub->count)
				continue;
			buf_init(&text, k->arena->alloc);
			types_core_text(k->btf, &x->cores[c], &text);
			if (buf_cstr(&text) && sub->start + slot < k->prog->count)
				k->out[sub->start + slot].text = arena_copy(k->arena, text.data, text.len);
			buf_free(&text);
		}
	}
}

const struct dump_access *dump_accesses(const struct iov_object *obj, const struct iov_prog *prog,
					struct iov_arena *arena)
{
	struct tracker k = {.obj = obj, .btf = obj->btf, .prog = prog, .arena = arena};

	k.out = arena_array(arena, prog->count + 1u, sizeof(*k.out));
	if (!k.out || !obj->btf)
		return k.out;
	if (!mark_joins(&k))
		return NULL;
	k.changed = true;
	for (int round = 0; k.changed; round++) {
		if (round == MAX_ROUNDS) { /* not settled: nothing is certain */
			memset(k.out, 0, (prog->count + 1u) * sizeof(*k.out));
			break;
		}
		k.changed = false;
		walk(&k);
	}
	for (uint32_t s = 0; s < prog->sub_count; s++)
		for (uint32_t f = 0; f < obj->func_count; f++)
			if (obj->funcs[f].name == prog->subs[s].name)
				add_core(&k, &prog->subs[s], &obj->funcs[f]);
	return k.out;
}
