/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: names that are found out at the end: calls of helpers, and what to say about names that stand nowhere. */
#include "asm/as_insn.h"

const char *as_fix_range(const struct as_fixup *f, int64_t n)
{
	if (f->kind == AS_FIX_IMM)
		return as_imm_range(&isa_rows[f->type], n);
	return n < INT16_MIN || n > INT16_MAX ? "the offset does not fit in 16 bits" : NULL;
}

/* The nearest label, or NULL. */
static const char *nearest_label(struct as *s, const char *name)
{
	const char *best = NULL;
	unsigned least = strlen(name) <= 3 ? 2 : 3;

	for (uint32_t id = 1; id < s->symbol_count && id < 20000; id++) {
		const struct as_symbol *y = as_sym(s, id);
		unsigned distance;

		if (y->kind != AS_LABEL || !y->name || *y->name == '\1' || y->len > 64)
			continue;
		distance = text_distance(name, as_symbol_name(s, id), 3);
		if (distance < least) {
			least = distance;
			best = as_symbol_name(s, id);
		}
	}
	return best;
}

void as_undefined(struct as *s, uint32_t id, const char *at)
{
	const char *name = as_symbol_name(s, id), *best = nearest_label(s, name);
	struct iov_diag *d = as_error(s, at, 0, DIAG_ASM_UNDEFINED, "%s is not defined", name);

	if (best)
		diag_hint(d, "did you mean '%s'?", best);
}

/* The first name in an expression that is undefined; 0: none is. */
static uint32_t undefined_in(struct as *s, const struct as_value *v, unsigned depth)
{
	uint32_t id = 0;

	if (v->expr && depth < 64)
		id = undefined_in(s, &v->expr->a, depth + 1);
	if (v->expr && !id && depth < 64)
		id = undefined_in(s, &v->expr->b, depth + 1);
	if (!id && v->add && as_sym(s, v->add)->kind == AS_UNDEFINED)
		id = v->add;
	return id ? id : v->sub && as_sym(s, v->sub)->kind == AS_UNDEFINED ? v->sub : 0;
}

/* An expression that comes to nothing. */
void as_unknown(struct as *s, const struct as_value *v, const char *at)
{
	uint32_t id = undefined_in(s, v, 0);

	if (id) {
		if (!as_sym(s, id)->reported)
			as_undefined(s, id, at);
		as_sym(s, id)->reported = true;
		return;
	}
	as_error(s, at, 0, DIAG_ASM_SYNTAX,
		 v->expr || v->sub
			 ? "this can be neither a number nor an address: only labels of one section may be subtracted"
			 : "this value depends on itself");
}

static const char *nearest_helper(const char *name)
{
	const char *best = NULL;
	unsigned least = 3;

	if (!strncmp(name, "bpf_", 4))
		name += 4;
	for (size_t i = 0; i < catalogue_helper_count(); i++) {
		const struct iov_helper *h = catalogue_helper_at(i);
		unsigned distance = h && h->name ? text_distance(name, h->name, 3) : 9;

		if (distance < least && strlen(name) > 4) {
			least = distance;
			best = h->name;
		}
	}
	return best;
}

bool as_helper_call(struct as *s, uint32_t id, const char *at, int64_t *number)
{
	const char *name = as_symbol_name(s, id), *best;
	const struct iov_helper *h = catalogue_helper_by_name(name);
	struct as_symbol *y = as_sym(s, id);

	for (uint32_t i = 0; s->platform && i < s->platform->helper_count; i++) /* a vendor's own */
		if (!strcmp(s->platform->helpers[i]->name, name) ||
		    (!strncmp(name, "bpf_", 4) && !strcmp(s->platform->helpers[i]->name, name + 4)))
			h = s->platform->helpers[i];
	if (h) {
		*number = h->id;
		if (!s->platform || platform_helper(s->platform, h->id))
			return true;
		if (!y->reported)
			as_error(s, at, 0, DIAG_ASM_HELPER, "platform %s has no helper %s", s->platform->name, name);
		y->reported = s->bad = true;
		return false;
	}
	best = as_types_declares(s, name) || as_section_find(s, ".BTF") ? NULL : nearest_helper(name);
	if (best && !catalogue_kfunc_by_name(name)) {
		if (!y->reported)
			diag_hint(as_error(s, at, 0, DIAG_ASM_HELPER, "there is no helper or function %s", name),
				  "did you mean 'bpf_%s'? A function of another object is declared with .extern %s",
				  best, name);
		y->reported = s->bad = true;
	}
	return false;
}
