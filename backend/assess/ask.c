/* SPDX-License-Identifier: Apache-2.0 */
/* --why: which instructions a line or a number stands for in a program, and the answer as text (backend/verify/why.h).
 */
#include "backend/assess/assess.h"

#include "asm/base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool number(const char *text, uint32_t *out)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	*out = (uint32_t)n;
	return *text >= '0' && *text <= '9' && !*end && n < UINT32_MAX;
}

/* "40", "filter.c:40"; "insn 16", "insn16", "filter:insn 16" as messages write it. */
bool ask_parse(const char *text, struct assess_question *q)
{
	const char *insn = strstr(text, "insn"), *colon;

	*q = (struct assess_question){.text = text};
	if (insn && (insn == text || insn[-1] == ':')) {
		q->is_insn = true;
		q->place = text;
		q->place_len = insn == text ? 0 : (size_t)(insn - text) - 1;
		insn += 4;
		return number(insn + strspn(insn, " "), &q->number);
	}
	colon = strrchr(text, ':');
	q->place = text;
	q->place_len = colon ? (size_t)(colon - text) : 0;
	return number(colon ? colon + 1 : text, &q->number) && q->number;
}

static bool file_is(const char *file, const struct assess_question *q)
{
	size_t len = file ? strlen(file) : 0;

	return !q->place_len || (len >= q->place_len && !memcmp(file + len - q->place_len, q->place, q->place_len) &&
				 (len == q->place_len || file[len - q->place_len - 1] == '/'));
}

static bool at_line(const struct iov_prog *p, uint32_t insn, const struct assess_question *q)
{
	const struct iov_line *l = prog_line(p, insn);

	return l && l->line == q->number && file_is(l->file, q);
}

/* An instruction that is asked about: its number, or the first of a run that comes from the line. */
static bool is_asked(const struct iov_prog *p, uint32_t insn, const struct assess_question *q)
{
	if (q->is_insn)
		return insn == q->number &&
		       (!q->place_len || (strlen(p->name) == q->place_len && !memcmp(p->name, q->place, q->place_len)));
	return at_line(p, insn, q) && (!insn || !at_line(p, insn - 1, q) || prog_sub_at(p, insn)->start == insn);
}

enum iov_status ask_resolve(const struct assess_question *q, const struct iov_prog *p, struct iov_arena *arena,
			    struct iov_why *why)
{
	uint32_t *slots = arena_array(arena, p->count + 1, sizeof(*slots));

	*why = (struct iov_why){.slots = slots};
	if (!slots)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < p->count; i += isa_is_wide(&p->insns[i]) ? 2 : 1)
		if (is_asked(p, i, q))
			slots[why->count++] = i;
	why->seen = arena_array(arena, why->count, sizeof(*why->seen));
	return why->seen ? IOV_OK : IOV_NOMEM;
}

static void put_name(struct iov_buf *out, const char *s)
{
	text_safe(out, s, strlen(s));
}

void ask_report(const struct assess_question *q, const struct iov_why *why, const struct assess_result *r,
		const struct iov_buf *answer, struct iov_buf *out)
{
	bool reached = false;

	if (!why->count)
		return;
	put_name(out, r->program);
	buf_puts(out, " on ");
	put_name(out, r->platform->name);
	buf_printf(out, q->is_insn ? ", at insn %u:\n" : ", at line %u:\n", q->number);
	text_lines(out, (const char *)answer->data, answer->len);
	for (uint32_t i = 0; i < why->count; i++) {
		reached |= why->seen[i].reached > 0;
		if (why->seen[i].reached > why->seen[i].told)
			buf_printf(out,
				   " insn %u: verification came here %" PRIu64
				   " times; what was known differed in %s%u\n",
				   why->slots[i], why->seen[i].reached,
				   why->seen[i].told == IOV_WHY_WAYS ? "at least " : "", why->seen[i].told);
	}
	if (!reached)
		buf_puts(out, r->accepted ? " never reached: no run comes here\n"
					  : " not reached: verification ended before, or no run comes here\n");
}
