/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the directives that choose sections. */
#include "asm/as_part.h"

#include <stdlib.h>

struct as_pushed {
	struct as_section *cur, *previous;
	struct as_pushed *below;
};

static bool name_begins(const char *name, const char *prefix)
{
	size_t len = strlen(prefix);

	return !strncmp(name, prefix, len) && (!name[len] || name[len] == '.');
}

/* What a section is when nothing else is said. */
static void by_name(const char *name, uint32_t *type, uint64_t *flags)
{
	*type = name_begins(name, ".bss") ? SHT_NOBITS : SHT_PROGBITS;
	if (name_begins(name, ".text") || catalogue_section(name))
		*flags = SHF_ALLOC | SHF_EXECINSTR;
	else if (name_begins(name, ".rodata"))
		*flags = SHF_ALLOC;
	else if (name_begins(name, ".BTF") || !strncmp(name, ".debug", 6) || !strncmp(name, ".comment", 8) ||
		 !strcmp(name, ".iov.manifest"))
		*flags = 0;
	else
		*flags = SHF_ALLOC | SHF_WRITE;
}

void as_dir_text(struct as *s, int arg, const char *at)
{
	static const char *const names[] = {".text", ".data", ".rodata", ".bss"};
	uint64_t flags;
	uint32_t type;

	(void)at;
	as_close_program(s);
	by_name(names[arg], &type, &flags);
	as_section_switch(s, as_section_get(s, names[arg], type, flags, 0));
}

static bool parse_flags(struct as *s, const char *text, size_t len, const char *at, uint64_t *flags)
{
	static const char letters[] = "awxMSeoGT?";
	static const uint64_t bits[] = {SHF_ALLOC,  SHF_WRITE,      SHF_EXECINSTR, SHF_MERGE, SHF_STRINGS,
					0x80000000, SHF_LINK_ORDER, SHF_GROUP,     SHF_TLS,   0};
	char *end;

	*flags = 0;
	if (len && as_is(*text, AS_C_DIGIT)) {
		*flags = strtoull(text, &end, 0);
		return !*end || (as_error(s, at, 0, DIAG_ASM_SYNTAX, "the flags are letters or a number"), false);
	}
	for (size_t i = 0; i < len; i++) {
		const char *letter = text[i] ? strchr(letters, text[i]) : NULL;

		if (!letter || *letter == 'G') {
			as_error(s, at, 0, DIAG_ASM_SYNTAX,
				 letter ? "section groups are not supported"
					: "the flags are of a, w, x, M, S, e and o");
			return false;
		}
		*flags |= bits[letter - letters];
	}
	return true;
}

bool as_type_word(struct as *s, const struct as_type_word *words, size_t count, const char *wanted, const char *all,
		  uint32_t *type)
{
	const char *word;
	uint64_t number;
	size_t len;

	as_blanks(s);
	if (*s->p == '@' || *s->p == '%')
		s->p++;
	if (as_is(*s->p, AS_C_DIGIT)) {
		if (!as_number(s, &number))
			return false;
		*type = (uint32_t)number;
		return true;
	}
	if (!as_want_word(s, wanted, &word, &len))
		return false;
	for (size_t i = 0; i < count; i++)
		if (as_word_is(word, len, words[i].name)) {
			*type = words[i].type;
			return true;
		}
	as_error(s, word, len, DIAG_ASM_SYNTAX, "%s", all);
	return false;
}

static bool parse_type(struct as *s, uint32_t *type)
{
	static const struct as_type_word types[] = {
		{"progbits", SHT_PROGBITS},     {"nobits", SHT_NOBITS},         {"note", SHT_NOTE},
		{"init_array", SHT_INIT_ARRAY}, {"fini_array", SHT_FINI_ARRAY},
	};

	return as_type_word(s, types, sizeof(types) / sizeof(*types), "a type such as @progbits",
			    "a section's type is @progbits, @nobits, @note or a number", type);
}

/* The name of a section may be any run without a comma: "tc/ingress", "?xdp", "kprobe/f+0x8". */
static const char *section_name(struct as *s)
{
	const char *start, *end;

	as_blanks(s);
	start = s->p;
	if (*start == '"')
		return as_name(s, "a section's name");
	for (end = start; *end && !strchr(" \t\r\n,;#", *end); end++)
		;
	if (end == start) {
		as_error(s, start, 0, DIAG_ASM_SYNTAX, "a section's name is expected here");
		return NULL;
	}
	s->p = end;
	start = arena_copy(s->arena, start, (size_t)(end - start));
	return start ? start : as_oom(s);
}

static void check_again(struct as *s, const struct as_section *x, uint32_t type, uint64_t flags, const char *at)
{
	struct iov_diag *d;

	if (x->flags == flags && x->type == type)
		return;
	d = as_error(s, at, 0, DIAG_ASM_SECTION, "section %s had other flags or another type before", x->name);
	if (x->at)
		diag_why(d, as_span(s, x->at, 0), "it was made here");
}

/* Exactly this alignment, whatever is usual; .align may raise it. */
static bool parse_align(struct as *s, uint64_t *align)
{
	const char *at = s->p;

	if (!as_number(s, align))
		return false;
	if (*align && *align <= 1 << 20 && !(*align & (*align - 1)))
		return true;
	as_error(s, at, 0, DIAG_ASM_RANGE, "an alignment is a power of two up to 1 MiB");
	return false;
}

void as_dir_section(struct as *s, int push, const char *at)
{
	const char *name = section_name(s), *text;
	uint64_t flags, entsize = 0, align = 0;
	struct as_section *x;
	bool given = false;
	uint32_t type;
	size_t len;

	if (!name)
		return;
	by_name(name, &type, &flags);
	if (as_comma(s)) {
		const char *flags_at = s->p;

		given = true;
		if (!as_string(s, &text, &len) || !parse_flags(s, text, len, flags_at, &flags))
			return;
		if (as_comma(s) && !parse_type(s, &type))
			return;
		if (as_comma(s) && !as_number(s, &entsize))
			return;
		if (as_comma(s) && !parse_align(s, &align))
			return;
	}
	if (push)
		as_push_section(s);
	else
		as_close_program(s);
	x = as_section_find(s, name);
	if (x && given)
		check_again(s, x, type, flags, at);
	if (!x && (x = as_section_get(s, name, type, flags, entsize)))
		x->at = at;
	if (x && align)
		x->align = align;
	as_section_switch(s, x);
}

void as_push_section(struct as *s)
{
	struct as_pushed *p = ARENA_NEW(s->arena, struct as_pushed);

	if (!p) {
		as_oom(s);
		return;
	}
	*p = (struct as_pushed){as_section_now(s), s->previous, s->pushed};
	s->pushed = p;
}

void as_dir_popsection(struct as *s, int arg, const char *at)
{
	(void)arg;
	if (!s->pushed) {
		as_error(s, at, 0, DIAG_ASM_BLOCK, ".popsection without .pushsection");
		return;
	}
	s->cur = s->pushed->cur;
	s->previous = s->pushed->previous;
	s->pushed = s->pushed->below;
}

void as_dir_previous(struct as *s, int arg, const char *at)
{
	(void)arg;
	if (!s->previous)
		as_error(s, at, 0, DIAG_ASM_SECTION, "there was no section before this one");
	else
		as_section_switch(s, s->previous);
}

/* .bss for .comm, with its flags. */
struct as_section *as_section_bss(struct as *s)
{
	return as_section_get(s, ".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, 0);
}
