/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: --gc-sections: pieces that no program reaches are left out. Programs, exported names, and sections that a
 * loader looks for by name (struct_ops and the like) are what reaching begins with. */
#include "linker/internal.h"

struct walk {
	struct linker *l;
	struct piece **stack;
	size_t depth;
};

static void reach(struct walk *w, struct piece *p)
{
	if (!p || p->live)
		return;
	p->live = true;
	w->stack[w->depth++] = p;
}

static bool is_variables(const char *section)
{
	static const char *const names[] = {".data", ".rodata", ".bss"};

	for (size_t i = 0; i < 3; i++) {
		size_t len = strlen(names[i]);

		if (!strncmp(section, names[i], len) && (!section[len] || section[len] == '.'))
			return true;
	}
	return false;
}

static bool is_root(const struct linker *l, const struct piece *p)
{
	const struct iov_object *obj = l->inputs[p->input].obj;
	const char *section = obj->sections[p->section].name;

	switch (p->kind) {
	case PIECE_CODE:
		return p->symbol && obj->symbols[p->symbol].bind != STB_LOCAL && strcmp(section, ".text");
	case PIECE_MAP:
		return false;
	case PIECE_DATA:
		return !is_variables(section);
	default:
		return false;
	}
}

/* What --export names, whatever it is: a function, a map, or the section that a variable stands in. */
static void reach_exports(struct walk *w)
{
	const struct linker *l = w->l;
	uint64_t within;

	for (size_t e = 0; e < l->options->export_count; e++)
		for (uint32_t i = 0; i < l->input_count; i++)
			for (uint32_t j = 1; j < l->inputs[i].obj->symbol_count; j++)
				if (symbol_is_named(l, i, j, l->options->exports[e]))
					reach(w, symbol_piece(l, i, j, &within));
}

static void follow(struct walk *w)
{
	while (w->depth) {
		struct ref_walk refs;
		struct ref ref;
		uint64_t within;

		refs_begin(&refs, w->l, w->stack[--w->depth]);
		while (refs_next(&refs, &ref))
			reach(w, ref_piece(w->l, &ref, &within));
	}
}

/* Debug information stays with whatever it is about. */
static void keep_debug(struct linker *l)
{
	for (uint32_t i = 0; i < l->input_count; i++)
		for (uint32_t j = 0; j < l->inputs[i].piece_count; j++)
			l->inputs[i].pieces[j].live |= l->inputs[i].pieces[j].kind == PIECE_DEBUG;
}

enum iov_status reach_mark(struct linker *l)
{
	struct walk w = {.l = l};
	size_t count = 0, roots = 0;

	if (!l->options->gc || l->options->relocatable)
		return IOV_OK;
	for (uint32_t i = 0; i < l->input_count; i++)
		count += l->inputs[i].piece_count;
	w.stack = arena_array(l->arena, count, sizeof(struct piece *));
	if (!w.stack)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < l->input_count; i++)
		for (uint32_t j = 0; j < l->inputs[i].piece_count; j++)
			l->inputs[i].pieces[j].live = false;
	for (uint32_t i = 0; i < l->input_count; i++)
		for (uint32_t j = 0; j < l->inputs[i].piece_count; j++) {
			struct piece *p = &l->inputs[i].pieces[j];

			if (is_root(l, p)) {
				roots += p->kind == PIECE_CODE;
				reach(&w, p);
			}
		}
	reach_exports(&w);
	/* A library without programs: every global function. */
	for (uint32_t i = 0; !roots && i < l->input_count; i++)
		for (uint32_t j = 0; j < l->inputs[i].piece_count; j++) {
			struct piece *p = &l->inputs[i].pieces[j];

			if (p->kind == PIECE_CODE && p->symbol &&
			    l->inputs[i].obj->symbols[p->symbol].bind != STB_LOCAL)
				reach(&w, p);
		}
	follow(&w);
	keep_debug(l);
	return IOV_OK;
}
