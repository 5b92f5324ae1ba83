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

		if (!v->insns[i].row || v->insns[i].row->oper != ISA_O_SUBPROG || !v->fact[i].reached)
			continue;
		callee = v->insns[i + 1 + (uint32_t)v->prog->insns[i].imm].sub;
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

static const char *chain_text(struct verifier *v, const struct chain *c)
{
	struct iov_buf b = {.alloc = v->alloc};
	const char *text;

	for (uint32_t sub = 0; sub != V_NO_INSN; sub = c[sub].next)
		buf_printf(&b, "%s`%s` %u", b.len ? " → " : "", v->prog->subs[sub].name ? v->prog->subs[sub].name : "?",
			   v->subs[sub].stack);
	text = buf_cstr(&b);
	text = arena_strdup(&v->work, text ? text : "?");
	buf_free(&b);
	return text ? text : "?";
}

/* The member of the deepest chain with the largest frame: where to begin. */
static uint32_t largest_frame(const struct verifier *v, const struct chain *c)
{
	uint32_t best = 0;

	for (uint32_t sub = 0; sub != V_NO_INSN; sub = c[sub].next)
		if (v->subs[sub].stack > v->subs[best].stack)
			best = sub;
	return best;
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
	v->facts->stack = c[0].bytes;
	if (c[0].frames > v->facts->frames)
		v->facts->frames = c[0].frames;
	if (c[0].bytes > v->stack_limit) {
		uint32_t at = v->subs[largest_frame(v, c)].deepest;
		struct iov_diag *d = verify_diag_at(v, at, DIAG_V_STACK_CHAIN,
						    "the functions active at one time use %u bytes of stack; %s has %u", c[0].bytes,
						    v->platform->name, v->stack_limit);

		diag_why(d, IOV_NOWHERE, "the deepest chain is %s bytes, each frame rounded up to %d", chain_text(v, c),
			 FRAME_ALIGN);
		diag_hint(d, "shrink the largest frame, or keep its buffer in a per-CPU array map");
		return IOV_DIAGNOSED;
	}
	if (v->platform->max_frames && v->facts->frames > v->platform->max_frames) {
		verify_diag_at(v, 0, DIAG_V_CALL_DEPTH, "calls nest %u deep; %s allows %u", v->facts->frames,
			       v->platform->name, v->platform->max_frames);
		return IOV_DIAGNOSED;
	}
	return IOV_OK;
}
