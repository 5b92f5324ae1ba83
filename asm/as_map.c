/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: `.map NAME` for a map that a .btf block declares: its bytes in .maps, and the addresses of programs or maps
 * that it holds from the start. */
#include "asm/as_insn.h"
#include "asm/types/types.h"

enum { MAX_INDEX = 1 << 20 };

struct place {
	struct as_section *section;
	uint32_t offset, values; /* of the map; of its first value in the section, flat */
	uint64_t size;           /* emitted */
};

bool as_map_is_declared(const struct as *s)
{
	const char *p = s->p;

	while (*p == ' ' || *p == '\t')
		p++;
	if (*p != ',')
		return !*p || *p == '\n' || *p == ';' || *p == '#' || *p == '\r';
	for (p++; *p == ' ' || *p == '\t'; p++)
		;
	return *p == '[' || (!strncmp(p, "size", 4) && !as_is(p[4], AS_C_WORD));
}

/* [INDEX]=SYMBOL, after the comma */
static bool take_value(struct as *s, struct place *place)
{
	struct as_value value;
	const char *at;
	int64_t index;
	uint64_t end;

	s->p++;
	if (!as_expr_now(s, &index))
		return false;
	as_blanks(s);
	at = s->p;
	if (index < 0 || index > MAX_INDEX || *at != ']' || at[1] != '=') {
		as_error(s, at, 0, DIAG_ASM_SYNTAX, "a value is written [INDEX]=SYMBOL");
		return false;
	}
	s->p += 2;
	as_blanks(s);
	at = s->p;
	end = place->values - place->offset + 8 * ((uint64_t)index + 1);
	if (!as_expr(s, &value))
		return false;
	if (end > place->size) {
		as_emit_zero(s, end - place->size, 0);
		place->size = end;
	}
	return as_fix(s, place->section, at, place->values + 8 * (uint32_t)index, AS_FIX_8, &value);
}

static bool take_size(struct as *s, struct place *place)
{
	const char *at = s->p;
	int64_t size;

	s->p += 4;
	as_blanks(s);
	if (*s->p++ != '=' || !as_expr_now(s, &size))
		return false;
	if (size < (int64_t)place->size || size > MAX_INDEX) {
		as_error(s, at, 0, DIAG_ASM_RANGE, "the definition has at least %llu bytes",
			 (unsigned long long)place->size);
		return false;
	}
	as_emit_zero(s, (uint64_t)size - place->size, 0);
	place->size = (uint64_t)size;
	return true;
}

static void set_symbol(struct as *s, uint32_t id, uint64_t size, const char *at)
{
	struct as_symbol *y = as_sym(s, id);

	if (!y->size_at) {
		y->size = (struct as_value){.n = (int64_t)size};
		y->size_at = at;
	}
	if (y->type == STT_NOTYPE)
		y->type = STT_OBJECT;
	if (!y->bind_set && !y->fixed_order) {
		y->bind = STB_GLOBAL;
		y->bind_set = true;
	}
}

uint64_t as_map_values(struct as *s, uint64_t size)
{
	struct place place = {.section = s->cur, .offset = as_flat(s->cur) - (uint32_t)size, .size = size};

	place.values = as_flat(s->cur);
	do {
		as_blanks(s);
		if (*s->p != '[') {
			as_error(s, s->p, 0, DIAG_ASM_MODULE,
				 "after the first [INDEX]=SYMBOL only more of them may stand");
			break;
		}
	} while (take_value(s, &place) && as_comma(s));
	return place.size;
}

void as_map_declared(struct as *s, const char *name, const char *at)
{
	struct types *t = as_types_of(s);
	struct as_section *back = s->cur;
	uint32_t id = as_intern(s, name, strlen(name));
	struct place place;
	uint64_t size, align;

	if (!t || !id)
		return;
	if (!types_variable(t, name, &size, &align)) {
		diag_hint(as_error(s, at, 0, DIAG_ASM_MODULE, "map %s is not declared in a .btf block before this line",
				   name),
			  ".map %s, type=hash, key=4, value=8, entries=1024", name);
		return;
	}
	s->cur = place.section = as_section_get(s, ".maps", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 0);
	if (!s->cur)
		return;
	as_align(s, 8, 0, 0);
	place.offset = as_flat(s->cur);
	place.values = place.offset + (uint32_t)size;
	place.size = size;
	if (as_define_label(s, id, at)) {
		as_emit_zero(s, size, 0);
		while (!s->bad && as_comma(s)) {
			as_blanks(s);
			if (!(*s->p == '[' ? take_value(s, &place) : take_size(s, &place)))
				break;
		}
		set_symbol(s, id, place.size, at);
	}
	s->cur = back;
}
