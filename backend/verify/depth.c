/* SPDX-License-Identifier: Apache-2.0 */
/* The stack over call chains. Exploration noted how deep each function's own accesses reach; here the deepest chain is
 * found over the call graph, which has no cycles. Each frame is rounded up to 16 bytes, as Linux with a JIT does. */
#include "backend/verify/internal.h"

#include <string.h>

enum { FRAME_ALIGN = 16 };

/* Deepest chain from each function down: bytes, frames, and the callee that it goes through. */
struct chain {
	uint32_t bytes, frames, next;
	bool done;
};

static uint32_t frame_size(const struct verifier *v, uint32_t sub)
{
	return (v->subs[sub].stack + FRAME_ALIGN - 1) / FRAME_ALIGN * FRAME_ALIGN;
}

/* Settle `sub` when all of its callees are. */
static bool settle(const struct verifier *v, struct chain *c, uint32_t sub)
{
	const struct iov_subprog *s = &v->prog->subs[sub];
	struct chain best = {.next = V_NO_INSN};

	for (uint32_t i = s->start; i < s->start + s->count; i++) {
		uint32_t callee;

		if (!v->fact[i].reached || !cfg_callee(v, i, &callee))
			continue;
		if (!c[callee].done)
			return false;
		if (c[callee].bytes > best.bytes || best.next == V_NO_INSN) {
			best.bytes = c[callee].bytes;
			best.next = callee;
		}
		if (c[callee].frames > best.frames)
			best.frames = c[callee].frames;
	}
	c[sub] = (struct chain){best.bytes + frame_size(v, sub), best.frames + 1, best.next, true};
	return true;
}

/* The call through which the deepest chain leaves the entry function; the deepest access when there is none. */
static uint32_t chain_site(const struct verifier *v, const struct chain *c)
{
	const struct iov_subprog *s = &v->prog->subs[0];
	uint32_t callee;

	for (uint32_t i = s->start; i < s->start + s->count; i++)
		if (v->fact[i].reached && cfg_callee(v, i, &callee) && callee == c[0].next)
			return i;
	return v->subs[0].deepest;
}

static void explain_chain(struct verifier *v, struct iov_diag *d, const struct chain *c)
{
	for (uint32_t sub = 0; sub != V_NO_INSN; sub = c[sub].next) {
		const struct iov_var *var = explain_largest_var(v, sub);
		const char *name = v->prog->subs[sub].name ? v->prog->subs[sub].name : "?";

		if (var)
			diag_why(d, IOV_NOWHERE, "`%s` uses %u bytes, `%s` alone %u", name, v->subs[sub].stack,
				 var->name, var->size);
		else
			diag_why(d, IOV_NOWHERE, "`%s` uses %u bytes", name, v->subs[sub].stack);
	}
	diag_why(d, IOV_NOWHERE, "each frame is rounded up to %d bytes: %u in all, %s has %u", FRAME_ALIGN, c[0].bytes,
		 v->platform->name, v->stack_limit);
}

/* An exception callback begins with an empty stack: every other frame is gone. */
static bool callback_fits(struct verifier *v, const struct chain *c)
{
	const struct chain *callback = &c[v->prog->exception_sub];

	if (!v->prog->exception_sub || !callback->done || callback->bytes <= v->stack_limit)
		return true;
	verify_diag_at(v, v->subs[v->prog->exception_sub].deepest, DIAG_V_STACK_CHAIN,
		       "the exception callback `%s` and what it calls use %u bytes of stack, %u are allowed",
		       v->prog->exception_name, callback->bytes, v->stack_limit);
	return false;
}

/* Bytes of stack that the callers of each function take at most when it begins. Calls lead to no cycle. */
static uint32_t *bytes_above(struct verifier *v)
{
	uint32_t *above = arena_array(&v->work, v->prog->sub_count, sizeof(*above)), callee;
	bool again = above != NULL;

	while (again) {
		again = false;
		for (uint32_t i = 0; i < v->prog->count; i++) {
			uint32_t sub = v->insns[i].sub, bytes;

			if (!v->fact[i].reached || !cfg_callee(v, i, &callee))
				continue;
			bytes = above[sub] + frame_size(v, sub);
			again |= bytes > above[callee];
			above[callee] = bytes > above[callee] ? bytes : above[callee];
		}
	}
	return above;
}

/* What stands above a tail call in a function stays for each of the 33 that may follow: Linux bounds it. */
static enum iov_status tail_calls_fit(struct verifier *v)
{
	enum { LINUX_ABOVE = 256 };
	uint32_t *above;

	if (!v->platform->kernel || !v->facts->uses_tail_calls)
		return IOV_OK;
	above = bytes_above(v);
	for (uint32_t i = 0; above && i < v->prog->count; i++) {
		const struct iov_helper *h = v->fact[i].reached ? cfg_helper(v, i) : NULL;
		uint32_t sub = v->insns[i].sub;
		struct iov_diag *d;

		if (!h || !(h->flags & IOV_HF_TAIL_CALL) || !sub || above[sub] < LINUX_ABOVE)
			continue;
		d = verify_diag_at(v, i, DIAG_V_STACK_CHAIN,
				   "the callers of `%s`, which makes a tail call, use %u bytes of stack",
				   v->prog->subs[sub].name ? v->prog->subs[sub].name : "?", above[sub]);
		diag_why(d, IOV_NOWHERE,
			 "Linux allows less than %d: they stay until the program that is called returns", LINUX_ABOVE);
		diag_hint(d, "make the tail call in the program itself, or keep large buffers in a per-CPU array map");
		return IOV_DIAGNOSED;
	}
	return above ? IOV_OK : IOV_NOMEM;
}

enum iov_status stack_check(struct verifier *v)
{
	struct chain *c = arena_array(&v->work, v->prog->sub_count, sizeof(*c));
	bool again = true;

	if (!c)
		return IOV_NOMEM;
	while (again) {
		again = false;
		for (uint32_t i = 0; i < v->prog->sub_count; i++)
			again |= !c[i].done && settle(v, c, i);
	}
	if (!c[0].done) {
		verify_diag_at(v, 0, DIAG_V_UNSUPPORTED, "not supported yet: callbacks that lead to themselves");
		return IOV_DIAGNOSED;
	}
	if (!callback_fits(v, c))
		return IOV_DIAGNOSED;
	v->facts->stack = c[0].bytes;
	if (c[0].frames > v->facts->frames)
		v->facts->frames = c[0].frames;
	if (c[0].bytes > v->stack_limit) {
		struct iov_diag *d =
			verify_diag_at(v, chain_site(v, c), DIAG_V_STACK_CHAIN,
				       "functions that are active together use %u bytes of stack, %u are allowed",
				       c[0].bytes, v->stack_limit);

		explain_chain(v, d, c);
		diag_hint(d, "shrink the largest frame, or keep its buffer in a per-CPU array map");
		return IOV_DIAGNOSED;
	}
	if (v->platform->max_frames && v->facts->frames > v->platform->max_frames) {
		verify_diag_at(v, 0, DIAG_V_CALL_DEPTH, "calls nest %u deep; %s allows %u", v->facts->frames,
			       v->platform->name, v->platform->max_frames);
		return IOV_DIAGNOSED;
	}
	return tail_calls_fit(v);
}
