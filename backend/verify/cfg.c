/* SPDX-License-Identifier: Apache-2.0 */
/* The second phase: the shape of the program, before any value is known. Reachability, back edges and the loops around
 * each slot, join points, recursion, and the registers that are live at each slot. Everything is iterative: depth is
 * the attacker's choice. */
#include "backend/verify/internal.h"

#include <string.h>

const struct iov_helper *cfg_helper(const struct verifier *v, uint32_t at)
{
	const struct iov_isa_row *row = v->insns[at].row;
	uint32_t imm = (uint32_t)v->prog->insns[at].imm;

	if (row && row->oper == ISA_O_HELPER)
		return catalogue_variant(platform_helper(v->platform, imm), v->type);
	if (!row || row->oper != ISA_O_KFUNC || v->prog->externs[imm].unlinked ||
	    v->prog->externs[imm].unknown)
		return NULL;
	return platform_kfunc(v->platform, v->prog->externs[imm].name);
}

/* The slots that may follow within the function; returns how many (0..2). */
static unsigned successors(const struct verifier *v, uint32_t at, uint32_t out[2])
{
	const struct iov_isa_row *row = v->insns[at].row;
	unsigned n = 0;

	if (row->kind == ISA_K_EXIT )
		return 0;
	if (row->kind != ISA_K_JA)
		out[n++] = at + (row->kind == ISA_K_LDIMM64 ? 2 : 1);
	if (row->kind == ISA_K_JA || row->kind == ISA_K_JCC || row->kind == ISA_K_MAY_GOTO)
		out[n++] = (uint32_t)isa_target(row, &v->prog->insns[at], at);
	return n;
}

struct edge {
	uint32_t from, to;
};

/* Scratch of this phase. */
struct cfg {
	uint32_t *stack;         /**< depth-first path */
	uint8_t *colour, *taken; /**< 0 new, 1 on the path, 2 done; successors visited */
	uint32_t *pred_start, *preds; /**< predecessors of slot i: preds[pred_start[i]..pred_start[i+1]) */
	struct edge *back;
	uint32_t back_count, back_cap;
};

static bool add_back_edge(struct verifier *v, struct cfg *c, uint32_t from, uint32_t to)
{
	if (c->back_count == c->back_cap) {
		uint32_t cap = c->back_cap ? 2 * c->back_cap : 16;
		struct edge *grown = arena_array(&v->work, cap, sizeof(*grown));

		if (!grown)
			return false;
		if (c->back_count)
			memcpy(grown, c->back, c->back_count * sizeof(*grown));
		c->back = grown;
		c->back_cap = cap;
	}
	c->back[c->back_count++] = (struct edge){from, to};
	v->insns[to].header = v->insns[to].prune = true;
	return true;
}

/* Depth-first from a function's entry: marks what is reached and collects back edges. */
static bool walk_function(struct verifier *v, struct cfg *c, uint32_t entry)
{
	uint32_t depth = 0;

	c->stack[depth++] = entry;
	c->colour[entry] = 1;
	while (depth) {
		uint32_t at = c->stack[depth - 1], next[2], to;

		if (c->taken[at] == successors(v, at, next)) {
			c->colour[at] = 2;
			depth--;
			continue;
		}
		to = next[c->taken[at]++];
		if (c->colour[to] == 1 && !add_back_edge(v, c, at, to))
			return false;
		if (c->colour[to] == 0) {
			c->colour[to] = 1;
			c->stack[depth++] = to;
		}
	}
	return true;
}

static bool collect_predecessors(struct verifier *v, struct cfg *c)
{
	uint32_t n = v->prog->count, next[2];

	c->pred_start = arena_array(&v->work, (size_t)n + 2, sizeof(uint32_t));
	c->preds = arena_array(&v->work, 2 * (size_t)n, sizeof(uint32_t));
	if (!c->pred_start || !c->preds)
		return false;
	for (uint32_t i = 0; i < n; i++)
		for (unsigned k = v->insns[i].row ? successors(v, i, next) : 0; k-- > 0;)
			c->pred_start[next[k] + 2]++;
	for (uint32_t i = 0; i < n; i++) {
		if (c->pred_start[i + 2] > 1)
			v->insns[i].join = v->insns[i].prune = true;
		c->pred_start[i + 2] += c->pred_start[i + 1];
	}
	for (uint32_t i = 0; i < n; i++)
		for (unsigned k = v->insns[i].row ? successors(v, i, next) : 0; k-- > 0;)
			c->preds[c->pred_start[next[k] + 1]++] = i;
	return true;
}

/* The natural loop of a header: what reaches a source of its back edges without passing the header. */
static void mark_body(struct verifier *v, struct cfg *c, uint32_t header, uint8_t *seen)
{
	uint32_t depth = 0;

	memset(seen, 0, v->prog->count);
	seen[header] = 1;
	for (uint32_t i = 0; i < c->back_count; i++)
		if (c->back[i].to == header && !seen[c->back[i].from]) {
			seen[c->back[i].from] = 1;
			c->stack[depth++] = c->back[i].from;
		}
	while (depth) {
		uint32_t at = c->stack[--depth];

		for (uint32_t k = c->pred_start[at]; k < c->pred_start[at + 1]; k++) {
			uint32_t p = c->preds[k];

			if (!seen[p]) {
				seen[p] = 1;
				c->stack[depth++] = p;
			}
		}
	}
}

/* Call `each` for the body of every loop. Depth and order only decide what is walked first, and which loops are proved
 * without being followed, so that loops beyond a number may go uncounted. */
static void each_loop(struct verifier *v, struct cfg *c, uint8_t *seen,
		      void (*each)(struct verifier *v, uint32_t header, const uint8_t *body))
{
	unsigned loops = 0;

	for (uint32_t i = 0; i < v->prog->count && loops < V_MAX_LOOPS; i++) {
		if (!v->insns[i].header)
			continue;
		loops++;
		mark_body(v, c, i, seen);
		each(v, i, seen);
	}
}

static void deepen(struct verifier *v, uint32_t header, const uint8_t *body)
{
	(void)header;
	for (uint32_t i = 0; i < v->prog->count; i++)
		v->insns[i].depth = (uint8_t)(v->insns[i].depth + body[i]);
}

static void find_last(struct verifier *v, uint32_t header, const uint8_t *body)
{
	struct vinsn *h = &v->insns[header];

	for (uint32_t i = 0; i < v->prog->count; i++) {
		if (body[i] && v->insns[i].pos > h->last)
			h->last = v->insns[i].pos;
		h->may_goto |= body[i] && v->insns[i].row && v->insns[i].row->kind == ISA_K_MAY_GOTO;
	}
}

/* Number a function's slots so that, back edges apart, each stands before what follows it, and loops before what comes
 * after them: reverse postorder, with the ways out of loops visited first. */
static void number_function(struct verifier *v, struct cfg *c, uint32_t entry, uint32_t *next_pos)
{
	uint32_t depth = 0;

	c->stack[depth++] = entry;
	c->colour[entry] = 1;
	while (depth) {
		uint32_t at = c->stack[depth - 1], next[2], to;
		unsigned n = successors(v, at, next);

		if (c->taken[at] == n) {
			v->insns[at].pos = (*next_pos)--;
			depth--;
			continue;
		}
		to = next[c->taken[at]];
		if (n == 2 && v->insns[next[1]].depth < v->insns[next[0]].depth)
			to = next[1 - c->taken[at]];
		c->taken[at]++;
		if (!c->colour[to]) {
			c->colour[to] = 1;
			c->stack[depth++] = to;
		}
	}
}

static bool mark_loops(struct verifier *v, struct cfg *c)
{
	uint8_t *seen = arena_alloc(&v->work, v->prog->count);
	uint32_t next_pos = v->prog->count;

	if (!seen)
		return false;
	each_loop(v, c, seen, deepen);
	memset(c->colour, 0, v->prog->count);
	memset(c->taken, 0, v->prog->count);
	for (uint32_t i = 0; i < v->prog->sub_count; i++)
		number_function(v, c, v->prog->subs[i].start, &next_pos);
	each_loop(v, c, seen, find_last);
	return true;
}

/* Registers that an instruction reads and surely writes. */
static void reads_writes(const struct verifier *v, uint32_t at, uint16_t *reads, uint16_t *writes)
{
	const struct iov_insn *insn = &v->prog->insns[at];
	const struct iov_isa_row *row = v->insns[at].row;
	uint16_t d = (uint16_t)(1u << insn->dst), s = (uint16_t)(1u << (insn->src & 15));
	uint16_t uses_src = row->src == ISA_SRC_X ? s : 0;

	*reads = *writes = 0;
	switch (row->kind) {
	case ISA_K_ALU:
		*writes = d;
		*reads = row->oper == ISA_O_MOV || (row->oper >= ISA_O_MOVSX8 && row->oper <= ISA_O_MOVSX32)
				 ? uses_src : (uint16_t)(d | uses_src);
		break;
	case ISA_K_END: *reads = *writes = d; break;
	case ISA_K_CAST: case ISA_K_LDX: case ISA_K_LDSX:
		*reads = s;
		*writes = d;
		break;
	case ISA_K_JCC: case ISA_K_ST: case ISA_K_STX: *reads = (uint16_t)(d | uses_src); break;
	case ISA_K_ATOMIC: *reads = (uint16_t)(d | s | 1u); break;
	case ISA_K_CALL:
		*reads = (uint16_t)(0x3e | (row->oper == ISA_O_INDIRECT ? d : 0));
		*writes = 0x3f;
		break;
	case ISA_K_EXIT: *reads = 1; break;
	case ISA_K_LDIMM64: *writes = d; break;
	case ISA_K_LDABS: case ISA_K_LDIND:
		*reads = (uint16_t)(1u << 6 | (row->kind == ISA_K_LDIND ? s : 0));
		*writes = 0x3f;
		break;
	default: break;
	}
}

/* Backward to a fixpoint with a work list; a slot is queued again when what follows it changed. */
static bool find_live(struct verifier *v, struct cfg *c)
{
	uint32_t n = v->prog->count, count = 0;

	for (uint32_t i = 0; i < n; i++) {
		c->colour[i] = v->insns[i].row != NULL;
		if (c->colour[i])
			c->stack[count++] = i;
	}
	while (count) {
		uint32_t at = c->stack[--count], next[2];
		uint16_t reads, writes, live = 0;

		c->colour[at] = 0;
		for (unsigned k = successors(v, at, next); k-- > 0;)
			live |= v->insns[next[k]].live;
		reads_writes(v, at, &reads, &writes);
		live = (uint16_t)((live & ~writes) | reads | 1u << IOV_R10);
		if (live == v->insns[at].live)
			continue;
		v->insns[at].live = live;
		for (uint32_t k = c->pred_start[at]; k < c->pred_start[at + 1]; k++)
			if (!c->colour[c->preds[k]]) {
				c->colour[c->preds[k]] = 1;
				c->stack[count++] = c->preds[k];
			}
	}
	return true;
}

bool cfg_callee(const struct verifier *v, uint32_t at, uint32_t *callee)
{
	const struct iov_isa_row *row = v->insns[at].row;

	if (!row || (row->oper != ISA_O_SUBPROG && row->oper != ISA_O_FUNC))
		return false;
	*callee = v->insns[at + 1 + (uint32_t)v->prog->insns[at].imm].sub;
	return true;
}

static uint32_t callee_of(const struct verifier *v, uint32_t at)
{
	return v->insns[at + 1 + (uint32_t)v->prog->insns[at].imm].sub;
}

/* The functions that the program calls or names, directly or through others; each is put on the list once. */
static bool walk_called(struct verifier *v, struct cfg *c)
{
	uint32_t n = 0, *list = arena_array(&v->work, v->prog->sub_count, sizeof(*list));
	bool *listed = arena_alloc(&v->work, v->prog->sub_count);

	if (!list || !listed)
		return false;
	listed[list[n++] = 0] = true;
	if (v->prog->exception_sub)
		listed[list[n++] = v->prog->exception_sub] = true;
	for (uint32_t done = 0; done < n; done++) {
		const struct iov_subprog *sub = &v->prog->subs[list[done]];

		if (!walk_function(v, c, sub->start))
			return false;
		for (uint32_t i = sub->start; i < sub->start + sub->count; i++) {
			const struct iov_isa_row *row = v->insns[i].row;

			if (row && (row->oper == ISA_O_SUBPROG || row->oper == ISA_O_FUNC) && !listed[callee_of(v, i)])
				listed[list[n++] = callee_of(v, i)] = true;
		}
	}
	return true;
}

/* Where a helper calls back, turns of its loop are compared. */
static void mark_callbacks(struct verifier *v)
{
	for (uint32_t i = 0; i < v->prog->count; i++) {
		const struct iov_helper *h = cfg_helper(v, i);

		if (h && h->kfunc & IOV_KF_ITER_NEXT)
			v->insns[i].iter = true;
		if (h && (h->flags & IOV_HF_CALLBACK || v->insns[i].iter))
			v->insns[i].callback = v->insns[i].prune = true;
	}
}

/* The next call of `sub` at or after *at. */
static bool next_call(const struct verifier *v, uint32_t sub, uint32_t *at)
{
	uint32_t end = v->prog->subs[sub].start + v->prog->subs[sub].count;

	for (; *at < end; ++*at)
		if (v->insns[*at].row && v->insns[*at].row->oper == ISA_O_SUBPROG)
			return true;
	return false;
}

/* Depth-first over calls. A call of a function on the path is recursion. */
static enum iov_status check_recursion(struct verifier *v)
{
	uint32_t subs = v->prog->sub_count, depth = 0;
	uint32_t *path = arena_array(&v->work, subs, sizeof(*path)), *at = arena_array(&v->work, subs, sizeof(*at));
	uint8_t *colour = arena_alloc(&v->work, subs);

	if (!path || !at || !colour)
		return IOV_NOMEM;
	for (uint32_t root = 0; root < subs; root++) {
		if (colour[root])
			continue;
		path[depth++] = root;
		at[root] = v->prog->subs[root].start;
		colour[root] = 1;
		while (depth) {
			uint32_t sub = path[depth - 1], callee;

			if (!next_call(v, sub, &at[sub])) {
				colour[sub] = 2;
				depth--;
				continue;
			}
			callee = callee_of(v, at[sub]);
			if (colour[callee] == 1) {
				struct iov_diag *d = verify_diag_at(
					v, at[sub], DIAG_V_RECURSION, "`%s` calls `%s`, which is still active",
					v->prog->subs[sub].name, v->prog->subs[callee].name);
				diag_why(d, IOV_NOWHERE,
					 "every call takes a part of the stack, and nothing bounds their number");
				diag_path(d, prog_span(v->prog, at[sub]), "`%s` is entered, and enters `%s` again",
					  v->prog->subs[callee].name, v->prog->subs[callee].name);
				diag_hint(d,
					  "write a loop with a constant bound instead: `for (int i = 0; i < 16; i++)`");
				return IOV_DIAGNOSED;
			}
			at[sub]++;
			if (!colour[callee]) {
				colour[callee] = 1;
				at[callee] = v->prog->subs[callee].start;
				path[depth++] = callee;
			}
		}
	}
	return IOV_OK;
}

static enum iov_status check_reached(struct verifier *v, const struct cfg *c)
{
	for (uint32_t i = 0; i < v->prog->count; i++) {
		const struct iov_subprog *sub = &v->prog->subs[v->insns[i].sub];

		if (!v->insns[i].row || c->colour[i])
			continue;
		if (sub->start == i)
			verify_diag_at(v, i, DIAG_V_UNREACHABLE, "nothing calls the function `%s`", sub->name);
		else
			verify_diag_at(v, i, DIAG_V_UNREACHABLE, "no path leads to this instruction");
		return IOV_DIAGNOSED;
	}
	if (c->back_count && !(v->platform->rules & IOV_RULE_BOUNDED_LOOPS)) {
		struct iov_diag *d = verify_diag_at(v, c->back[0].to, DIAG_V_LOOP_FORBIDDEN,
						    "%s runs no loops, and one begins here", v->platform->name);
		diag_hint(d, "unroll it: write `#pragma unroll` in front, with a constant number of turns");
		return IOV_DIAGNOSED;
	}
	return IOV_OK;
}

enum iov_status cfg_build(struct verifier *v)
{
	uint32_t n = v->prog->count;
	struct cfg c = {.stack = arena_array(&v->work, n, sizeof(uint32_t)), .colour = arena_alloc(&v->work, n),
			.taken = arena_alloc(&v->work, n)};
	enum iov_status st;

	if (!c.stack || !c.colour || !c.taken)
		return IOV_NOMEM;
	if (!walk_called(v, &c))
		return IOV_NOMEM;
	st = check_reached(v, &c);
	if (!st && !(collect_predecessors(v, &c) && mark_loops(v, &c) && find_live(v, &c)))
		st = IOV_NOMEM;
	mark_callbacks(v);
	return st ? st : check_recursion(v);
}
