/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: characters, blanks and comments, words, strings and numbers of the assembler's text. Every function stops at
 * the 0 that ends a text. Statements end at a line end or at ';'; comments are "#" and "//" to the end of the line and
 * C's. */
#include "asm/as_part.h"

#define W (AS_C_WORD | AS_C_START)
#define D (AS_C_WORD | AS_C_DIGIT | AS_C_HEX)
/* clang-format off */
const uint8_t as_class[256] = {
	[0] = AS_C_END, ['\n'] = AS_C_END, [';'] = AS_C_END, ['#'] = AS_C_END,
	[' '] = AS_C_BLANK, ['\t'] = AS_C_BLANK,
	['\r'] = AS_C_BLANK | AS_C_RARE, ['\f'] = AS_C_BLANK | AS_C_RARE, ['\v'] = AS_C_BLANK | AS_C_RARE,
	['/'] = AS_C_RARE, [0xc2] = AS_C_RARE,
	['0' ... '9'] = D, ['_'] = W, ['.'] = W, ['$'] = W,
	['a' ... 'f'] = W | AS_C_HEX, ['g' ... 'z'] = W, ['A' ... 'F'] = W | AS_C_HEX, ['G' ... 'Z'] = W,
};
/* clang-format on */
#undef W
#undef D

/* The slow part of as_blanks(): C comments and rare blanks; "//" is left where it is. */
void as_skip_comment(struct as *s)
{
	for (;;) {
		const char *p = s->p;

		while (as_is(*p, AS_C_BLANK))
			p++;
		if ((uint8_t)*p == 0xc2 && (uint8_t)p[1] == 0xa0) { /* no-break space, from web pages */
			s->p = p + 2;
			continue;
		}
		s->p = p;
		if (p[0] != '/' || p[1] != '*')
			return;
		for (p += 2; *p && !(p[0] == '*' && p[1] == '/'); p++)
			;
		if (!*p && p == s->frame->source->end) {
			as_error(s, s->p, 2, DIAG_ASM_SYNTAX, "this comment has no end");
			s->p = p;
			return;
		}
		s->p = *p ? p + 2 : p + 1;
	}
}

bool as_at_end(struct as *s)
{
	as_blanks(s);
	return as_is(*s->p, AS_C_END) || (s->p[0] == '/' && s->p[1] == '/');
}

bool as_end(struct as *s)
{
	if (s->bad)
		return false;
	if (as_at_end(s))
		return true;
	as_error(s, s->p, 0, DIAG_ASM_SYNTAX, "nothing may follow here");
	return false;
}

void as_skip_line(struct as *s)
{
	const char *p = s->p, *end = s->frame->source->end;

	while (p < end && *p != '\n')
		p++;
	s->p = p;
}

/* To the end of the statement: a ';' inside a string or a comment does not end it. */
void as_skip_statement(struct as *s)
{
	const char *p = s->p, *end = s->frame->source->end;

	while (p < end && *p != '\n' && *p != ';') {
		if (*p == '#' || (p[0] == '/' && p[1] == '/')) {
			s->p = p;
			as_skip_line(s);
			return;
		}
		if (p[0] == '/' && p[1] == '*') {
			const char *close = strstr(p + 2, "*/");

			p = close ? close + 2 : end;
			continue;
		}
		if (*p++ != '"')
			continue;
		while (p < end && *p != '\n' && *p != '"')
			p += p[0] == '\\' && p + 1 < end && p[1] != '\n' ? 2 : 1;
		p += p < end && *p == '"';
	}
	s->p = p < end ? p : end;
}

bool as_comma(struct as *s)
{
	as_blanks(s);
	if (*s->p != ',')
		return false;
	s->p++;
	as_blanks(s);
	return true;
}

bool as_want_comma(struct as *s)
{
	if (s->bad)
		return false;
	if (as_comma(s))
		return true;
	as_error(s, s->p, 0, DIAG_ASM_SYNTAX, "a comma is expected here");
	return false;
}

bool as_word(struct as *s, const char **word, size_t *len)
{
	const char *p;

	as_blanks(s);
	p = s->p;
	if (*p == '"') {
		char *text;

		if (!as_string(s, (const char **)&text, len))
			return false;
		if (!*len) {
			as_error(s, p, 2, DIAG_ASM_SYNTAX, "a name cannot be empty");
			return false;
		}
		*word = text;
		return true;
	}
	if (!as_is(*p, AS_C_START))
		return false;
	while (as_is(*p, AS_C_WORD))
		p++;
	*word = s->p;
	*len = (size_t)(p - s->p);
	s->p = p;
	return true;
}

bool as_want_word(struct as *s, const char *what, const char **word, size_t *len)
{
	if (s->bad)
		return false;
	if (as_word(s, word, len))
		return true;
	if (!s->bad)
		as_error(s, s->p, 0, DIAG_ASM_SYNTAX, "%s is expected here", what);
	return false;
}

const char *as_name(struct as *s, const char *what)
{
	const char *word, *name;
	size_t len;

	if (!as_want_word(s, what, &word, &len))
		return NULL;
	if (memchr(word, 0, len)) {
		as_error(s, s->p - 1, 1, DIAG_ASM_SYNTAX, "a name cannot hold the character 0");
		return NULL;
	}
	name = arena_copy(s->arena, word, len);
	return name ? name : as_oom(s);
}

static int hex_digit(char c)
{
	return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

/* One escape, after its backslash. -1: no such escape. */
static int escape(const char **at)
{
	static const char letters[] = "abfnrtv\\\"'e", values[] = "\a\b\f\n\r\t\v\\\"'\033";
	const char *p = *at, *letter;
	int value = 0, n = 0;

	if (*p == 'x') {
		for (p++; as_is(*p, AS_C_HEX); p++, n++)
			value = (value << 4 | hex_digit(*p)) & 255;
		*at = p;
		return n ? value : -1;
	}
	for (; n < 3 && *p >= '0' && *p <= '7'; p++, n++)
		value = value << 3 | (*p - '0');
	if (n) {
		*at = p;
		return value & 255;
	}
	letter = *p ? strchr(letters, *p) : NULL;
	if (!letter)
		return -1;
	*at = p + 1;
	return (uint8_t)values[letter - letters];
}

bool as_string(struct as *s, const char **text, size_t *len)
{
	const char *start, *p;
	char *out;
	size_t n = 0;

	if (s->bad)
		return false;
	as_blanks(s);
	start = s->p;
	if (*start != '"') {
		as_error(s, start, 0, DIAG_ASM_SYNTAX, "a string in quotes is expected here");
		return false;
	}
	for (p = start + 1; *p && *p != '\n' && *p != '"'; p++)
		p += p[0] == '\\' && p[1] && p[1] != '\n';
	if (*p != '"') {
		as_error(s, start, (size_t)(p - start), DIAG_ASM_STRING, "this string has no end");
		return false;
	}
	out = arena_alloc(s->arena, (size_t)(p - start));
	if (!out)
		return as_oom(s);
	for (p = start + 1; *p != '"';) {
		const char *at = p;
		int c = (uint8_t)*p++;

		if (c == '\\' && (c = escape(&p)) < 0) {
			as_error(s, at, 2, DIAG_ASM_STRING, "there is no escape \\%c", at[1]);
			return false;
		}
		out[n++] = (char)c;
	}
	out[n] = 0;
	s->p = p + 1;
	*text = out;
	*len = n;
	return true;
}

/* 'c' as a number. */
static bool character(struct as *s, uint64_t *value)
{
	const char *p = s->p + 1;
	int c = (uint8_t)*p++;

	if (!c || c == '\n' || (c == '\\' && (c = escape(&p)) < 0)) {
		as_error(s, s->p, 2, DIAG_ASM_STRING, "a character is expected between the quotes");
		return false;
	}
	*value = (uint64_t)c;
	s->p = p + (*p == '\'');
	return true;
}

bool as_number(struct as *s, uint64_t *value)
{
	const char *p = s->p, *start = p;
	unsigned base = 10;
	bool overflow = false;
	uint64_t v = 0;

	if (*p == '\'')
		return character(s, value);
	if (p[0] == '0' && (p[1] | 32) == 'x')
		base = 16, p += 2;
	else if (p[0] == '0' && (p[1] | 32) == 'b' && (p[2] == '0' || p[2] == '1'))
		base = 2, p += 2;
	else if (p[0] == '0' && as_is(p[1], AS_C_DIGIT))
		base = 8, p++;
	if (!as_is(*p, AS_C_HEX)) {
		as_error(s, start, 0, DIAG_ASM_SYNTAX, "a number is expected here");
		return false;
	}
	for (; as_is(*p, AS_C_WORD) || *p == '_'; p++) {
		unsigned digit = as_is(*p, AS_C_HEX) ? (unsigned)hex_digit(*p) : 99;

		if (digit >= base) {
			if ((*p | 32) == 'u' || (*p | 32) == 'l') /* C's suffixes, which a preprocessor leaves */
				break;
			as_error(s, start, 0, DIAG_ASM_SYNTAX, "'%c' is no digit of %s number", *p,
				 base == 16  ? "a hexadecimal"
				 : base == 8 ? "an octal (0…)"
				 : base == 2 ? "a binary"
					     : "a decimal");
			return false;
		}
		overflow |= v > (UINT64_MAX - digit) / base;
		v = v * base + digit;
	}
	while ((*p | 32) == 'u' || (*p | 32) == 'l')
		p++;
	if (as_is(*p, AS_C_WORD) || overflow) {
		as_error(s, start, (size_t)(p - start), overflow ? DIAG_ASM_RANGE : DIAG_ASM_SYNTAX,
			 overflow ? "the number does not fit in 64 bits" : "this is no number");
		return false;
	}
	*value = v;
	s->p = p;
	return true;
}

int as_register(const char *word, size_t len)
{
	if (len < 2 || (*word != 'r' && *word != 'w') || !as_is(word[1], AS_C_DIGIT))
		return -1;
	for (size_t i = 1; i < len; i++)
		if (!as_is(word[i], AS_C_DIGIT))
			return -1;
	if (len == 2)
		return word[1] - '0' + (*word == 'w' ? 11 : 0);
	if (len == 3 && word[1] == '1' && word[2] == '0')
		return *word == 'w' ? 21 : 10;
	return -2;
}
