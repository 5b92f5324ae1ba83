/* SPDX-License-Identifier: Apache-2.0 */
/* See sees.h. A rewriting goes through the instructions; jumps, calls and functions are mended afterwards. */
#include "backend/verify/verify.h"
#include "testsuite/diff/verify/sees_rewrite.h"

#include <errno.h>
#include <string.h>

enum { ROOM = 12 }; /* slots that one instruction may become */

static const struct sees_class several = {"several", "several of these at once"};

const struct sees_class *sees_class(unsigned number)
{
	return number < sees_row_count ? &sees_rows[number].class : number == sees_row_count ? &several : NULL;
}

/* Slot `to` of the old program, seen from the instruction at `place` in the new one, as a distance. */
static int32_t distance(const struct view *w, uint32_t place, int64_t to)
{
	return to < 0 || to > w->prog->count ? 0 : (int32_t)w->at[to] - (int32_t)place - 1;
}

/* The instruction that stood at i and calls where it did. */
static void mend(struct view *w, uint32_t i, uint32_t place)
{
	const struct iov_insn *in = &w->prog->insns[i];
	const struct iov_isa_row *row = isa_find(in);
	struct iov_insn *out = &w->out[place];

	if (row->kind == ISA_K_JCC)
		out->off = (int16_t)distance(w, place, isa_target(row, in, i));
	else if (row->kind == ISA_K_JA && row->width != 32 && out->code == in->code)
		out->off = (int16_t)distance(w, place, isa_target(row, in, i));
	else if (row == &isa_rows[ISA_JA32] || row == &isa_rows[ISA_CALL_SUBPROG] || row == &isa_rows[ISA_LD_FUNC])
		out->imm = distance(w, place, (int64_t)i + 1 + in->imm);
}

/* Instruction by instruction; last[]: where each went itself. `only`: the class, or sees_row_count for all. */
static bool rewrite(struct view *w, unsigned only, uint32_t *last)
{
	const struct iov_prog *prog = w->prog;

	w->count = 0;
	w->changed = false;
	for (uint32_t i = 0; i < prog->count; i += isa_is_wide(&prog->insns[i]) ? 2 : 1) {
		const struct iov_insn *in = &prog->insns[i];
		bool done = !w->facts.insns[i].reached;

		if (w->count + ROOM > SEES_MAX)
			return false;
		w->at[i] = w->kept = w->count;
		for (unsigned k = 0; k < sees_row_count && !done; k++)
			if (sees_rows[k].rewrite && (only == k || only == sees_row_count))
				w->changed |= done = sees_rows[k].rewrite(w, i, in, isa_find(in));
		if (w->count == w->at[i])
			sees_keep(w, in);
		last[i] = w->kept;
	}
	w->at[prog->count] = w->count;
	return w->changed;
}

static bool as_linux(struct view *w, unsigned only, struct iov_prog *seen)
{
	const struct iov_prog *prog = w->prog;
	uint32_t last[SEES_MAX];

	if (!rewrite(w, only, last))
		return false;
	for (uint32_t i = 0; i < prog->count; i += isa_is_wide(&prog->insns[i]) ? 2 : 1)
		mend(w, i, last[i]);
	for (uint32_t i = 0; i < prog->sub_count; i++) {
		w->subs[i] = prog->subs[i];
		w->subs[i].start = w->at[prog->subs[i].start];
		w->subs[i].count = w->at[prog->subs[i].start + prog->subs[i].count] - w->subs[i].start;
	}
	*seen = *prog;
	seen->insns = w->out;
	seen->count = w->count;
	seen->subs = w->subs;
	return true;
}

static bool refused(const struct iov_prog *prog, const struct iov_platform *platform)
{
	struct iov_verify_options how = {.budget = 200000};
	struct iov_arena arena = {0};
	struct iov_facts facts;
	struct iov_sink sink;
	bool refused;

	sink_init(&sink, NULL);
	refused = verify_prog(prog, platform, &how, &arena, &sink, &facts) == IOV_DIAGNOSED;
	sink_free(&sink);
	arena_free(&arena);
	return refused;
}

static bool explains(struct view *w, unsigned number)
{
	struct iov_prog seen;

	if (number < sees_row_count && sees_rows[number].test)
		return sees_rows[number].test(w);
	return as_linux(w, number, &seen) && refused(&seen, w->platform);
}

static bool look(struct view *w, const struct iov_prog *prog, const struct iov_platform *platform)
{
	struct iov_verify_options how = {.budget = 1000000, .claims = &w->claims};
	struct iov_sink sink;
	bool ok;

	arena_free(&w->arena);
	w->prog = prog;
	w->platform = platform;
	w->claims = (struct iov_claims){.arena = &w->arena};
	sink_init(&sink, NULL);
	ok = prog->count <= SEES_MAX && prog->sub_count <= SEES_SUBS &&
	     verify_prog(prog, platform, &how, &w->arena, &sink, &w->facts) == IOV_OK;
	sink_free(&sink);
	return ok;
}

static struct view view; /* large; a test has one thread */

const struct sees_class *sees_less(const struct iov_prog *prog, const struct iov_platform *platform, int error)
{
	if (look(&view, prog, platform))
		for (unsigned k = 0; k <= sees_row_count; k++)
			if ((k < sees_row_count && sees_rows[k].gives_up) == (error == E2BIG) && explains(&view, k))
				return sees_class(k);
	return NULL;
}

bool sees_explains(unsigned number, const struct iov_prog *prog, const struct iov_platform *platform)
{
	return look(&view, prog, platform) && explains(&view, number);
}

const struct iov_prog *sees_as(unsigned number, const struct iov_prog *prog, const struct iov_platform *platform)
{
	static struct iov_prog seen;

	return look(&view, prog, platform) && as_linux(&view, number, &seen) ? &seen : NULL;
}
