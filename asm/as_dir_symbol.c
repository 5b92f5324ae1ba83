/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the directives about symbols, functions and relocations. */
#include "asm/as_part.h"

#include <stdlib.h>

static bool set_bind(struct as *s, uint32_t id, uint8_t bind, const char *at)
{
	struct as_symbol *y = as_sym(s, id);

	if (y->bind_set && y->bind != bind && !(y->bind == STB_GLOBAL && bind == STB_WEAK) &&
	    !(y->bind == STB_WEAK && bind == STB_GLOBAL)) {
		as_error(s, at, 0, DIAG_ASM_DUPLICATE, "%s cannot be both local and global", as_symbol_name(s, id));
		return false;
	}
	if (!(y->bind == STB_WEAK && bind == STB_GLOBAL))
		y->bind = bind;
	y->bind_set = true;
	return true;
}

void as_dir_bind(struct as *s, int bind, const char *at)
{
	(void)at;
	do {
		const char *start;
		uint32_t id;

		as_blanks(s);
		start = s->p;
		id = as_want_symbol(s);
		if (!id || !set_bind(s, id, (uint8_t)bind, start))
			return;
	} while (as_comma(s));
}

void as_dir_extern(struct as *s, int arg, const char *at)
{
	(void)arg, (void)at;
	do {
		uint32_t id = as_want_symbol(s);

		if (!id)
			return;
		if (!as_sym(s, id)->bind_set) {
			as_sym(s, id)->bind = STB_GLOBAL;
			as_sym(s, id)->bind_set = true;
		}
	} while (as_comma(s));
}

void as_dir_visibility(struct as *s, int visibility, const char *at)
{
	(void)at;
	do {
		uint32_t id = as_want_symbol(s);

		if (!id)
			return;
		as_sym(s, id)->visibility = (uint8_t)visibility;
	} while (as_comma(s));
}

/* A local variable lies in .bss from here on; another one is the linker's to place. */
static void place_common(struct as *s, uint32_t id, uint64_t size, uint64_t align, const char *at)
{
	struct as_section *back = s->cur, *bss = as_section_bss(s);

	if (!bss)
		return;
	s->cur = bss;
	as_align(s, align, 0, 0);
	if (as_define_label(s, id, at))
		as_emit_zero(s, size, 0);
	s->cur = back;
}

void as_dir_comm(struct as *s, int local, const char *at)
{
	uint32_t id = as_want_symbol(s);
	int64_t size, align = 1;
	struct as_symbol *y;

	if (!id || !as_want_comma(s) || !as_expr_now(s, &size) || (as_comma(s) && !as_expr_now(s, &align)))
		return;
	if (size < 0 || size > 1 << 30 || align <= 0 || align > 1 << 20 || align & (align - 1)) {
		as_error(s, at, 0, DIAG_ASM_RANGE, "a size is up to 1 GiB, an alignment a power of two up to 1 MiB");
		return;
	}
	y = as_sym(s, id);
	y->type = STT_OBJECT;
	if (!y->size_at) {
		y->size = (struct as_value){.n = size};
		y->size_at = at;
	}
	if (local || (y->bind_set && y->bind == STB_LOCAL)) {
		place_common(s, id, (uint64_t)size, (uint64_t)align, at);
		return;
	}
	if (y->kind != AS_UNDEFINED) {
		as_error(s, at, 0, DIAG_ASM_DUPLICATE, "%s is defined twice", as_symbol_name(s, id));
		return;
	}
	y->kind = AS_COMMON;
	y->at = at;
	y->offset = (uint32_t)align;
	y->value.n = size;
	if (!y->bind_set)
		y->bind = STB_GLOBAL;
	y->bind_set = true;
}

static const struct as_type_word types[] = {
	{"function", STT_FUNC}, {"func", STT_FUNC},         {"object", STT_OBJECT},     {"notype", STT_NOTYPE},
	{"common", STT_COMMON}, {"tls_object", STT_TLS},    {"section", STT_SECTION},   {"file", STT_FILE},
	{"STT_FUNC", STT_FUNC}, {"STT_OBJECT", STT_OBJECT}, {"STT_NOTYPE", STT_NOTYPE},
};

static bool parse_type(struct as *s, uint8_t *type)
{
	uint32_t number;

	if (!as_type_word(s, types, sizeof(types) / sizeof(*types), "a type: @function, @object or @notype",
			  "a symbol's type is @function, @object or @notype", &number))
		return false;
	*type = number & 15;
	return true;
}

void as_dir_type(struct as *s, int arg, const char *at)
{
	uint32_t id = as_want_symbol(s);

	(void)arg, (void)at;
	if (id && as_want_comma(s))
		parse_type(s, &as_sym(s, id)->type);
}

void as_dir_size(struct as *s, int arg, const char *at)
{
	uint32_t id = as_want_symbol(s);
	struct as_value v;
	const char *start;

	(void)arg, (void)at;
	if (!id || !as_want_comma(s))
		return;
	start = s->p;
	if (as_expr(s, &v)) {
		as_sym(s, id)->size = v;
		as_sym(s, id)->size_at = start;
	}
}

void as_dir_set(struct as *s, int redefinable, const char *at)
{
	const char *start;
	struct as_value v;
	uint32_t id;

	(void)at;
	as_blanks(s);
	start = s->p;
	id = as_want_symbol(s);
	if (id && as_want_comma(s) && as_expr(s, &v))
		as_assign(s, id, start, v, redefinable);
}

void as_dir_func(struct as *s, int arg, const char *at)
{
	const char *start, *word;
	struct as_section *x = as_section_now(s);
	uint32_t id;
	size_t len;

	(void)arg;
	as_blanks(s);
	start = s->p;
	id = as_want_symbol(s);
	if (!id || !x)
		return;
	as_close_program(s);
	if (s->func) {
		diag_why(as_error(s, at, 0, DIAG_ASM_BLOCK, "a function begins inside another"),
			 as_span(s, s->func_at, 0), "%s has no .endfunc yet", as_symbol_name(s, s->func));
		s->func_unsure = true;
		return;
	}
	if (as_comma(s)) {
		if (!as_want_word(s, "global or static", &word, &len))
			return;
		if (!as_word_is(word, len, "global") && !as_word_is(word, len, "static")) {
			as_error(s, word, len, DIAG_ASM_SYNTAX, "a function is global or static");
			return;
		}
		if (!set_bind(s, id, *word == 'g' ? STB_GLOBAL : STB_LOCAL, start))
			return;
	}
	as_align(s, 8, 0, 0);
	if (!as_begin_function(s, x, at))
		return;
	as_sym(s, id)->type = STT_FUNC;
	s->func = id;
	s->func_at = start;
	s->func_unsure = false;
	as_define_label(s, id, start);
}

/* The function goes to here. */
void as_end_function(struct as *s, const char *at)
{
	uint32_t id = s->func, here = as_here(s);
	struct as_symbol *y = as_sym(s, id);

	s->func = 0;
	s->func_is_program = false;
	if (!here || y->size_at)
		return;
	y->size = (struct as_value){.add = here, .sub = id};
	y->size_at = at;
}

void as_dir_endfunc(struct as *s, int arg, const char *at)
{
	uint32_t id = s->func;

	(void)arg;
	if (!as_at_end(s) && as_want_symbol(s) != s->func && s->func && !s->bad && !s->func_unsure) {
		as_error(s, at, 0, DIAG_ASM_BLOCK, "the function that began is %s", as_symbol_name(s, id));
		return;
	}
	if (id)
		as_end_function(s, at);
	else if (!s->func_unsure)
		as_error(s, at, 0, DIAG_ASM_BLOCK, ".endfunc without .func");
}

static bool add_order(struct as *s, uint32_t id)
{
	if (s->order_count == s->order_room) {
		uint32_t room = s->order_room ? s->order_room * 2 : 64;
		uint32_t *all = arena_array(s->arena, room, sizeof(*all));

		if (!all)
			return as_oom(s);
		if (s->order_count)
			memcpy(all, s->order, s->order_count * sizeof(*all));
		s->order = all;
		s->order_room = room;
	}
	s->order[s->order_count++] = id;
	s->has_symbol_rows = true;
	return true;
}

struct symbol_row {
	const char *elf_name, *section;
	uint8_t type, bind, visibility;
	bool bind_set, type_set, visibility_set, value_set, size_set, named;
	int64_t value, size;
};

static bool symbol_word(struct as *s, struct symbol_row *r, const char *key, size_t key_len)
{
	static const char *const binds[] = {"local", "global", "weak"};
	static const char *const visibilities[] = {"default", "internal", "hidden", "protected"};
	bool is_bind = as_word_is(key, key_len, "bind");
	const char *word;
	uint64_t n;
	size_t len;

	as_blanks(s);
	if (as_is(*s->p, AS_C_DIGIT)) {
		if (!as_number(s, &n))
			return false;
		*(is_bind ? &r->bind : &r->visibility) = (uint8_t)(n & 15);
		*(is_bind ? &r->bind_set : &r->visibility_set) = true;
		return true;
	}
	if (!as_want_word(s, "a word", &word, &len))
		return false;
	for (uint8_t i = 0; i < (is_bind ? 3 : 4); i++)
		if (as_word_is(word, len, is_bind ? binds[i] : visibilities[i])) {
			*(is_bind ? &r->bind : &r->visibility) = i;
			*(is_bind ? &r->bind_set : &r->visibility_set) = true;
			return true;
		}
	as_error(s, word, len, DIAG_ASM_SYNTAX,
		 is_bind ? "a binding is local, global or weak"
			 : "a visibility is default, internal, hidden or protected");
	return false;
}

static bool symbol_option(struct as *s, struct symbol_row *r)
{
	const char *key;
	size_t len;

	if (!as_want_word(s, "name=, type=, bind=, visibility=, section=, value=, size= or named", &key, &len))
		return false;
	if (as_word_is(key, len, "named"))
		return r->named = true;
	as_blanks(s);
	if (*s->p != '=') {
		as_error(s, s->p, 0, DIAG_ASM_SYNTAX, "a '=' is expected here");
		return false;
	}
	s->p++;
	if (as_word_is(key, len, "name"))
		return (r->elf_name = as_name(s, "a name")) != NULL;
	if (as_word_is(key, len, "section"))
		return (r->section = as_name(s, "a section's name")) != NULL;
	if (as_word_is(key, len, "type"))
		return r->type_set = parse_type(s, &r->type);
	if (as_word_is(key, len, "bind") || as_word_is(key, len, "visibility"))
		return symbol_word(s, r, key, len);
	if (as_word_is(key, len, "value"))
		return r->value_set = as_expr_now(s, &r->value);
	if (as_word_is(key, len, "size"))
		return r->size_set = as_expr_now(s, &r->size);
	as_error(s, key, len, DIAG_ASM_SYNTAX, "a symbol has name, type, bind, visibility, section, value, size");
	return false;
}

/* A row of the symbol table. Sections that are named before they are switched to come into being here, with the flags
 * that their names tell; a later .section may not change them, so iovdump prints sections first. */
void as_dir_symbol(struct as *s, int arg, const char *at)
{
	struct symbol_row r = {0};
	const char *start;
	struct as_section *x = NULL;
	struct as_symbol *y;
	uint32_t id;

	(void)arg;
	as_blanks(s);
	start = s->p;
	id = as_want_symbol(s);
	if (!id)
		return;
	while (as_comma(s))
		if (!symbol_option(s, &r))
			return;
	if (r.section && !(x = as_section_find(s, r.section))) {
		as_error(s, at, 0, DIAG_ASM_SECTION, "there is no section %s yet", r.section);
		return;
	}
	if (x && !r.value_set)
		id = x->symbol;
	y = as_sym(s, id);
	if (y->fixed_order) {
		as_error(s, start, 0, DIAG_ASM_DUPLICATE, "this symbol has its row already");
		return;
	}
	y->fixed_order = true;
	y->named_reloc |= r.named;
	if (r.elf_name)
		y->elf_name = r.elf_name;
	if (r.type_set)
		y->type = r.type;
	if (y->type == STT_FILE)
		y->kind = AS_FILE;
	if (r.bind_set)
		y->bind = r.bind, y->bind_set = true;
	if (r.visibility_set)
		y->visibility = r.visibility;
	if (r.size_set)
		y->size = (struct as_value){.n = r.size}, y->size_at = at;
	if (x && r.value_set) {
		y->kind = AS_EQUATE;
		y->value = (struct as_value){.n = r.value, .add = x->symbol};
		y->at = start;
	} else if (r.value_set) {
		y->kind = AS_EQUATE;
		y->value = (struct as_value){.n = r.value};
		y->at = start;
	}
	add_order(s, id);
}

void as_dir_reloc(struct as *s, int arg, const char *at)
{
	static const struct {
		const char *name;
		uint8_t type;
	} relocs[] = {
		{"R_BPF_NONE", 0},     {"R_BPF_64_64", 1},       {"R_BPF_64_ABS64", 2},
		{"R_BPF_64_ABS32", 3}, {"R_BPF_64_NODYLD32", 4}, {"R_BPF_64_32", 10},
	};
	struct as_section *x = as_section_now(s);
	struct as_value place, v;
	struct as_fixup *f;
	const char *word, *value_at;
	uint64_t type = 256;
	int64_t offset;
	uint32_t base;
	size_t len;

	(void)arg;
	if (!x || !as_expr(s, &place) || !as_want_comma(s))
		return;
	if (as_is(*s->p, AS_C_DIGIT)) {
		if (!as_number(s, &type))
			return;
	} else {
		if (!as_want_word(s, "a relocation type", &word, &len))
			return;
		for (size_t i = 0; i < sizeof(relocs) / sizeof(*relocs); i++)
			if (as_word_is(word, len, relocs[i].name))
				type = relocs[i].type;
	}
	if (type > 255) {
		as_error(s, at, 0, DIAG_ASM_SYNTAX, "there is no such type of relocation");
		return;
	}
	if (!as_want_comma(s))
		return;
	value_at = s->p;
	if (!as_expr(s, &v))
		return;
	switch (as_evaluate(s, &place, false, &offset, &base)) {
	case AS_SYMBOLIC:
		if (as_sym(s, base)->kind == AS_LABEL && as_sym(s, base)->section == x->elf_index) {
			offset += as_sym(s, base)->offset;
			break;
		}
		/* fall through */
	case AS_UNKNOWN:
		as_error(s, at, 0, DIAG_ASM_SYNTAX, "the place of a relocation must be known here");
		return;
	default:
		break;
	}
	if (offset < 0 || offset > 1 << 30) {
		as_error(s, at, 0, DIAG_ASM_RANGE, "the place of a relocation lies outside its section");
		return;
	}
	if ((f = as_fix(s, x, value_at, (uint32_t)offset, AS_FIX_RELOC, &v)))
		f->type = (uint8_t)type;
}
