/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: types that C cannot write down: those that refer to themselves through nothing that has a name. Structs,
 * typedefs and forward declarations break a circle; pointers, arrays, qualifiers and prototypes do not. */
#include "asm/types/part.h"

enum { NEW, OPEN, DONE, DEEPEST = 1000 };

struct walk {
	const struct iov_btf *btf;
	uint8_t *state; /* by id */
	const char *wrong;
};

static bool is_nameless(uint8_t kind)
{
	return kind == BTF_KIND_PTR || kind == BTF_KIND_ARRAY || kind == BTF_KIND_CONST || kind == BTF_KIND_VOLATILE ||
	       kind == BTF_KIND_RESTRICT || kind == KIND_TYPE_TAG || kind == BTF_KIND_FUNC_PROTO;
}

static void visit(struct walk *w, uint32_t id, unsigned depth)
{
	const struct iov_btf_type *t = btf_type(w->btf, id);

	if (!t || !is_nameless(t->kind) || w->state[id] == DONE || w->wrong)
		return;
	if (w->state[id] == OPEN || depth > DEEPEST) {
		w->wrong = depth > DEEPEST ? "one that is nested more than a thousand deep"
					   : "one that refers to itself without a name in between";
		return;
	}
	w->state[id] = OPEN;
	visit(w, t->type, depth + 1);
	if (t->kind == BTF_KIND_FUNC_PROTO)
		for (uint32_t i = 0; i < t->count; i++)
			visit(w, t->members[i].type, depth + 1);
	w->state[id] = DONE;
}

bool types_unsayable(const struct iov_btf *btf, struct iov_arena *arena, const char **what)
{
	struct walk w = {.btf = btf, .state = arena_alloc(arena, btf->count)};

	if (!w.state)
		return false;
	for (uint32_t id = 1; id < btf->count; id++)
		visit(&w, id, 0);
	*what = w.wrong;
	return true;
}
