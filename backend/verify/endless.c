/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of a search that does not end: which loop, which condition keeps it going, what is not bounded. */
#include "backend/verify/internal.h"

enum { BUSY_TURNS = 64 };

/* The loop that does not end: of the loops around the end of the path, the outermost that was turned often. Going back
 * from the end, the first header met is the innermost; one of lesser depth is around it. */
static uint32_t busiest_header(struct verifier *v, uint32_t *turns)
{
	uint32_t *count = arena_array(&v->work, v->prog->count, sizeof(*count)), best = V_NO_INSN, depth = UINT32_MAX;

	*turns = 0;
	if (!count)
		return V_NO_INSN;
	for (const struct vnode *n = v->node; n; n = n->parent)
		if (n->fork == V_NO_INSN && v->insns[n->insn].header)
			count[n->insn]++;
	for (const struct vnode *n = v->node; n; n = n->parent) {
		const struct vinsn *i = &v->insns[n->insn];

		if (n->fork != V_NO_INSN || !i->header || i->depth >= depth)
			continue;
		depth = i->depth;
		if (count[n->insn] < BUSY_TURNS)
			continue;
		best = n->insn;
		*turns = count[best];
	}
	return best;
}

/* The last branch on the path that could have left the loop around `header`, or V_NO_INSN: the one that stands in the
 * loop's head, if there is one, since that is where the reader looks. */
static uint32_t exit_branch(struct verifier *v, uint32_t header)
{
	uint32_t last = V_NO_INSN;

	for (const struct vnode *n = v->node; n; n = n->parent) {
		uint32_t at = n->fork, jump;

		if (at == V_NO_INSN || v->insns[at].sub != v->insns[header].sub ||
		    v->insns[at].depth < v->insns[header].depth || v->insns[at].row->kind != ISA_K_JCC)
			continue; /* calls have two ways on too */
		jump = (uint32_t)isa_target(v->insns[at].row, &v->prog->insns[at], at);
		if (v->insns[jump].depth >= v->insns[header].depth && v->insns[at + 1].depth >= v->insns[header].depth)
			continue;
		if (explain_loop(v, at))
			return at;
		if (last == V_NO_INSN)
			last = at;
	}
	return last;
}

static enum step unbounded(struct verifier *v, uint32_t header, uint32_t turns)
{
	uint32_t at = exit_branch(v, header);
	struct iov_diag *d = verify_diag_at(v, at == V_NO_INSN ? header : at, DIAG_V_LOOP_UNBOUNDED,
					    "this loop has no bound that can be proved");

	if (at != V_NO_INSN && explain_loop(v, at))
		diag_why(d, IOV_NOWHERE, "it goes on as long as `%s`, and nothing limits how often that holds",
			 explain_loop(v, at));
	else if (at != V_NO_INSN && v->insns[at].row->src == ISA_SRC_X)
		diag_why(d, IOV_NOWHERE, "%s and %s decide when it ends, and nothing limits them",
			 explain_reg(v, at, v->prog->insns[at].dst), explain_reg(v, at, v->prog->insns[at].src));
	else if (at != V_NO_INSN)
		diag_why(d, IOV_NOWHERE, "%s decides when it ends, and nothing limits it",
			 explain_reg(v, at, v->prog->insns[at].dst));
	diag_why(d, IOV_NOWHERE, "after %u turns (%llu instructions) no end is in sight", turns,
		 (unsigned long long)v->facts->processed);
	diag_hint(d, "add a constant bound: `for (int i = 0; i < 64 && …; i++)`, or use bpf_loop()");
	return STEP_STOP;
}

static const char *too_much(struct verifier *v)
{
	const char *text;

	if (v->node->forks > V_MAX_FORKS)
		text = arena_printf(&v->work, "more than %d branches of one path could go both ways", V_MAX_FORKS);
	else if (!memory_left(v))
		text = arena_printf(&v->work, "verification takes more than %d MB of memory", V_MAX_MEMORY >> 20);
	else
		text = arena_printf(&v->work, "verification takes more than %llu instructions",
				    (unsigned long long)v->facts->processed);
	return text ? text : "verification takes too much";
}

enum step endless_budget(struct verifier *v)
{
	uint32_t turns, header = busiest_header(v, &turns);
	struct iov_diag *d;

	if (v->supposed)
		return STEP_STOP;
	if (header != V_NO_INSN && exit_branch(v, header) != V_NO_INSN)
		return unbounded(v, header, turns);
	d = verify_diag_at(v, header == V_NO_INSN ? v->pc : header, DIAG_V_TOO_COMPLEX, "%s", too_much(v));
	if (header != V_NO_INSN)
		diag_why(d, IOV_NOWHERE, "the loop here was followed for %u turns, and has not ended", turns);
	diag_hint(d, "split the program into functions or tail calls, or simplify conditions in a row");
	return STEP_STOP;
}

enum step endless_stuck(struct verifier *v)
{
	uint32_t header = v->pc, at = exit_branch(v, header);
	struct iov_diag *d;

	if (v->supposed)
		return STEP_ERROR;
	v->pc = at == V_NO_INSN ? header : at; /* the path ends here: pc only says where the message points */
	d = verify_diag(v, DIAG_V_LOOP_FOREVER, header, "this loop makes no progress");
	if (at != V_NO_INSN && explain_loop(v, at))
		diag_why(d, IOV_NOWHERE, "it goes on as long as `%s`", explain_loop(v, at));
	diag_why(d, IOV_NOWHERE,
		 "after one turn everything that is known is the same as before, so it may run for ever");
	explain_path(v, d);
	diag_hint(d, "count the turns: `for (int i = 0; i < 64; i++) { … }`");
	return STEP_ERROR;
}

