/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: .file, .loc and .cfi_*. */
#include "asm/as_part.h"

void as_dir_file(struct as *s, int arg, const char *at)
{
	const char *text;
	uint64_t n;
	size_t len;

	(void)arg, (void)at;
	as_blanks(s);
	if (!as_is(*s->p, AS_C_DIGIT)) {
		if (as_string(s, &text, &len))
			s->file_name = text;
		return;
	}
	if (!as_number(s, &n) || !as_string(s, &text, &len))
		return;
	as_blanks(s);
	if (*s->p == '"' && !as_string(s, &text, &len))
		return;
	as_skip_statement(s);
}

void as_dir_loc(struct as *s, int arg, const char *at)
{
	(void)arg, (void)at;
	as_skip_statement(s);
}

void as_dir_cfi(struct as *s, int arg, const char *at)
{
	(void)arg, (void)at;
	as_skip_statement(s);
}
