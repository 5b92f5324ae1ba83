/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: location lists, range lists and location expressions. Source: DWARF 5, sections 2.5, 2.6, 2.17.3, 7.7; DWARF 4,
 * section 2.6.2 for .debug_loc and .debug_ranges. */
#include "linker/object/dwarf.h"

/* What an entry of either kind of list is, after its own numbering. */
enum entry { END, BASE_X, STARTX_ENDX, STARTX_LENGTH, OFFSET_PAIR, DEFAULT, BASE, START_END, START_LENGTH, ENTRIES };
static const enum entry range_entries[] = {END, BASE_X, STARTX_ENDX, STARTX_LENGTH, OFFSET_PAIR, BASE, START_END,
					   START_LENGTH};

struct list {
	struct dwarf *d;
	const struct iov_section *s;
	struct iov_cursor c;
	struct dwarf_addr base;
	bool locations;
};

static struct dwarf_addr read_address(struct list *l)
{
	uint64_t at = cursor_at(&l->c);

	cursor_skip(&l->c, 8);
	return l->c.bad ? (struct dwarf_addr){0} : dwarf_address_at(l->d, l->s, at);
}

/* Begin and end of an entry that has them; false: it only changed the base. */
static bool read_bounds(struct list *l, enum entry kind, struct dwarf_addr *begin, uint64_t *end)
{
	switch (kind) {
	case BASE_X:
		l->base = dwarf_address(l->d, cursor_uleb(&l->c));
		return false;
	case BASE:
		l->base = read_address(l);
		return false;
	case STARTX_ENDX:
		*begin = dwarf_address(l->d, cursor_uleb(&l->c));
		*end = dwarf_address(l->d, cursor_uleb(&l->c)).value;
		return true;
	case STARTX_LENGTH:
		*begin = dwarf_address(l->d, cursor_uleb(&l->c));
		*end = begin->value + cursor_uleb(&l->c);
		return true;
	case OFFSET_PAIR:
		*begin = l->base;
		begin->value += cursor_uleb(&l->c);
		*end = l->base.value + cursor_uleb(&l->c);
		return true;
	case START_END:
		*begin = read_address(l);
		*end = read_address(l).value;
		return true;
	case START_LENGTH:
		*begin = read_address(l);
		*end = begin->value + cursor_uleb(&l->c);
		return true;
	default: /* DEFAULT: everywhere that no other entry covers; compilers do not write it for eBPF */
		*begin = (struct dwarf_addr){0};
		*end = 0;
		return true;
	}
}

static void each_v5(struct list *l, dwarf_range_fn *each, void *ud)
{
	while (!l->c.bad && !l->d->bad && dwarf_spend(l->d)) {
		uint8_t code = cursor_u8(&l->c);
		struct dwarf_addr begin;
		struct dwarf_range r = {0};
		enum entry kind;

		if (code >= (l->locations ? ENTRIES : sizeof(range_entries) / sizeof(*range_entries))) {
			l->d->bad = true;
			return;
		}
		kind = l->locations ? (enum entry)code : range_entries[code];
		if (kind == END || !read_bounds(l, kind, &begin, &r.end)) {
			if (kind == END)
				return;
			continue;
		}
		r.section = begin.section;
		r.begin = begin.value;
		if (l->locations) {
			r.expr_len = cursor_uleb(&l->c);
			r.expr = cursor_bytes(&l->c, r.expr_len);
		}
		if (!l->c.bad && !l->d->bad && r.begin < r.end)
			each(ud, &r);
	}
	l->d->bad |= l->c.bad;
}

static void each_v4(struct list *l, dwarf_range_fn *each, void *ud)
{
	while (!l->c.bad && !l->d->bad && dwarf_spend(l->d)) {
		struct dwarf_addr begin = read_address(l), end = read_address(l);
		struct dwarf_range r;

		if (!begin.value && !end.value && !begin.section && !end.section)
			return;
		if (begin.value == UINT64_MAX && !begin.section) {
			l->base = end;
			continue;
		}
		r = (struct dwarf_range){begin.section, begin.value, end.value, NULL, 0};
		if (!begin.section) {
			r.section = l->base.section;
			r.begin += l->base.value;
			r.end += l->base.value;
		}
		if (l->locations) {
			r.expr_len = cursor_u16(&l->c);
			r.expr = cursor_bytes(&l->c, r.expr_len);
		}
		if (!l->c.bad && !l->d->bad && r.begin < r.end)
			each(ud, &r);
	}
	l->d->bad |= l->c.bad;
}

void dwarf_each_range(struct dwarf *d, const struct dwarf_value *v, bool locations, dwarf_range_fn *each, void *ud)
{
	bool v5 = d->unit.version >= 5;
	struct list l = {.d = d, .base = d->unit.low, .locations = locations};
	uint64_t base = locations ? d->unit.loclists_base : d->unit.rnglists_base, offset = v->u;

	l.s = locations ? (v5 ? d->loclists : d->loc) : (v5 ? d->rnglists : d->ranges);
	cursor_init(&l.c, l.s ? l.s->data : NULL, l.s && l.s->data ? l.s->size : 0, d->obj->big_endian);
	if (v->class == DWARF_INDEX) {
		if (v->u > UINT32_MAX) {
			d->bad = true;
			return;
		}
		cursor_seek(&l.c, base + v->u * 4);
		offset = base + cursor_u32(&l.c);
	}
	cursor_seek(&l.c, offset);
	if (v5)
		each_v5(&l, each, ud);
	else
		each_v4(&l, each, ud);
}

enum { /* DW_OP_* */
       OP_CONST1U = 0x08,
       OP_CONST1S,
       OP_CONST2U,
       OP_CONST2S,
       OP_CONST4U,
       OP_CONST4S,
       OP_CONST8U,
       OP_CONST8S,
       OP_CONSTU,
       OP_CONSTS,
       OP_AND = 0x1a,
       OP_LIT0 = 0x30,
       OP_LIT31 = 0x4f,
       OP_REG0,
       OP_REG31 = 0x6f,
       OP_BREG0,
       OP_BREG31 = 0x8f,
       OP_REGX,
       OP_FBREG,
       OP_STACK_VALUE = 0x9f,
       OP_CONVERT = 0xa8,
};

enum { FRAME_REG = 10 };

/* A constant operator's operand; false when `op` is not one. */
static bool read_const(struct iov_cursor *c, uint8_t op, int64_t *value)
{
	switch (op) {
	case OP_CONST1U:
		*value = cursor_u8(c);
		return true;
	case OP_CONST1S:
		*value = (int8_t)cursor_u8(c);
		return true;
	case OP_CONST2U:
		*value = cursor_u16(c);
		return true;
	case OP_CONST2S:
		*value = (int16_t)cursor_u16(c);
		return true;
	case OP_CONST4U:
		*value = cursor_u32(c);
		return true;
	case OP_CONST4S:
		*value = (int32_t)cursor_u32(c);
		return true;
	case OP_CONST8U:
	case OP_CONST8S:
		*value = (int64_t)cursor_u64(c);
		return true;
	case OP_CONSTU:
		*value = (int64_t)cursor_uleb(c);
		return true;
	case OP_CONSTS:
		*value = cursor_sleb(c);
		return true;
	default:
		*value = op - OP_LIT0;
		return op >= OP_LIT0 && op <= OP_LIT31;
	}
}

/* After a register's value: masks and conversions to the variable's width, then DW_OP_stack_value. */
static bool only_narrows(struct iov_cursor *c)
{
	while (cursor_left(c)) {
		uint8_t op = cursor_u8(c);
		int64_t mask;

		if (op == OP_STACK_VALUE)
			return !cursor_left(c) && !c->bad;
		if (op == OP_CONVERT)
			cursor_uleb(c);
		else if (!read_const(c, op, &mask) || cursor_u8(c) != OP_AND)
			return false;
	}
	return false;
}

/* Offsets of 0 and more are from the bottom of the frame: see stack_sizes in dwarf_vars.c. */
static bool place_on_stack(struct iov_cursor *c, enum iov_var_place *place, int64_t offset, int32_t *where)
{
	*place = IOV_VAR_STACK;
	*where = (int32_t)offset;
	return !c->bad && !cursor_left(c) && offset >= -512 * 64 && offset <= 512 * 64;
}

bool dwarf_place(const struct dwarf *d, const uint8_t *expr, uint64_t len, bool frame, enum iov_var_place *place,
		 int32_t *where)
{
	struct iov_cursor c;
	int64_t value;
	uint8_t op;

	cursor_init(&c, expr, len, d->obj->big_endian);
	op = cursor_u8(&c);
	if (c.bad)
		return false;
	if (op == OP_FBREG)
		return frame && place_on_stack(&c, place, cursor_sleb(&c), where);
	if (op == OP_BREG0 + FRAME_REG)
		return place_on_stack(&c, place, cursor_sleb(&c), where);
	if ((op >= OP_REG0 && op <= OP_REG31) || op == OP_REGX) {
		*place = IOV_VAR_REG;
		*where = op == OP_REGX ? (int32_t)(cursor_uleb(&c) & 0xff) : op - OP_REG0;
		return !c.bad && !cursor_left(&c) && *where < FRAME_REG;
	}
	if (op >= OP_BREG0 && op <= OP_BREG31) {
		*place = IOV_VAR_REG;
		*where = op - OP_BREG0;
		return !cursor_sleb(&c) && only_narrows(&c) && *where < FRAME_REG;
	}
	*place = IOV_VAR_CONST;
	if (!read_const(&c, op, &value) || value != (int32_t)value)
		return false;
	*where = (int32_t)value;
	return cursor_u8(&c) == OP_STACK_VALUE && !c.bad && !cursor_left(&c);
}
