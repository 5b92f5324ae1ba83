/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: vars_collect. Walks the DIEs of every function that a program holds, inlined calls included, and makes one
 * iov_var of each range in which a variable has a plain place. vars_index finds those DIEs once for an object, so that
 * a thousand programs do not read a thousand functions each. */
#include "linker/object/dwarf.h"
#include "linker/object/program.h"

#include <stdlib.h>
#include <string.h>

/* DW_TAG_* */
enum { TAG_ARRAY = 0x01, TAG_CLASS = 0x02, TAG_ENUM = 0x04, TAG_PARAM = 0x05, TAG_LEXICAL_BLOCK = 0x0b };
enum { TAG_POINTER = 0x0f, TAG_STRUCT = 0x13, TAG_SUBROUTINE_TYPE = 0x15, TAG_TYPEDEF = 0x16, TAG_UNION = 0x17 };
enum { TAG_INLINED = 0x1d, TAG_SUBRANGE = 0x21, TAG_BASE_TYPE = 0x24, TAG_CONST = 0x26, TAG_SUBPROGRAM = 0x2e };
enum { TAG_VARIABLE = 0x34, TAG_VOLATILE = 0x35, TAG_RESTRICT = 0x37, TAG_ATOMIC = 0x47 };

enum { MAX_DEPTH = 64, MAX_TYPE_DEPTH = 16, MAX_ORIGINS = 4 };

/* An open DIE. */
struct scope {
	bool placed;        /* inside a function of the program */
	bool frame;         /* its frame base is r10 */
	struct dwarf_value low_pc, high_pc, ranges; /* of the innermost scope that has them */
};

struct walker {
	struct dwarf d;
	struct builder *b;
	struct iov_var *vars;
	uint32_t count, room;
	struct iov_var pending; /* what the ranges being read belong to */
	bool frame;             /* of the scope of `pending` */
	bool located;           /* the ranges carry expressions; else `pending` has its place */
};

static void add_var(struct walker *w, uint32_t begin, uint32_t end)
{
	if (w->count == w->room) {
		uint32_t room = w->room ? w->room * 2 : 64;
		struct iov_var *more = arena_array(w->d.arena, room, sizeof(*more));

		if (!more) {
			w->d.oom = true;
			return;
		}
		if (w->count)
			memcpy(more, w->vars, w->count * sizeof(*more));
		w->vars = more;
		w->room = room;
	}
	w->pending.begin = begin;
	w->pending.end = end;
	w->vars[w->count++] = w->pending;
}

/* The part of a range of bytes that function `func` covers, as slots of the program. */
static void add_in_func(struct walker *w, uint32_t func, const struct dwarf_range *r)
{
	const struct iov_object_func *f = &w->b->obj->funcs[func];
	uint64_t begin = r->begin > f->offset ? r->begin : f->offset;
	uint64_t end = r->end < f->offset + f->size ? r->end : f->offset + f->size;
	const struct iov_subprog *sub = &w->b->prog->subs[w->b->func_sub[func]];

	if (begin < end)
		add_var(w, sub->start + (uint32_t)((begin - f->offset) / 8),
			sub->start + (uint32_t)((end - f->offset + 7) / 8));
}

/* The last function of `section` that begins at `offset` or before, or -1. */
static int64_t func_before(const struct iov_object *obj, uint32_t section, uint64_t offset)
{
	uint32_t low = 0, high = obj->func_count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const struct iov_object_func *f = &obj->funcs[mid];

		if (f->section < section || (f->section == section && f->offset <= offset))
			low = mid + 1;
		else
			high = mid;
	}
	return low && obj->funcs[low - 1].section == section ? (int64_t)low - 1 : -1;
}

static void add_range(void *ud, const struct dwarf_range *r)
{
	struct walker *w = ud;
	const struct iov_object *obj = w->b->obj;
	int64_t func = func_before(obj, r->section, r->begin);

	if (w->located && !dwarf_place(&w->d, r->expr, r->expr_len, w->frame, &w->pending.place, &w->pending.where))
		return;
	if (func < 0)
		func = 0;
	for (; func < obj->func_count && !w->d.oom && dwarf_spend(&w->d); func++) {
		if (obj->funcs[func].section > r->section ||
		    (obj->funcs[func].section == r->section && obj->funcs[func].offset >= r->end))
			break;
		if (obj->funcs[func].section == r->section && w->b->func_sub[func] != UNPLACED)
			add_in_func(w, (uint32_t)func, r);
	}
}

/* Name and type stand in the abstract instance when this one is of an inlined or out-of-line copy. */
static void resolve(struct walker *w, const struct dwarf_die *die, struct dwarf_value *name, struct dwarf_value *type)
{
	struct dwarf_die next = *die;

	*name = die->name;
	*type = die->type;
	for (int i = 0; i < MAX_ORIGINS && (name->class != DWARF_STR || type->class != DWARF_REF); i++) {
		struct dwarf_value origin = next.origin.class == DWARF_REF ? next.origin : next.specification;

		if (origin.class != DWARF_REF || origin.u < w->d.unit.first_die || origin.u >= w->d.unit.end ||
		    !dwarf_read_die(&w->d, origin.u, &next))
			return;
		if (name->class != DWARF_STR)
			*name = next.name;
		if (type->class != DWARF_REF)
			*type = next.type;
	}
}

static bool is_number(const struct dwarf_value *v) { return v->class == DWARF_UINT || v->class == DWARF_SINT; }

static uint32_t array_length(struct dwarf *d, const struct dwarf_die *array)
{
	struct dwarf_die sub;

	if (!array->children || !dwarf_read_die(d, array->next, &sub) || sub.tag != TAG_SUBRANGE)
		return 0;
	if (is_number(&sub.count))
		return (uint32_t)sub.count.u;
	return is_number(&sub.upper_bound) ? (uint32_t)sub.upper_bound.u + 1 : 0;
}

static const char *named(struct dwarf *d, const char *keyword, const struct dwarf_die *die)
{
	const char *name = dwarf_string(d, &die->name);

	return name ? dwarf_printf(d, "%s %s", keyword, name) : keyword;
}

static bool ends_in_star(const char *text) { return text && *text && text[strlen(text) - 1] == '*'; }

static const char *qualified(struct dwarf *d, const struct dwarf_die *die, unsigned depth, uint32_t *size)
{
	const char *keyword = die->tag == TAG_CONST ? "const" : die->tag == TAG_VOLATILE ? "volatile" : "restrict";
	const char *inner = dwarf_type_text(d, &die->type, depth + 1, size);

	if (ends_in_star(inner))
		return dwarf_printf(d, "%s%s", inner, keyword);
	return dwarf_printf(d, "%s %s", keyword, inner ? inner : "void");
}

const char *dwarf_type_text(struct dwarf *d, const struct dwarf_value *type, unsigned depth, uint32_t *size)
{
	struct dwarf_die die;
	const char *inner;
	uint32_t length;

	if (type->class != DWARF_REF || depth > MAX_TYPE_DEPTH || type->u < d->unit.first_die ||
	    type->u >= d->unit.end || !dwarf_read_die(d, type->u, &die))
		return NULL;
	*size = die.byte_size.class == DWARF_UINT && die.byte_size.u <= INT32_MAX ? (uint32_t)die.byte_size.u : 0;
	switch (die.tag) {
	case TAG_BASE_TYPE:
		return dwarf_string(d, &die.name);
	case TAG_TYPEDEF:
		dwarf_type_text(d, &die.type, depth + 1, size);
		return dwarf_string(d, &die.name);
	case TAG_STRUCT:
	case TAG_CLASS:
		return named(d, "struct", &die);
	case TAG_UNION:
		return named(d, "union", &die);
	case TAG_ENUM:
		return named(d, "enum", &die);
	case TAG_POINTER:
		inner = dwarf_type_text(d, &die.type, depth + 1, &length);
		*size = 8;
		return dwarf_printf(d, "%s%s*", inner ? inner : "void",
				    ends_in_star(inner) ? "" : " ");
	case TAG_CONST:
	case TAG_VOLATILE:
	case TAG_RESTRICT:
		return qualified(d, &die, depth, size);
	case TAG_ATOMIC:
		return dwarf_type_text(d, &die.type, depth + 1, size);
	case TAG_ARRAY:
		inner = dwarf_type_text(d, &die.type, depth + 1, size);
		length = array_length(d, &die);
		if (__builtin_mul_overflow(*size, length, size) || *size > INT32_MAX)
			*size = 0;
		return inner ? dwarf_printf(d, "%s[%u]", inner, length) : NULL;
	case TAG_SUBROUTINE_TYPE:
		return "function";
	default:
		return NULL;
	}
}

/* Where a scope's code is; for a variable whose place is the same all over it. */
static void over_scope(struct walker *w, const struct scope *s)
{
	struct dwarf_range r;

	if (s->low_pc.class == DWARF_ADDR) {
		r = (struct dwarf_range){.section = s->low_pc.section, .begin = s->low_pc.u};
		r.end = s->high_pc.class == DWARF_ADDR ? s->high_pc.u : r.begin + s->high_pc.u;
		add_range(w, &r);
	} else if (s->ranges.class == DWARF_OFFSET || s->ranges.class == DWARF_INDEX) {
		dwarf_each_range(&w->d, &s->ranges, false, add_range, w);
	}
}

static void read_variable(struct walker *w, const struct dwarf_die *die, const struct scope *s)
{
	struct dwarf_value name, type;
	const char *text;

	if (die->location.class == DWARF_NONE && die->const_value.class == DWARF_NONE)
		return;
	resolve(w, die, &name, &type);
	text = dwarf_string(&w->d, &name);
	if (!text || !*text)
		return;
	w->pending = (struct iov_var){.name = text, .is_param = die->tag == TAG_PARAM};
	w->pending.type = dwarf_type_text(&w->d, &type, 0, &w->pending.size);
	w->frame = s->frame;
	w->located = false;
	if (die->location.class == DWARF_OFFSET || die->location.class == DWARF_INDEX) {
		w->located = true;
		dwarf_each_range(&w->d, &die->location, true, add_range, w);
	} else if (die->location.class == DWARF_EXPR) {
		if (dwarf_place(&w->d, die->location.expr, die->location.u, s->frame, &w->pending.place,
				&w->pending.where))
			over_scope(w, s);
	} else if (is_number(&die->const_value) && (int64_t)die->const_value.u == (int32_t)die->const_value.u) {
		w->pending.place = IOV_VAR_CONST;
		w->pending.where = (int32_t)die->const_value.u;
		over_scope(w, s);
	}
}

static bool is_frame(const struct dwarf_value *v)
{
	return v->class == DWARF_EXPR && v->u == 1 && *v->expr == 0x50 + 10; /* DW_OP_reg10 */
}

/* The function that a DIE describes, or -1. */
static int64_t function_of(const struct iov_object *obj, const struct dwarf_die *die)
{
	return die->tag == TAG_SUBPROGRAM && die->low_pc.class == DWARF_ADDR ?
		       func_before(obj, die->low_pc.section, die->low_pc.u) :
		       -1;
}

static struct scope enter(struct walker *w, const struct dwarf_die *die, const struct scope *outer)
{
	struct scope s = *outer;

	if (die->low_pc.class == DWARF_ADDR || die->ranges.class != DWARF_NONE) {
		s.low_pc = die->low_pc;
		s.high_pc = die->high_pc;
		s.ranges = die->ranges;
	}
	if (die->tag == TAG_SUBPROGRAM) {
		int64_t func = function_of(w->b->obj, die);

		s.placed = func >= 0 && w->b->func_sub[func] != UNPLACED;
		s.frame = is_frame(&die->frame_base);
	} else if (die->tag != TAG_LEXICAL_BLOCK && die->tag != TAG_INLINED) {
		s.placed = false;
	}
	return s;
}

/* The DIE at `at` and those below it; gives the offset behind them. */
static uint64_t read_tree(struct walker *w, uint64_t at)
{
	struct dwarf *d = &w->d;
	struct scope stack[MAX_DEPTH] = {{0}};
	struct dwarf_die die;
	unsigned depth = 0;

	while (at < d->unit.end && !d->oom && dwarf_read_die(d, at, &die)) {
		at = die.next;
		if (!die.tag) {
			if (depth <= 1)
				return at;
			depth--;
			continue;
		}
		if (stack[depth].placed && (die.tag == TAG_VARIABLE || die.tag == TAG_PARAM))
			read_variable(w, &die, &stack[depth]);
		if (!die.children && !depth)
			return at;
		if (!die.children)
			continue;
		if (depth + 1 == MAX_DEPTH) {
			d->bad = true;
			return at;
		}
		stack[depth + 1] = enter(w, &die, &stack[depth]);
		depth++;
	}
	return at;
}

/* The functions of a unit that the program holds; or all of it, where they are not known. */
static void read_unit(struct walker *w)
{
	const struct iov_object *obj = w->b->obj;
	uint64_t behind = w->d.unit.first_die;

	if (!obj->dwarf_funcs)
		read_tree(w, behind);
	for (uint32_t i = 0; i < obj->dwarf_func_count && !w->d.bad && !w->d.oom; i++) {
		const struct iov_dwarf_func *f = &obj->dwarf_funcs[i];

		if (f->die >= behind && f->die < w->d.unit.end && w->b->func_sub[f->func] != UNPLACED)
			behind = read_tree(w, f->die);
	}
}

/* What is known about the frame of a subprogram. */
struct frame_size {
	uint32_t used, align; /* bytes at least; of what multiple */
};

/* Loads and stores by r10, and `rX = r10; rX += -N`, name stack bytes. LLVM rounds a frame up to 8 bytes where there
 * are calls, else to the alignment of its widest object. */
static struct frame_size used_stack(const struct iov_prog *p, const struct iov_subprog *sub)
{
	static const uint32_t widths[] = {4, 2, 1, 8}; /* by bits 3 and 4 of the code */
	struct frame_size f = {0, 1};

	for (uint32_t i = sub->start; i < sub->start + sub->count; i += isa_is_wide(&p->insns[i]) ? 2 : 1) {
		const struct iov_insn *insn = &p->insns[i], *next = insn + 1;
		int class = insn->code & 7, base = class == 1 ? insn->src : class == 2 || class == 3 ? insn->dst : -1;
		uint32_t align = insn->code == 0x85 || insn->code == 0x8d ? 8 : 1;
		int32_t off = 0;

		if (base == IOV_R10) {
			off = insn->off;
			align = widths[insn->code >> 3 & 3];
		} else if (insn->code == 0xbf && insn->src == IOV_R10 && i + 1 < sub->start + sub->count &&
			   next->code == 0x07 && next->dst == insn->dst) {
			off = next->imm;
		}
		f.used = off < 0 && off >= -512 && (uint32_t)-off > f.used ? (uint32_t)-off : f.used;
		f.align = align > f.align ? align : f.align;
	}
	return f;
}

/* LLVM gives places on the stack as distances from the bottom of the frame, though it names r10, which is its top, as
 * frame base; the frame's size is nowhere. It is at least what the instructions use and what the variables need; that
 * bound is exact unless the lowest object's first bytes are never named. */
static enum iov_status stack_sizes(struct walker *w)
{
	const struct iov_prog *p = w->b->prog;
	struct frame_size *frames = arena_array(w->d.arena, p->sub_count, sizeof(*frames));

	if (!frames)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < p->sub_count; i++)
		frames[i] = used_stack(p, &p->subs[i]);
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; i < w->count; i++) {
			struct iov_var *v = &w->vars[i];
			struct frame_size *f = &frames[prog_sub_at(p, v->begin) - p->subs];
			uint32_t end = (uint32_t)v->where + v->size;

			if (v->place != IOV_VAR_STACK || v->where < 0)
				continue;
			if (pass)
				v->where -= (int32_t)((f->used + f->align - 1) & ~(f->align - 1));
			else if (end > f->used && v->size < 512 * 64)
				f->used = end;
		}
	return IOV_OK;
}

static int by_begin(const void *a, const void *b)
{
	const struct iov_var *x = a, *y = b;

	if (x->begin != y->begin)
		return x->begin < y->begin ? -1 : 1;
	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	if (x->where != y->where)
		return x->where < y->where ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void index_unit(struct dwarf *d, struct iov_object *obj, size_t *room)
{
	uint64_t at = d->unit.first_die;
	struct dwarf_die die;

	while (at < d->unit.end && !d->oom && dwarf_read_die(d, at, &die)) {
		int64_t func = function_of(obj, &die);

		at = die.next;
		if (func < 0)
			continue;
		d->oom |= !arena_grow(obj->arena, &obj->dwarf_funcs, obj->dwarf_func_count, room,
				      sizeof(*obj->dwarf_funcs));
		if (!d->oom)
			obj->dwarf_funcs[obj->dwarf_func_count++] =
				(struct iov_dwarf_func){.die = die.offset, .func = (uint32_t)func};
	}
}

enum iov_status vars_index(struct iov_object *obj)
{
	struct dwarf d = {0};
	size_t room = 0;

	if (!dwarf_open(&d, obj, obj->arena))
		return IOV_OK;
	while (dwarf_next_unit(&d))
		index_unit(&d, obj, &room);
	if (!d.bad)
		return d.oom ? IOV_NOMEM : IOV_OK;
	obj->dwarf_funcs = NULL; /* vars_collect reads all, and says what is wrong */
	obj->dwarf_func_count = 0;
	return IOV_OK;
}

enum iov_status vars_collect(struct builder *b)
{
	struct walker w = {.b = b};

	if (!dwarf_open(&w.d, b->obj, b->arena))
		return IOV_OK;
	while (dwarf_next_unit(&w.d))
		read_unit(&w);
	if (w.d.oom)
		return IOV_NOMEM;
	if (w.d.bad) {
		diag_add(b->sink, DIAG_DWARF_BAD, span_file(b->obj->name),
			 "the DWARF data of %s is damaged or of an unknown form; "
			 "messages do not name variables",
			 b->obj->name);
		return IOV_OK;
	}
	if (stack_sizes(&w))
		return IOV_NOMEM;
	if (w.count)
		qsort(w.vars, w.count, sizeof(*w.vars), by_begin);
	b->prog->vars = w.vars;
	b->prog->var_count = w.count;
	return IOV_OK;
}
