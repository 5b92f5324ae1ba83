/* SPDX-License-Identifier: Apache-2.0 */
#include "frontend/words.h"

#include "asm/base/hash.h"

#include <string.h>

enum { SPACE = 1, LETTER = 2, DIGIT = 4 };

static const uint8_t classes[256] = {
	[' '] = SPACE,  ['\t'] = SPACE,        ['\r'] = SPACE,         ['\v'] = SPACE,
	['\f'] = SPACE, ['0' ... '9'] = DIGIT, ['A' ... 'Z'] = LETTER, ['a' ... 'z'] = LETTER,
	['_'] = LETTER, ['$'] = LETTER,        [128 ... 255] = LETTER,
};

static uint8_t class_of(char c)
{
	return classes[(uint8_t)c];
}

void c_reader_init(struct c_reader *r, const char *text, size_t len)
{
	*r = (struct c_reader){.at = text, .end = text + len, .line = 1, .line_start = true};
}

/* To the end of the line, over lines that a backslash continues. */
static void skip_line(struct c_reader *r)
{
	for (; r->at < r->end && *r->at != '\n'; r->at++) {
		if (*r->at == '\\' && r->at + 1 < r->end && r->at[1] == '\n') {
			r->at++;
			r->line++;
		}
	}
}

static void skip_comment(struct c_reader *r)
{
	for (r->at += 2; r->at < r->end && !(*r->at == '/' && r->at[-1] == '*'); r->at++)
		r->line += *r->at == '\n';
	r->at += r->at < r->end;
}

static void skip_space(struct c_reader *r)
{
	for (; r->at < r->end; r->at++) {
		if (*r->at == '\n') {
			r->line++;
			r->line_start = true;
		} else if (*r->at == '\\' && r->at + 1 < r->end && r->at[1] == '\n') {
			continue; /* the next round counts the line */
		} else if (*r->at == '/' && r->at + 1 < r->end && r->at[1] == '*') {
			skip_comment(r);
			r->at--;
		} else if (*r->at == '/' && r->at + 1 < r->end && r->at[1] == '/') {
			skip_line(r);
			r->at--;
		} else if (!(class_of(*r->at) & SPACE)) {
			return;
		}
	}
}

static void skip_literal(struct c_reader *r)
{
	char quote = *r->at++;

	for (; r->at < r->end && *r->at != quote && *r->at != '\n'; r->at++)
		r->at += *r->at == '\\' && r->at + 1 < r->end && r->at[1] != '\n';
	r->at += r->at < r->end && *r->at == quote;
}

static char skip_word(struct c_reader *r)
{
	uint8_t class = class_of(*r->at);

	if (*r->at == '#' && r->line_start) {
		skip_line(r);
		return '#';
	}
	if (class & (LETTER | DIGIT)) {
		while (r->at < r->end && class_of(*r->at) & (LETTER | DIGIT))
			r->at++;
		return class & LETTER ? 'a' : '0';
	}
	if (*r->at == '"' || *r->at == '\'') {
		skip_literal(r);
		return '0';
	}
	return *r->at++;
}

struct c_word c_next(struct c_reader *r)
{
	struct c_word w;

	skip_space(r);
	w = (struct c_word){.start = r->at, .line = r->line};
	if (r->at >= r->end)
		return w;
	w.kind = skip_word(r);
	w.len = (uint32_t)(r->at - w.start);
	r->line_start = false;
	return w;
}

bool c_is(const struct c_word *w, const char *text)
{
	return w->kind == 'a' && strlen(text) == w->len && !memcmp(w->start, text, w->len);
}

bool c_before_tag(const struct c_word *w)
{
	static const char tags[][8] = {[4] = "enum", [5] = "union", [6] = "struct"};

	return w->kind == 'a' && w->len >= 4 && w->len <= 6 && !memcmp(w->start, tags[w->len], w->len);
}

static struct word_entry *slot_of(const struct word_set *s, const char *text, uint32_t len, uint32_t hash)
{
	for (size_t i = hash & (s->room - 1);; i = (i + 1) & (s->room - 1)) {
		struct word_entry *e = &s->slots[i];

		if (!e->text || (e->hash == hash && e->len == len && !memcmp(e->text, text, len)))
			return e;
	}
}

static bool grow(struct word_set *s)
{
	struct word_set larger = {.room = s->room ? 4 * s->room : 4096, .count = s->count, .arena = s->arena};

	larger.slots = arena_array(s->arena, larger.room, sizeof(*larger.slots));
	if (!larger.slots) {
		s->failed = true;
		return false;
	}
	for (size_t i = 0; i < s->room; i++)
		if (s->slots[i].text)
			*slot_of(&larger, s->slots[i].text, s->slots[i].len, s->slots[i].hash) = s->slots[i];
	*s = larger;
	return true;
}

struct word_entry *words_add(struct word_set *s, const char *text, uint32_t len)
{
	uint32_t hash = (uint32_t)hash_bytes(text, len);
	struct word_entry *e;

	if (2 * s->count >= s->room && !grow(s))
		return NULL;
	e = slot_of(s, text, len, hash);
	if (!e->text) {
		*e = (struct word_entry){.text = text, .len = len, .hash = hash};
		s->count++;
	}
	return e;
}

struct word_entry *words_find(const struct word_set *s, const char *text, uint32_t len)
{
	struct word_entry *e = s->room ? slot_of(s, text, len, (uint32_t)hash_bytes(text, len)) : NULL;

	return e && e->text ? e : NULL;
}
