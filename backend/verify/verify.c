/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier, as the list of its phases:
 *
 *   structure   is it a program: encodings, targets, functions, references            structure.c
 *   cfg         loops, joins, recursion, live registers                               cfg.c
 *   costs       what is counted of a run                                              cost.c
 *   traits      which functions change the packet, tail-call or throw                 here
 *   globals     each global function from its prototype                               explore.c
 *   program     every path from the entry, with pruning                               explore.c
 *   timers      functions that timers call                                            async.c
 *   stack       bytes and frames over the deepest call chain                          depth.c
 *   facts       what engines may rely on                                              here
 *
 * Pure domains: domain_*.c. State: state.c. Instructions: step*.c, memory.c, stack.c, args.c. Equality: prune.c,
 * demand.c. Words: explain.c. */
#include "backend/verify/internal.h"

#include <string.h>
#include <time.h>

/* A function that calls one that changes the packet changes it too. A program that is tail-called may do anything. */
static enum iov_status find_traits(struct verifier *v)
{
	bool again = true;

	while (again) {
		again = false;
		for (uint32_t i = 0; i < v->prog->count; i++) {
			struct vsub *s = &v->subs[v->insns[i].sub];
			const struct iov_helper *h = cfg_helper(v, i);
			bool changes = h && h->flags & (IOV_HF_CHANGES_PACKET | IOV_HF_WRITES_DYNPTR |
							IOV_HF_TAIL_CALL);
			bool throws = h && h->kfunc & IOV_KF_THROWS;
			uint32_t callee;

			if (cfg_callee(v, i, &callee)) {
				changes = v->subs[callee].changes_packet;
				throws = v->subs[callee].throws;
			}
			again |= (changes && !s->changes_packet) || (throws && !s->throws);
			s->changes_packet |= changes;
			s->throws |= throws;
		}
	}
	return kfunc_callback_throws(v) ? IOV_DIAGNOSED : IOV_OK;
}

/* True when every global function that `sub` reaches has been verified, so that its costs are known. */
static bool callees_verified(const struct verifier *v, uint32_t sub)
{
	const struct iov_subprog *s = &v->prog->subs[sub];
	uint32_t callee;

	for (uint32_t i = s->start; i < s->start + s->count; i++)
		if (cfg_callee(v, i, &callee) && callee != sub && !v->subs[callee].verified)
			return false;
	callee = v->prog->exception_sub;
	return !v->subs[sub].throws || !callee || callee == sub || v->subs[callee].verified;
}

/* Callees before callers; there is no recursion, so each round settles at least one. */
static enum iov_status verify_globals(struct verifier *v)
{
	for (uint32_t left = v->prog->sub_count - 1, before = left + 1; left && left < before;) {
		before = left;
		for (uint32_t i = 1; i < v->prog->sub_count; i++) {
			enum iov_status st = IOV_OK;

			if (v->subs[i].verified || !callees_verified(v, i))
				continue;
			if (v->prog->subs[i].global)
				st = explore_sub(v, i);
			if (st)
				return st;
			v->subs[i].verified = true;
			left--;
		}
	}
	return IOV_OK;
}

static enum iov_status verify_entry(struct verifier *v) { return explore_sub(v, 0); }

static enum iov_status publish_facts(struct verifier *v)
{
	struct iov_facts *f = v->facts;

	f->insns = v->fact;
	f->count = v->prog->count;
	f->sub_stack = arena_array(v->out, v->prog->sub_count, sizeof(*f->sub_stack));
	f->sub_private = arena_array(v->out, v->prog->sub_count, sizeof(*f->sub_private));
	if (!f->sub_stack || !f->sub_private)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < v->prog->sub_count; i++) {
		f->sub_stack[i] = v->subs[i].stack;
		f->sub_private[i] = ~v->subs[i].common;
		f->throws |= v->subs[i].throws;
	}
	for (uint32_t i = 0; i < f->count; i++) {
		struct iov_insn_fact *fact = &v->fact[i];

		if (fact->always && fact->never)
			fact->always = fact->never = false;
		fact->zext = v->insns[i].row && v->insns[i].row->kind == ISA_K_ALU && v->insns[i].row->width == 32;
		if (!fact->reached || v->insns[i].row->kind != ISA_K_CALL)
			fact->map = -1;
	}
	f->accepted = true;
	return cost_publish(v);
}

static const struct {
	const char *name;
	enum iov_status (*run)(struct verifier *v);
} phases[] = {
	{"structure", structure_check}, {"cfg", cfg_build},	 {"costs", cost_begin},
	{"traits", find_traits}, {"globals", verify_globals}, {"program", verify_entry},
	{"timers", async_verify},
	{"stack", stack_check}, {"facts", publish_facts},
};

static bool begin(struct verifier *v)
{
	uint32_t n = v->prog->count ? v->prog->count : 1;

	arena_init(&v->work, v->alloc);
	pool_init(&v->pool, v->alloc);
	v->budget = v->options && v->options->budget ? v->options->budget : v->platform->max_processed;
	if (!v->budget)
		v->budget = 1000000;
	v->stack_limit = v->platform->max_stack && v->platform->max_stack < V_STACK_BYTES ? v->platform->max_stack
											  : V_STACK_BYTES;
	v->facts->frames = 1;
	v->fact = arena_array(v->out, n, sizeof(*v->fact));
	v->kept = arena_array(&v->work, n, sizeof(struct vnode *));
	v->kept_count = arena_array(&v->work, n, sizeof(*v->kept_count));
	return v->fact && v->kept && v->kept_count && record_begin(v);
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

enum iov_status verify_prog(const struct iov_prog *prog, const struct iov_platform *platform,
			    const struct iov_verify_options *options, struct iov_arena *arena, struct iov_sink *sink,
			    struct iov_facts *facts)
{
	struct verifier v = {.prog = prog, .platform = platform, .options = options, .out = arena, .sink = sink,
			     .facts = facts};
	uint64_t start = now();
	enum iov_status st;

	memset(facts, 0, sizeof(*facts));
	memory_begin(&v, arena->alloc);
	st = begin(&v) ? IOV_OK : IOV_NOMEM;
	for (size_t i = 0; i < sizeof(phases) / sizeof(*phases) && !st; i++)
		st = phases[i].run(&v);
	if (v.nomem)
		st = IOV_NOMEM;
	facts->accepted = !st;
	if (st)
		facts->insns = NULL;
	facts->peak_states = v.pool.peak_states;
	pool_free(&v.pool);
	arena_free(&v.work);
	facts->nanoseconds = now() - start;
	return st;
}
