/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: modules said in one line each: .license, .program, .param, .map. What has a type is handed to asm/types as the
 * C declaration that it stands for, so that there is one way to types. */
#include "asm/as_part.h"

#include "asm/dump_part.h"

#include <inttypes.h>
#include <linux/bpf.h>
#include <stdio.h>

struct program {
	uint32_t symbol;
	const char *at;
	const struct iov_prog_type *type;
	struct program *next;
};
/* A map, for those that hold maps like it. */
struct known_map {
	const char *name, *body; /* "struct { … }" */
	struct known_map *next;
};
struct as_module {
	struct program *programs, **tail;
	struct known_map *maps;
	bool licensed;
};

static struct as_module *module(struct as *s)
{
	if (!s->module) {
		s->module = ARENA_NEW(s->arena, struct as_module);
		if (!s->module)
			return as_oom(s);
		s->module->tail = &s->module->programs;
	}
	return s->module;
}

/* key=value with the place of the value; false: the end, or diagnosed. */
struct option {
	const char *key, *at;
	size_t len;
};

static bool next_option(struct as *s, struct option *o)
{
	if (s->bad || !as_comma(s))
		return false;
	as_blanks(s);
	if (*s->p == '[')
		return false; /* the values of a map */
	if (!as_want_word(s, "an option such as type=", &o->key, &o->len))
		return false;
	as_blanks(s);
	if (*s->p != '=') {
		as_error(s, s->p, 0, DIAG_ASM_SYNTAX, "a '=' is expected here");
		return false;
	}
	s->p++;
	as_blanks(s);
	o->at = s->p;
	return true;
}

/* Text up to a comma or the end of the statement: "struct flow", "tc/ingress"; a string without its quotes. */
static const char *option_text(struct as *s)
{
	const char *text, *p = s->p;
	size_t len;

	if (*p == '"')
		return as_string(s, &text, &len) ? text : NULL;
	while (!as_is(*p, AS_C_END) && *p != ',')
		p++;
	len = (size_t)(p - s->p);
	while (len && as_is(s->p[len - 1], AS_C_BLANK))
		len--;
	if (!len) {
		as_error(s, s->p, 0, DIAG_ASM_SYNTAX, "a value is expected here");
		return NULL;
	}
	text = arena_copy(s->arena, s->p, len);
	s->p = p;
	return text ? text : as_oom(s);
}

static void wrong_option(struct as *s, const struct option *o, const char *all)
{
	diag_hint(as_error(s, o->key, o->len, DIAG_ASM_MODULE, "there is no option '%.*s' here",
			   (int)(o->len > 40 ? 40 : o->len), o->key),
		  "there are %s", all);
}

/* A variable of so many bytes in a section, with a symbol; the bytes follow. */
static bool begin_variable(struct as *s, const char *section, uint64_t flags, const char *name, const char *at,
			   uint64_t size, uint64_t align, uint8_t bind)
{
	struct as_section *x = as_section_get(s, section, SHT_PROGBITS, flags, 0);
	uint32_t id = x ? as_intern(s, name, strlen(name)) : 0;
	struct as_symbol *y;

	if (!id)
		return false;
	s->cur = x;
	as_align(s, align, 0, 0);
	if (!as_define_label(s, id, at))
		return false;
	y = as_sym(s, id);
	y->type = STT_OBJECT;
	y->bind = bind;
	y->bind_set = true;
	y->size = (struct as_value){.n = (int64_t)size};
	y->size_at = at;
	return true;
}

void as_dir_license(struct as *s, int arg, const char *at)
{
	struct as_module *m = module(s);
	struct as_section *back;
	const char *text;
	size_t len;

	(void)arg;
	if (!m || !as_string(s, &text, &len))
		return;
	if (m->licensed) {
		as_error(s, at, 0, DIAG_ASM_DUPLICATE, "the licence is given twice");
		return;
	}
	m->licensed = true;
	back = s->cur;
	if (begin_variable(s, "license", SHF_ALLOC | SHF_WRITE, "_license", at, len + 1, 1, STB_GLOBAL)) {
		as_emit_data(s, text, len + 1);
		as_types_declare(s, ".license", at, arena_printf(s->arena, "char _license[%zu];", len + 1));
	}
	s->cur = back;
}

/* --- .program --- */

static bool take_type(struct as *s, const struct option *o, const char *text, const struct iov_prog_type **type)
{
	const struct iov_section_name *section = catalogue_section(text);
	const struct iov_prog_type *named = catalogue_prog_type_by_name(text);

	if (!section && !named) {
		diag_hint(as_error(s, o->at, strlen(text), DIAG_ASM_MODULE, "there is no program type '%s'", text),
			  "xdp, tc, tc/ingress, socket, cgroup_skb/ingress, kprobe/FUNCTION, …: as section names in C");
		return false;
	}
	*type = catalogue_prog_type(section ? section->type : named->id);
	if (s->platform && *type && !platform_prog_type(s->platform, (*type)->id)) {
		as_error(s, o->at, strlen(text), DIAG_ASM_TARGET, "platform %s has no programs of type %s",
			 s->platform->name, (*type)->name);
		return false;
	}
	return true;
}

static const char *section_of(struct as *s, const struct option *o, const char *text, const struct iov_prog_type *type)
{
	const struct iov_section_name *row = catalogue_section(text);

	if (row)
		return text;
	row = type ? catalogue_section_of(type->id) : NULL;
	if (row)
		return row->prefix;
	as_error(s, o->at, strlen(text), DIAG_ASM_MODULE, "no section name stands for type %s: say section=", text);
	return NULL;
}

static void begin_program(struct as *s, const char *name_at, uint32_t id, const char *section,
			  const struct iov_prog_type *type)
{
	struct as_module *m = module(s);
	struct program *p = ARENA_NEW(s->arena, struct program);
	struct as_section *x = as_section_get(s, section, SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 0);

	if (!m || !p || !x) {
		as_oom(s);
		return;
	}
	as_section_switch(s, x);
	if (!as_begin_function(s, x, name_at))
		return;
	as_align(s, 8, 0, 0);
	*p = (struct program){.symbol = id, .at = name_at, .type = type};
	*m->tail = p;
	m->tail = &p->next;
	as_types_declare(s, NULL, NULL, NULL); /* lines count from here */
	as_sym(s, id)->type = STT_FUNC;
	as_sym(s, id)->bind = STB_GLOBAL;
	as_sym(s, id)->bind_set = true;
	s->func = id;
	s->func_at = name_at;
	s->func_is_program = true;
	as_define_label(s, id, name_at);
}

/* .program NAME, type=xdp */
void as_dir_program(struct as *s, int arg, const char *at)
{
	const struct iov_prog_type *type = NULL;
	const char *name_at, *text, *section = NULL, *type_text = NULL;
	struct option o, type_option = {0};
	uint32_t id;

	(void)arg;
	as_blanks(s);
	name_at = s->p;
	if (!(id = as_want_symbol(s)))
		return;
	while (next_option(s, &o)) {
		if (!(text = option_text(s)))
			return;
		if (as_word_is(o.key, o.len, "type")) {
			type_option = o;
			type_text = text;
			if (!take_type(s, &o, text, &type))
				return;
		} else if (as_word_is(o.key, o.len, "section")) {
			section = text;
		} else {
			wrong_option(s, &o, "type= and section=");
			return;
		}
	}
	if (s->bad)
		return;
	if (!type_text && !section) {
		diag_hint(as_error(s, at, 0, DIAG_ASM_MODULE, "a program needs a type"), ".program %s, type=xdp",
			  as_symbol_name(s, id));
		return;
	}
	if (!section && !(section = section_of(s, &type_option, type_text, type)))
		return;
	as_close_program(s);
	if (s->func)
		diag_why(as_error(s, at, 0, DIAG_ASM_BLOCK, "a program begins inside a function"),
			 as_span(s, s->func_at, 0), "%s has no .endfunc yet", as_symbol_name(s, s->func));
	else
		begin_program(s, name_at, id, section, type);
}

/* A program goes on to the next one, to another section or to the end of the text, unless .endfunc ends it. */
void as_close_program(struct as *s)
{
	if (s->func && s->func_is_program)
		as_end_function(s, s->func_at);
}

/* --- .param --- */

static const struct {
	const char *name, *c;
	uint8_t size;
	bool is_signed;
} param_types[] = {
	{"u8", "unsigned char", 1, false}, {"u16", "unsigned short", 2, false},
	{"u32", "unsigned int", 4, false}, {"u64", "unsigned long long", 8, false},
	{"s8", "signed char", 1, true},    {"s16", "short", 2, true},
	{"s32", "int", 4, true},           {"s64", "long long", 8, true},
	{"bool", "_Bool", 1, false},       {"int", "int", 4, true},
};

static bool param_fits(int64_t n, unsigned size, bool is_signed)
{
	if (size == 8)
		return true;
	return is_signed ? n >= -(1ll << (size * 8 - 1)) && n < 1ll << (size * 8 - 1) : n >= 0 && n < 1ll << size * 8;
}

/* .param NAME, TYPE, VALUE: a constant in .rodata that loaders may set. */
void as_dir_param(struct as *s, int arg, const char *at)
{
	const char *name, *word, *value_at;
	struct as_section *back = s->cur;
	size_t name_len, len, i;
	int64_t value;

	(void)arg;
	if (!as_want_word(s, "the parameter's name", &name, &name_len) || !as_want_comma(s) ||
	    !as_want_word(s, "a type such as u32", &word, &len))
		return;
	if (len > 2 && word[0] == '_' && word[1] == '_')
		word += 2, len -= 2;
	for (i = 0; i < sizeof(param_types) / sizeof(*param_types); i++)
		if (as_word_is(word, len, param_types[i].name))
			break;
	if (i == sizeof(param_types) / sizeof(*param_types)) {
		as_error(s, word, len, DIAG_ASM_MODULE, "a parameter is u8, u16, u32, u64, s8, s16, s32, s64 or bool");
		return;
	}
	if (!as_want_comma(s))
		return;
	value_at = s->p;
	if (!as_expr_now(s, &value))
		return;
	if (!param_fits(value, param_types[i].size, param_types[i].is_signed)) {
		as_error(s, value_at, 0, DIAG_ASM_RANGE, "the value does not fit in %s", param_types[i].name);
		return;
	}
	name = arena_copy(s->arena, name, name_len);
	if (!name) {
		as_oom(s);
		return;
	}
	if (begin_variable(s, ".rodata", SHF_ALLOC, name, at, param_types[i].size, param_types[i].size, STB_GLOBAL)) {
		as_emit_int(s, (uint64_t)value, param_types[i].size);
		as_types_declare(s, ".param", at,
				 arena_printf(s->arena, "const volatile %s %s;", param_types[i].c, name));
	}
	s->cur = back;
}

/* --- .map --- */

struct map {
	const struct iov_map_type *type;
	const char *key, *value, *pinning, *inner; /* C types, or NULL */
	uint64_t key_size, value_size, entries, flags, extra, numa;
	bool has_numa;
};

static bool take_map_type(struct as *s, const struct option *o, struct map *m)
{
	const char *text = option_text(s), *best = NULL;
	unsigned least = 4;
	struct iov_diag *d;

	if (!text)
		return false;
	m->type = catalogue_map_type_by_name(text);
	if (!m->type) {
		for (uint32_t i = 1; i <= catalogue_map_type_count(); i++) {
			const struct iov_map_type *t = catalogue_map_type(i);
			unsigned distance = t && t->name ? text_distance(text, t->name, 4) : 9;

			if (distance < least)
				least = distance, best = t->name;
		}
		d = as_error(s, o->at, strlen(text), DIAG_ASM_MODULE, "there is no map type '%s'", text);
		if (best)
			diag_hint(d, "did you mean '%s'?", best);
		return false;
	}
	if (s->platform && !platform_map_type(s->platform, m->type->id)) {
		as_error(s, o->at, strlen(text), DIAG_ASM_TARGET, "platform %s has no maps of type %s",
			 s->platform->name, text);
		return false;
	}
	return true;
}

static bool take_count(struct as *s, const struct option *o, uint64_t *out)
{
	int64_t n;

	if (!as_expr_now(s, &n))
		return false;
	if (n < 0 || n > UINT32_MAX) {
		as_error(s, o->at, 0, DIAG_ASM_RANGE, "the number does not fit in 32 bits");
		return false;
	}
	*out = (uint64_t)n;
	return true;
}

/* A number of bytes, or a C type. */
static bool take_side(struct as *s, const struct option *o, const char **type, uint64_t *size)
{
	if (as_is(*s->p, AS_C_DIGIT) || *s->p == '(')
		return take_count(s, o, size);
	return (*type = option_text(s)) != NULL;
}

/* no_prealloc|rdonly_prog, or a number. */
static bool take_flags(struct as *s, const struct option *o, uint64_t *flags)
{
	const char *text;

	if (as_is(*s->p, AS_C_DIGIT))
		return take_count(s, o, flags);
	if (!(text = option_text(s)))
		return false;
	while (*text) {
		size_t len = strcspn(text, "| ");
		unsigned bit = 0;

		while (bit < 32 && !(dump_map_flag(bit) && as_word_is(text, len, dump_map_flag(bit))))
			bit++;
		if (len && bit == 32) {
			as_error(s, o->at, 0, DIAG_ASM_MODULE, "there is no map flag '%.*s'", (int)len, text);
			return false;
		}
		*flags |= len ? 1u << bit : 0;
		text += len + (text[len] != 0);
	}
	return true;
}

/* A map of this text, or a struct of a .btf block: what each value is like. */
static bool take_inner(struct as *s, const struct option *o, struct map *m)
{
	const struct known_map *known = module(s) ? s->module->maps : NULL;
	const char *text = option_text(s);

	if (!text)
		return false;
	while (known && strcmp(known->name, text))
		known = known->next;
	m->inner = known ? known->body : text;
	if (known || !strncmp(text, "struct ", 7))
		return true;
	diag_hint(as_error(s, o->at, strlen(text), DIAG_ASM_MODULE, "no .map %s stands above this line", text),
		  "inner= names a map, or a struct of a .btf block: inner=struct %s", text);
	return false;
}

static bool take_map_option(struct as *s, const struct option *o, struct map *m)
{
	if (as_word_is(o->key, o->len, "type"))
		return take_map_type(s, o, m);
	if (as_word_is(o->key, o->len, "key"))
		return take_side(s, o, &m->key, &m->key_size);
	if (as_word_is(o->key, o->len, "value"))
		return take_side(s, o, &m->value, &m->value_size);
	if (as_word_is(o->key, o->len, "entries"))
		return take_count(s, o, &m->entries);
	if (as_word_is(o->key, o->len, "flags"))
		return take_flags(s, o, &m->flags);
	if (as_word_is(o->key, o->len, "extra"))
		return take_count(s, o, &m->extra);
	if (as_word_is(o->key, o->len, "numa"))
		return m->has_numa = take_count(s, o, &m->numa);
	if (as_word_is(o->key, o->len, "pinning")) {
		m->pinning = option_text(s);
		if (m->pinning && strcmp(m->pinning, "name") && strcmp(m->pinning, "none"))
			as_error(s, o->at, 0, DIAG_ASM_MODULE, "pinning is name or none");
		return m->pinning && !s->bad;
	}
	if (as_word_is(o->key, o->len, "inner"))
		return take_inner(s, o, m);
	wrong_option(s, o, "type, key, value, entries, flags, pinning, inner, extra and numa");
	return false;
}

static bool check_side(struct as *s, const char *at, const struct map *m, const char *what, bool wanted, uint32_t fixed,
		       bool given, uint64_t size)
{
	if (given && !wanted)
		as_error(s, at, 0, DIAG_ASM_MODULE, "a map of type %s has no %s", m->type->name, what);
	else if (!given && wanted)
		as_error(s, at, 0, DIAG_ASM_MODULE, "a map of type %s needs %s=", m->type->name, what);
	else if (fixed && size && size != fixed)
		as_error(s, at, 0, DIAG_ASM_MODULE, "the %s of a map of type %s has %u bytes, not %" PRIu64, what,
			 m->type->name, fixed, size);
	return !s->bad;
}

static void number_member(struct iov_buf *out, const char *name, uint64_t n, uint32_t *members)
{
	buf_printf(out, "int (*%s)[%" PRIu64 "]; ", name, n);
	++*members;
}

static void type_member(struct iov_buf *out, const char *name, const char *type, uint64_t size, uint32_t *members)
{
	char sized[16];

	snprintf(sized, sizeof(sized), "%s_size", name);
	if (type) {
		size_t base = strcspn(type, "["); /* "char[16]" is an array */

		buf_printf(out, type[base] ? "%.*s (*%s)%s; " : "%.*s *%s%s; ", (int)base, type, name, type + base);
		++*members;
	} else if (size) {
		number_member(out, sized, size, members);
	}
}

static bool holds_maps(const struct map *m)
{
	return m->type->id == BPF_MAP_TYPE_ARRAY_OF_MAPS || m->type->id == BPF_MAP_TYPE_HASH_OF_MAPS;
}

static bool check_map(struct as *s, const char *at, const struct map *m, bool has_values)
{
	bool refers = holds_maps(m) || m->type->id == BPF_MAP_TYPE_PROG_ARRAY;

	if (!check_side(s, at, m, "key", m->type->has_key, m->type->key_size, m->key || m->key_size, m->key_size))
		return false;
	if (has_values && !refers)
		as_error(s, at, 0, DIAG_ASM_MODULE, "a map of type %s does not hold programs or maps", m->type->name);
	else if (m->inner && !holds_maps(m))
		as_error(s, at, 0, DIAG_ASM_MODULE, "a map of type %s has no inner map", m->type->name);
	else if (!m->inner && holds_maps(m))
		diag_hint(as_error(s, at, 0, DIAG_ASM_MODULE, "a map of type %s needs inner=", m->type->name),
			  "the name of a .map above that its values are like");
	if (s->bad || m->inner || has_values) /* the value is a reference: 4 bytes */
		return !s->bad;
	return check_side(s, at, m, "value", m->type->has_value, 0, m->value || m->value_size, m->value_size);
}

static void know_map(struct as *s, const char *name, const struct iov_buf *text)
{
	struct known_map *known = module(s) ? ARENA_NEW(s->arena, struct known_map) : NULL;

	if (!known || !(known->body = arena_copy(s->arena, text->data, text->len))) {
		as_oom(s);
		return;
	}
	known->name = name;
	known->next = s->module->maps;
	s->module->maps = known;
}

/* .map NAME, type=…: what libbpf's macros make in C: members whose types say the numbers. */
void as_dir_map(struct as *s, int arg, const char *at)
{
	struct as_section *back = s->cur;
	const char *name_at, *name;
	struct iov_buf text;
	struct map m = {0};
	uint32_t members = 0;
	struct option o;
	bool has_values;

	(void)arg;
	as_blanks(s);
	name_at = s->p;
	if (!(name = as_name(s, "the map's name")))
		return;
	if (as_map_is_declared(s)) {
		as_map_declared(s, name, name_at);
		return;
	}
	while (next_option(s, &o))
		if (!take_map_option(s, &o, &m))
			return;
	if (s->bad)
		return;
	if (!m.type) {
		diag_hint(as_error(s, at, 0, DIAG_ASM_MODULE, "a map needs a type"),
			  ".map %s, type=hash, key=4, value=8, entries=1024", name);
		return;
	}
	has_values = *s->p == '[';
	if (!check_map(s, at, &m, has_values))
		return;
	buf_init(&text, s->alloc);
	buf_puts(&text, "struct { ");
	number_member(&text, "type", m.type->id, &members);
	type_member(&text, "key", m.key, m.key_size, &members);
	type_member(&text, "value", m.value, m.value_size, &members);
	if (m.entries)
		number_member(&text, "max_entries", m.entries, &members);
	if (m.flags)
		number_member(&text, "map_flags", m.flags, &members);
	if (m.extra)
		number_member(&text, "map_extra", m.extra, &members);
	if (m.has_numa)
		number_member(&text, "numa_node", m.numa, &members);
	if (m.pinning && !strcmp(m.pinning, "name"))
		number_member(&text, "pinning", 1, &members);
	if (m.inner)
		buf_printf(&text, "%s *values[]; ", m.inner);
	else if (has_values)
		buf_puts(&text, "int (*values[])(void *ctx); ");
	buf_puts(&text, "}");
	know_map(s, name, &text);
	buf_printf(&text, " %s;", name);
	if (text.failed) {
		as_oom(s);
	} else if (begin_variable(s, ".maps", SHF_ALLOC | SHF_WRITE, name, name_at, members * 8, 8, STB_GLOBAL)) {
		as_emit_zero(s, members * 8, 0);
		if (has_values)
			as_sym(s, as_intern(s, name, strlen(name)))->size.n = (int64_t)as_map_values(s, members * 8);
		as_types_declare(s, ".map", at, arena_copy(s->arena, text.data, text.len));
	}
	buf_free(&text);
	s->cur = back;
}

void as_module_finish(struct as *s)
{
	as_close_program(s);
	for (struct program *p = s->module ? s->module->programs : NULL; p; p = p->next) {
		const char *name = as_symbol_name(s, p->symbol), *ctx = p->type ? p->type->ctx_name : NULL;

		if (as_types_declares(s, name))
			continue;
		as_types_declare(s, ".program", p->at,
				 ctx ? arena_printf(s->arena, "int %s(struct %s *ctx);", name, ctx)
				     : arena_printf(s->arena, "int %s(void *ctx);", name));
	}
}
