/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the way from the assembler's text to asm/types: .btf blocks, records before instructions, maps, the byte order.
 * HACKING.md, "Types and records in assembly", says what they mean. */
#include "asm/as_insn.h"
#include "asm/types/types.h"

/* Instructions seen since types were declared, for line records of the text itself. */
struct as_place {
	const char *at;
	uint32_t section, offset;
};
struct as_types {
	struct types *types;
	struct as_place *places;
	uint32_t count, room;
};

static struct iov_span span_of(void *ud, const char *at, size_t len)
{
	return as_span(ud, at, len);
}

struct types *as_types_of(struct as *s)
{
	if (s->types)
		return s->types->types;
	s->types = ARENA_NEW(s->arena, struct as_types);
	if (!s->types || !(s->types->types = types_open(s->arena, s->sink, span_of, s))) {
		s->types = NULL;
		return as_oom(s);
	}
	return s->types->types;
}

static void took(struct as *s, enum iov_status status);

/* A declaration that a directive stands for, as a text of its own; NULL: from here on there are types. */
void as_types_declare(struct as *s, const char *what, const char *at, const char *declaration)
{
	struct types *t = as_types_of(s);
	struct as_source *source;

	if (!t || !what)
		return;
	if (!declaration) {
		as_oom(s);
		return;
	}
	source = as_source_add(s, s->main_name, declaration, declaration + strlen(declaration));
	if (!source)
		return;
	source->from = as_source_of(s, at);
	source->at = source->origin = at;
	source->macro = what;
	took(s, types_block(t, &(struct types_text){declaration, strlen(declaration)}));
}

bool as_types_declares(const struct as *s, const char *function)
{
	return s->types && types_declares(s->types->types, function);
}

static void took(struct as *s, enum iov_status status)
{
	if (status == IOV_NOMEM)
		as_oom(s);
	else if (status)
		s->errors++;
}

/* To the end of the line or statement: over strings and comments. */
static struct types_text rest_of_statement(struct as *s)
{
	struct types_text text = {s->p, 0};
	const char *p = s->p, *end = s->frame->source->end;

	while (p < end && *p != '\n' && *p != ';') {
		if (*p == '#' || (*p == '/' && p[1] == '/')) {
			while (p < end && *p != '\n')
				p++;
			break;
		}
		if (*p++ != '"')
			continue;
		while (p < end && *p != '\n' && *p != '"')
			p += *p == '\\' && p + 1 < end ? 2 : 1;
		p += p < end && *p == '"';
	}
	text.len = (size_t)(p - s->p);
	s->p = p;
	return text;
}

/* What follows .endbtf when a line begins with it, or NULL. */
static const char *behind_endbtf(const char *line, const char *end)
{
	while (*line == ' ' || *line == '\t')
		line++;
	return end - line >= 7 && !memcmp(line, ".endbtf", 7) && !as_is(line[7], AS_C_WORD) ? line + 7 : NULL;
}

/* .btf … .endbtf. Markers of the C preprocessor in it are kept first, for the positions of what is said about it. */
void as_dir_btf(struct as *s, int arg, const char *at)
{
	struct types *t = as_types_of(s);
	const char *end = s->frame->source->end, *line, *behind;
	struct types_text text;

	(void)arg;
	as_blanks(s);
	if (*s->p == '#') /* a comment of the assembler's */
		as_skip_line(s);
	text.s = line = s->p;
	while (t && (line = memchr(line, '\n', (size_t)(end - line)))) {
		s->p = ++line;
		if (*line == '#')
			as_marker(s);
		behind = behind_endbtf(line, end);
		if (!behind)
			continue;
		s->p = behind;
		text.len = (size_t)(line - text.s);
		took(s, types_block(t, &text));
		return;
	}
	as_error(s, at, 0, DIAG_ASM_BLOCK, "this .btf block has no .endbtf");
	s->p = end;
}

void as_dir_endbtf(struct as *s, int arg, const char *at)
{
	(void)arg;
	as_error(s, at, 0, DIAG_ASM_BLOCK, "there is no .btf block to end here");
}

/* The directives that asm/types reads itself. */
void as_dir_record(struct as *s, int arg, const char *at)
{
	static const char *const names[] = {"line", "core", "btf_func", "btf_string", "btf_form", "btf_auto"};
	struct types *t = as_types_of(s);
	struct as_section *x = arg < 3 ? as_section_now(s) : NULL;
	struct types_text text;

	(void)at;
	as_blanks(s);
	text = rest_of_statement(s);
	if (t && (x || arg >= 3))
		took(s, types_directive(t, names[arg], &text,
					(struct types_at){x ? x->elf_index : 0, x ? as_flat(x) : 0}));
}

/* .endian big | little */
void as_dir_endian(struct as *s, int arg, const char *at)
{
	const char *word;
	size_t len;
	bool big;

	(void)arg;
	if (!as_want_word(s, "big or little", &word, &len))
		return;
	big = as_word_is(word, len, "big");
	if (!big && !as_word_is(word, len, "little")) {
		as_error(s, word, len, DIAG_ASM_SYNTAX, "the byte order is big or little");
		return;
	}
	for (uint32_t i = 1; big != s->big && i < s->section_count; i++)
		if (s->sections[i]->data.len) {
			as_error(s, at, 0, DIAG_ASM_SYNTAX, "the byte order has to be said before the first byte");
			return;
		}
	s->big = big;
}

void as_types_instruction(struct as *s, const char *at, uint32_t section, uint32_t offset)
{
	struct as_types *t = s->types;

	if (!t)
		return;
	if (t->count == t->room) {
		uint32_t room = t->room ? t->room * 2 : 256;
		void *more = alloc_resize(s->alloc, t->places, t->room * sizeof(*t->places), room * sizeof(*t->places));

		if (!more) {
			as_oom(s);
			return;
		}
		t->places = more;
		t->room = room;
	}
	t->places[t->count++] = (struct as_place){at, section, offset};
}

void as_types_free(struct as *s)
{
	if (s->types)
		alloc_free(s->alloc, s->types->places, s->types->room * sizeof(*s->types->places));
}

/* Line records that point at the text itself: one for each line that holds an instruction. */
static void add_lines(struct as *s)
{
	struct as_types *t = s->types;
	uint32_t before = 0;

	for (uint32_t i = 0; i < t->count && !s->failed_memory; i++) {
		const struct as_place *place = &t->places[i];
		struct iov_span span = as_span(s, place->at, 0);

		if (!span.line || !span.file)
			continue;
		if (i && span.line == before && place->section == place[-1].section)
			continue;
		before = span.line;
		types_source_line(t->types, (struct types_at){place->section, place->offset}, span.file,
				  span.line < 1 << 22 ? span.line : 0, span.col < 1024 ? span.col : 0,
				  span.text ? span.text : "");
	}
}

static uint64_t address_of(void *ud, struct types_at at)
{
	const struct as *s = ud;

	return as_address(s->sections[at.section], (uint32_t)at.offset);
}

enum iov_status as_types_finish(struct as *s, struct iov_object *obj)
{
	enum iov_status status;

	if (!s->types || !types_any(s->types->types))
		return IOV_OK;
	if (types_wants_lines(s->types->types))
		add_lines(s);
	if (s->failed_memory)
		return IOV_NOMEM;
	status = types_finish(s->types->types, obj, address_of, s);
	if (status == IOV_DIAGNOSED)
		s->errors++;
	return status;
}
