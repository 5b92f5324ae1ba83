/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: tokens of C declarations and of the records' operands. Text of unknown origin: nothing is read past its end. */
#include "asm/types/part.h"

#include <stdlib.h>

void *types_alloc(struct types *t, size_t size)
{
	void *p = arena_alloc(t->arena, size);

	if (p)
		return p;
	t->oom = true;
	memset(&t->scratch, 0, sizeof(t->scratch));
	return &t->scratch;
}

struct iov_diag *types_error(struct types *t, const char *at, size_t len, enum iov_diag_id id, const char *fmt, ...)
{
	struct iov_buf text;
	struct iov_diag *d;
	va_list ap;

	buf_init(&text, t->arena->alloc);
	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	t->bad = true;
	d = diag_add(t->sink, id, t->span(t->span_ud, at, len), "%s", buf_cstr(&text) ? (char *)text.data : "?");
	buf_free(&text);
	return d;
}

void lex_error(struct lexer *l, const char *fmt, ...)
{
	struct iov_buf text;
	va_list ap;

	if (l->failed)
		return;
	l->failed = true;
	if (l->token.at < l->t->reported)
		return;
	l->t->reported = l->token.at + 1;
	buf_init(&text, l->t->arena->alloc);
	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	types_error(l->t, l->token.at, l->token.kind == TOKEN_END ? 0 : l->token.len, DIAG_TYPES_SYNTAX, "%s",
		    buf_cstr(&text) ? (char *)text.data : "?");
	buf_free(&text);
}

static bool is_word_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || (uint8_t)c >= 0x80;
}
static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void skip_line(struct lexer *l)
{
	while (l->p < l->end && *l->p != '\n')
		l->p++;
}

/* It is no part of the statement that it stands in, which is read on. */
static void taken_line(struct lexer *l, size_t len)
{
	if (l->p < l->t->reported)
		return;
	l->t->reported = l->p + 1;
	types_error(l->t, l->p, len, DIAG_TYPES_SYNTAX,
		    "this is for the C preprocessor: name the file .S and give it to iovcc");
}

/* A line that begins with '#', in a block. What the C preprocessor leaves (`# 12 "file.h"`, `#pragma`) says nothing
 * about types, and the assembler has read the positions; what it would have taken away shows that it never ran. */
static void skip_hash_line(struct lexer *l)
{
	static const char *const taken[] = {"include", "define", "undef", "if",   "ifdef",
					    "ifndef",  "else",   "elif",  "endif"};
	const char *p = l->p + 1, *word;

	while (p < l->end && (*p == ' ' || *p == '\t'))
		p++;
	for (word = p; p < l->end && is_word_start(*p); p++)
		;
	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		if ((size_t)(p - word) == strlen(taken[i]) && !memcmp(word, taken[i], (size_t)(p - word)))
			taken_line(l, (size_t)(p - l->p));
	skip_line(l);
}

/* Over blanks and comments. False: what is no token, which was diagnosed. */
static bool skip_blanks(struct lexer *l)
{
	while (l->p < l->end) {
		char c = *l->p, next = l->p + 1 < l->end ? l->p[1] : 0;

		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			l->p++;
		} else if ((c == '/' && next == '/') || (l->hash_comments && (c == '#' || c == ';'))) {
			skip_line(l);
		} else if (c == '#' && (l->p == l->begin || l->p[-1] == '\n')) {
			skip_hash_line(l);
		} else if (c == '/' && next == '*') {
			const char *begin = l->p;

			for (l->p += 2; l->p + 1 < l->end && (l->p[0] != '*' || l->p[1] != '/'); l->p++)
				;
			if (l->p + 1 >= l->end) {
				l->token = (struct token){.kind = TOKEN_BAD, .at = begin, .len = 2};
				l->p = l->end;
				lex_error(l, "this comment has no end");
				return false;
			}
			l->p += 2;
		} else {
			break;
		}
	}
	return true;
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The escape after a backslash at l->p. */
static char lex_escape(struct lexer *l)
{
	static const char from[] = "abfnrtv", to[] = "\a\b\f\n\r\t\v";
	char c = *l->p++;
	const char *plain = c ? strchr(from, c) : NULL;
	unsigned v = 0;

	if (plain)
		return to[plain - from];
	if (c == 'x') {
		for (int i = 0; i < 2 && l->p < l->end && hex_digit(*l->p) >= 0; i++)
			v = v * 16 + (unsigned)hex_digit(*l->p++);
		return (char)v;
	}
	if (c < '0' || c > '7')
		return c;
	v = (unsigned)(c - '0');
	for (int i = 0; i < 2 && l->p < l->end && *l->p >= '0' && *l->p <= '7'; i++)
		v = v * 8 + (unsigned)(*l->p++ - '0');
	return (char)v;
}

static void lex_string(struct lexer *l)
{
	struct token *k = &l->token;
	char *text, *to;
	size_t room;

	k->kind = TOKEN_STRING;
	l->p++;
	for (room = 0; l->p + room < l->end && l->p[room] != '"' && l->p[room] != '\n'; room++)
		room += l->p[room] == '\\' && l->p + room + 1 < l->end;
	to = text = arena_alloc(l->t->arena, room + 1);
	if (!text) {
		l->t->oom = true;
		k->name = "";
	} else {
		k->name = text;
	}
	while (l->p < l->end && *l->p != '"' && *l->p != '\n') {
		char c = *l->p++;

		if (c == '\\' && l->p < l->end)
			c = lex_escape(l);
		if (text)
			*to++ = c;
	}
	k->len = (size_t)(l->p - k->at);
	if (l->p == l->end || *l->p != '"') {
		k->kind = TOKEN_BAD;
		lex_error(l, "this string has no closing quote");
		return;
	}
	l->p++;
	k->len++;
	if (text && memchr(text, 0, (size_t)(to - text)))
		lex_error(l, "a string of types cannot hold a 0 byte");
}

static void lex_number(struct lexer *l)
{
	struct token *k = &l->token;
	unsigned base = 10;
	bool over = false;

	k->kind = TOKEN_NUMBER;
	if (*l->p == '-') {
		k->negative = true;
		l->p++;
	}
	if (l->p + 1 < l->end && *l->p == '0' && (l->p[1] == 'x' || l->p[1] == 'X')) {
		base = 16;
		l->p += 2;
	} else if (*l->p == '0') {
		base = 8;
	}
	while (l->p < l->end && hex_digit(*l->p) >= 0 && (unsigned)hex_digit(*l->p) < base) {
		unsigned d = (unsigned)hex_digit(*l->p++);

		over |= __builtin_mul_overflow(k->value, base, &k->value) ||
			__builtin_add_overflow(k->value, d, &k->value);
	}
	while (l->p < l->end && strchr("uUlL", *l->p) && *l->p)
		l->p++;
	if (l->p < l->end && (is_word_start(*l->p) || is_digit(*l->p)))
		over = true;
	while (l->p < l->end && (is_word_start(*l->p) || is_digit(*l->p)))
		l->p++;
	k->len = (size_t)(l->p - k->at);
	if (over)
		lex_error(l, "this is not a number of at most 64 bits");
}

void lex_next(struct lexer *l)
{
	struct token *k = &l->token;
	bool sound = skip_blanks(l);

	if (!sound)
		return;
	*k = (struct token){.kind = TOKEN_END, .at = l->p};
	if (l->p >= l->end)
		return;
	if (is_word_start(*l->p)) {
		while (l->p < l->end && (is_word_start(*l->p) || is_digit(*l->p)))
			l->p++;
		k->kind = TOKEN_WORD;
		k->len = (size_t)(l->p - k->at);
		k->name = arena_copy(l->t->arena, k->at, k->len);
		if (!k->name) {
			l->t->oom = true;
			k->name = "";
		}
	} else if (is_digit(*l->p) || (*l->p == '-' && l->p + 1 < l->end && is_digit(l->p[1]))) {
		lex_number(l);
	} else if (*l->p == '"') {
		lex_string(l);
	} else {
		k->kind = TOKEN_PUNCT;
		k->value = (uint8_t)*l->p++;
		k->len = 1;
	}
}

void lex_init(struct lexer *l, struct types *t, const struct types_text *text, bool hash_comments)
{
	t->reported = text->s;
	*l = (struct lexer){.t = t, .begin = text->s, .p = text->s, .end = text->s + text->len};
	l->hash_comments = hash_comments;
	lex_next(l);
}

bool lex_is(const struct lexer *l, char punct)
{
	return l->token.kind == TOKEN_PUNCT && l->token.value == (uint8_t)punct;
}

bool lex_word(const struct lexer *l, const char *word)
{
	return l->token.kind == TOKEN_WORD && !strcmp(l->token.name, word);
}

/* Words that are attributes, and so no names. */
bool lex_is_attribute(const struct lexer *l)
{
	return l->token.kind == TOKEN_WORD &&
	       (!strncmp(l->token.name, "__attribute", 11) || lex_word(l, "__at") || lex_word(l, "__size") ||
		lex_word(l, "__kind_flag") || lex_word(l, "__signed") || lex_word(l, "__unsigned"));
}

bool lex_take(struct lexer *l, char punct)
{
	bool is = lex_is(l, punct);

	if (is)
		lex_next(l);
	return is;
}

bool lex_take_word(struct lexer *l, const char *word)
{
	bool is = lex_word(l, word);

	if (is)
		lex_next(l);
	return is;
}

static const char *shown(const struct lexer *l, char *room, size_t size)
{
	const struct token *k = &l->token;
	struct iov_buf b = {0};

	if (k->kind == TOKEN_END)
		return "the end";
	text_safe(&b, k->at, k->len > 40 ? 40 : k->len);
	buf_cstr(&b);
	(void)__builtin_snprintf(room, size, "%s", b.data ? (const char *)b.data : "?");
	buf_free(&b);
	return room;
}

bool lex_want(struct lexer *l, char punct, const char *after)
{
	char room[200];

	if (lex_take(l, punct))
		return true;
	if (!l->failed)
		lex_error(l, "expected %c %s, not %s", punct, after, shown(l, room, sizeof(room)));
	return false;
}

bool lex_want_number(struct lexer *l, const char *what, uint64_t most, uint64_t *value)
{
	char room[200];

	*value = 0;
	if (l->token.kind != TOKEN_NUMBER) {
		lex_error(l, "expected %s, not %s", what, shown(l, room, sizeof(room)));
		return false;
	}
	if (l->token.negative || l->token.value > most) {
		lex_error(l, "%s is at most %llu", what, (unsigned long long)most);
		return false;
	}
	*value = l->token.value;
	lex_next(l);
	return !l->failed;
}

const char *lex_want_name(struct lexer *l, const char *what)
{
	char room[200];
	const char *name = l->token.name;

	if (l->token.kind != TOKEN_WORD && l->token.kind != TOKEN_STRING) {
		lex_error(l, "expected %s, not %s", what, shown(l, room, sizeof(room)));
		return NULL;
	}
	lex_next(l);
	return name;
}

bool lex_read_name(struct lexer *l, const char *what, const char **name)
{
	const char *word = lex_want_name(l, what);

	if (word)
		*name = word;
	return word;
}

/* A label may be a number. NULL: it is none. */
const char *lex_label(struct lexer *l)
{
	const char *label = l->token.name;

	if (l->token.kind == TOKEN_NUMBER && !(label = arena_copy(l->t->arena, l->token.at, l->token.len))) {
		l->t->oom = true;
		label = "";
	}
	return label;
}

const char *lex_want_label(struct lexer *l)
{
	const char *label = lex_label(l);

	if (!label)
		lex_error(l, "expected a label after @");
	lex_next(l);
	return label;
}
