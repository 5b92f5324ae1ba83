/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the table of directives, the words that it and macros are found by, and the directives that fit nowhere else.
 */
#include "asm/as_part.h"

#include "asm/base/hash.h"

static const struct as_directive directives[] = {
#define DIRECTIVE(name, run, arg, arguments, help) {name, run, arg},
#include "asm/as_directives.def"
#undef DIRECTIVE
};

const struct iov_as_directive iov_as_directives[] = {
#define DIRECTIVE(name, run, arg, arguments, help) {name, arguments, help},
#include "asm/as_directives.def"
#undef DIRECTIVE
	{0},
};

enum { DIRECTIVES = sizeof(directives) / sizeof(*directives), WORDS = 1024 };

/* Macros have a table of the same kind; it grows. */
struct as_words {
	struct as_word *rows;
	uint32_t size, count;
};

static struct as_word *slot(const struct as_words *w, const char *name, size_t len, uint32_t hash)
{
	uint32_t at = hash & (w->size - 1);

	while (w->rows[at].name) {
		if (w->rows[at].hash == hash && w->rows[at].len == len && !memcmp(w->rows[at].name, name, len))
			break;
		at = (at + 1) & (w->size - 1);
	}
	return &w->rows[at];
}

static bool grow(struct as *s)
{
	struct as_words *old = s->words, *w = ARENA_NEW(s->arena, struct as_words);

	if (!w)
		return as_oom(s);
	w->size = old ? old->size * 2 : WORDS;
	w->rows = arena_array(s->arena, w->size, sizeof(*w->rows));
	if (!w->rows)
		return as_oom(s);
	for (uint32_t i = 0; old && i < old->size; i++)
		if (old->rows[i].name) {
			*slot(w, old->rows[i].name, old->rows[i].len, old->rows[i].hash) = old->rows[i];
			w->count++;
		}
	s->words = w;
	return true;
}

bool as_word_add(struct as *s, const char *name, size_t len, const struct as_directive *directive,
		 struct as_macro *macro)
{
	uint32_t hash = (uint32_t)hash_bytes(name, len);
	struct as_word *row;

	if ((!s->words || s->words->count * 2 >= s->words->size) && !grow(s))
		return false;
	row = slot(s->words, name, len, hash);
	if (!row->name)
		s->words->count++;
	*row = (struct as_word){name, (uint32_t)len, hash, directive ? directive : row->directive, macro};
	return true;
}

struct as_word *as_word_find(const struct as *s, const char *name, size_t len)
{
	struct as_word *row = slot(s->words, name, len, (uint32_t)hash_bytes(name, len));

	return row->name ? row : NULL;
}

bool as_words_init(struct as *s)
{
	for (size_t i = 0; i < DIRECTIVES; i++)
		if (!as_word_add(s, directives[i].name, strlen(directives[i].name), &directives[i], NULL))
			return false;
	return true;
}

static void unknown(struct as *s, const char *name, size_t len)
{
	struct iov_diag *d = as_error(s, name, len, DIAG_ASM_DIRECTIVE, "there is no directive %.*s",
				      (int)(len > 60 ? 60 : len), name);
	const char *best = NULL, *word = arena_copy(s->arena, name + 1, len - 1);
	unsigned least = len <= 4 ? 2 : 3;

	for (size_t i = 0; word && i < DIRECTIVES; i++) {
		unsigned distance = text_distance(word, directives[i].name, 3);

		if (distance < least) {
			least = distance;
			best = directives[i].name;
		}
	}
	if (best)
		diag_hint(d, "did you mean '.%s'?", best);
}

void as_directive(struct as *s, const char *name, size_t len)
{
	const struct as_word *word;

	if (len > 1 && name[1] == '.') {
		unknown(s, name, len);
		return;
	}
	word = len > 1 ? as_word_find(s, name + 1, len - 1) : NULL;
	if (s->macro_count) {
		const struct as_word *macro = as_word_find(s, name, len);

		if (macro && macro->macro) {
			s->p = name + len;
			as_macro_call(s, macro->macro, name);
			return;
		}
	}
	if (!word || !word->directive) {
		unknown(s, name, len);
		return;
	}
	s->p = name + len;
	word->directive->run(s, word->directive->arg, name);
}

void as_dir_message(struct as *s, int arg, const char *at)
{
	const char *text = NULL;
	size_t len;

	if (!as_at_end(s) && !as_string(s, &text, &len))
		return;
	if (arg == 2)
		as_warn(s, at, 0, DIAG_ASM_WARNING, "%s", text ? text : ".warning");
	else
		as_error(s, at, 0, DIAG_ASM_USER, "%s", text ? text : ".error");
}

void as_dir_syntax(struct as *s, int arg, const char *at)
{
	const char *word;
	size_t len;

	(void)arg, (void)at;
	if (!as_want_word(s, "auto, kernel or mnemonic", &word, &len))
		return;
	if (as_word_is(word, len, "auto"))
		s->dialects = 3;
	else if (as_word_is(word, len, "kernel"))
		s->dialects = 1;
	else if (as_word_is(word, len, "mnemonic"))
		s->dialects = 2;
	else
		as_error(s, word, len, DIAG_ASM_SYNTAX, "a dialect is auto, kernel or mnemonic");
}

void as_dir_cpu(struct as *s, int arg, const char *at)
{
	const char *word;
	size_t len;

	(void)arg, (void)at;
	if (!as_want_word(s, "v1, v2, v3 or v4", &word, &len))
		return;
	if (len != 2 || *word != 'v' || word[1] < '1' || word[1] > '4')
		as_error(s, word, len, DIAG_ASM_SYNTAX, "a level is v1, v2, v3 or v4");
	else
		s->cpu = (uint32_t)(word[1] - '0');
}

void as_dir_ignore(struct as *s, int arg, const char *at)
{
	(void)at;
	if (arg)
		as_want_symbol(s);
}

void as_dir_end(struct as *s, int arg, const char *at)
{
	(void)arg, (void)at;
	s->p = s->frame->source->end;
	s->frame->repeat = 0;
}

void as_dir_ident(struct as *s, int arg, const char *at)
{
	struct as_section *back = as_section_now(s), *x;
	const char *text;
	size_t len;

	(void)arg, (void)at;
	if (!as_string(s, &text, &len))
		return;
	x = as_section_get(s, ".comment", SHT_PROGBITS, SHF_MERGE | SHF_STRINGS, 1);
	if (!x)
		return;
	s->cur = x;
	if (!x->data.len)
		as_emit_int(s, 0, 1);
	as_emit_data(s, text, len + 1);
	s->cur = back;
}
