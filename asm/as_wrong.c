/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what to say about an instruction that no form fits: the trie says what could have stood where the text left
 * it. */
#include "asm/as_insn.h"

enum { BEST = 3 };

/* The nearest word that may stand at `node`; NULL when none is near. */
static const char *nearest(struct as *s, uint32_t node, const char *word, size_t len)
{
	const struct as_trie *t = s->trie;
	const char *text = arena_copy(s->arena, word, len), *best = NULL;
	unsigned least = len <= 3 ? 2 : BEST;

	for (uint32_t i = 0; text && i < AS_EDGES; i++) {
		uint32_t key = t->edges[i].key - 1, token = key & 0xffff;
		unsigned distance;
		const char *name;

		if (!t->edges[i].key || key >> 16 != node || token <= AS_FIRST_WORD)
			continue;
		name = arena_copy(s->arena, t->keywords[token - AS_FIRST_WORD].name,
				  t->keywords[token - AS_FIRST_WORD].len);
		if (!name)
			break;
		distance = text_distance(text, name, BEST);
		if (distance < least || (distance == least && best && distance < BEST && strcmp(name, best) < 0)) {
			least = distance;
			best = name;
		}
	}
	return best;
}

static size_t word_at(const char *p)
{
	size_t n = 0;

	while (as_is(p[n], AS_C_WORD))
		n++;
	return n;
}

/* The first word is no instruction, and nothing like one may be. */
static void wrong_mnemonic(struct as *s, const char *word, size_t len)
{
	const char *best = nearest(s, 0, word, len);
	struct iov_diag *d;

	if (!len) {
		as_error(s, word, 0, DIAG_ASM_SYNTAX, "an instruction, a label or a directive is expected here");
		return;
	}
	d = as_error(s, word, len, DIAG_ASM_MNEMONIC, "there is no instruction '%.*s'", (int)(len > 60 ? 60 : len),
		     word);
	if (best)
		diag_hint(d, "did you mean '%s'?", best);
}

static bool node_takes(const struct as_trie *t, uint32_t node, const char *literal)
{
	size_t len;
	uint32_t token = as_token(t, literal, &len);

	return token && as_edge(t, node, token);
}

/* A register stands where the forms have none like it. */
static void wrong_register_here(struct as *s, const struct as_match *m, const char *word, size_t len)
{
	const struct as_node *node = &s->trie->nodes[m->node];
	const char *name = word + (*word == '%');
	int reg = as_register(name, len - (size_t)(name - word));

	if (reg == -2)
		as_error(s, word, len, DIAG_ASM_REGISTER,
			 "there is no register %.*s: they are r0 to r10, and w0 to w10 for 32 bits",
			 (int)(len > 20 ? 20 : len), word);
	else if (node->reg && reg > 10)
		as_error(s, word, len, DIAG_ASM_REGISTER, "a 64-bit register is expected here: r%d", reg - 11);
	else if (node->wreg && reg <= 10)
		as_error(s, word, len, DIAG_ASM_REGISTER, "a 32-bit register is expected here: w%d", reg);
	else if (node->operand)
		as_error(s, word, len, DIAG_ASM_REGISTER, "a number or a name is expected here, not a register");
	else
		as_error(s, word, len, DIAG_ASM_SYNTAX, "no register may stand here");
}

static bool is_width(const struct as_trie *t, uint32_t node)
{
	return node_takes(t, node, "u8") && node_takes(t, node, "u64");
}

static void expected(struct as *s, const struct as_match *m)
{
	const struct as_trie *t = s->trie;
	const struct as_node *node = &t->nodes[m->node];
	static const char *const literals[] = {",", ")", "]", "(", "[", "=", "*", "goto"};

	if (node->form) {
		as_error(s, s->p, 0, DIAG_ASM_SYNTAX, "nothing may follow here");
		return;
	}
	if (node->reg || node->wreg || node->operand) {
		as_error(s, s->p, 0, DIAG_ASM_SYNTAX, "%s is expected here",
			 node->operand ? (node->class == AS_TARGET  ? "a label or a number"
					  : node->reg || node->wreg ? "a register or a value"
								    : "a value")
			 : node->reg   ? "a register"
				       : "a 32-bit register");
		return;
	}
	if (node_takes(t, m->node, "+=") || node_takes(t, m->node, "==")) {
		as_error(s, s->p, 0, DIAG_ASM_SYNTAX,
			 node_takes(t, m->node, "+=") ? "an operator such as = or += is expected here"
						      : "a comparison such as == or s> is expected here");
		return;
	}
	for (size_t i = 0; i < sizeof(literals) / sizeof(*literals); i++)
		if (node_takes(t, m->node, literals[i])) {
			as_error(s, s->p, 0, DIAG_ASM_SYNTAX, "'%s' is expected here", literals[i]);
			return;
		}
	as_error(s, s->p, 0, DIAG_ASM_SYNTAX, "this is no instruction");
}

void as_wrong(struct as *s, const struct as_match *m)
{
	const struct as_trie *t = s->trie;
	const char *p, *name, *best;
	size_t len;
	struct iov_diag *d;

	as_blanks(s);
	p = s->p;
	len = word_at(p);
	name = p + (*p == '%');
	if ((*name == 'r' || *name == 'w') && as_is(name[1], AS_C_DIGIT)) {
		wrong_register_here(s, m, p, len ? len : 1 + word_at(p + 1));
		return;
	}
	if (m->node == 0) {
		wrong_mnemonic(s, p, len);
		return;
	}
	if (len && is_width(t, m->node)) {
		d = as_error(s, p, len, DIAG_ASM_WIDTH, "there is no access of the width '%.*s'",
			     (int)(len > 20 ? 20 : len), p);
		diag_hint(d, "u8, u16, u32 and u64, and s8, s16 and s32 for loads that extend the sign");
		return;
	}
	best = len ? nearest(s, m->node, p, len) : NULL;
	if (best) {
		d = as_error(s, p, len, DIAG_ASM_SYNTAX, "'%.*s' cannot stand here", (int)(len > 40 ? 40 : len), p);
		diag_hint(d, "did you mean '%s'?", best);
		return;
	}
	expected(s, m);
}

bool as_wrong_register(struct as *s, const struct as_operand *o, unsigned reg)
{
	as_error(s, o->at, 0, DIAG_ASM_REGISTER, "this must be register %u, as before", reg);
	return false;
}
