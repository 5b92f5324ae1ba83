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

		if (!t->edges[i].key || key >> 16 != node || token <= AS_FIRST_WORD ||
		    !(t->nodes[t->edges[i].next].dialects & s->dialects))
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

/* What other machines' assemblers call it, and C. */
static const char *familiar(const struct as *s, const char *word, size_t len)
{
	static const struct {
		const char *word, *kernel, *mnemonic;
	} known[] = {{"ret", "exit", "exit"}, {"return", "exit", "exit"}, {"jmp", "goto", "ja"},
		     {"nop", "goto +0", "ja +0"}};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (as_word_is(word, len, known[i].word))
			return s->dialects & 1 ? known[i].kernel : known[i].mnemonic;
	return NULL;
}

/* The first word is no instruction, and nothing like one may be. */
static void wrong_mnemonic(struct as *s, const char *word, size_t len)
{
	const char *known = familiar(s, word, len), *best = known ? known : nearest(s, 0, word, len);
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

static struct iov_diag *expected(struct as *s, const struct as_match *m)
{
	const struct as_trie *t = s->trie;
	const struct as_node *node = &t->nodes[m->node];
	static const char *const literals[] = {",", ")", "]", "(", "[", "=", "*", "goto"};

	if (node->form)
		return as_error(s, s->p, 0, DIAG_ASM_SYNTAX, "nothing may follow here");
	if (node->reg || node->wreg || node->operand)
		return as_error(s, s->p, 0, DIAG_ASM_SYNTAX, "%s is expected here",
				node->operand ? (node->class == AS_TARGET  ? "a label or a number"
						 : node->reg || node->wreg ? "a register or a value"
									   : "a value")
				: node->reg   ? "a register"
					      : "a 32-bit register");
	if (node_takes(t, m->node, "+=") || node_takes(t, m->node, "=="))
		return as_error(s, s->p, 0, DIAG_ASM_SYNTAX,
				node_takes(t, m->node, "+=") ? "an operator such as = or += is expected here"
							     : "a comparison such as == or s> is expected here");
	for (size_t i = 0; i < sizeof(literals) / sizeof(*literals); i++)
		if (node_takes(t, m->node, literals[i]))
			return as_error(s, s->p, 0, DIAG_ASM_SYNTAX, "'%s' is expected here", literals[i]);
	return as_error(s, s->p, 0, DIAG_ASM_SYNTAX, "this is no instruction");
}

static bool is_width(const struct as_trie *t, uint32_t node)
{
	return node_takes(t, node, "u32");
}

/* A width stands where there is none, or none such: says which there are. */
static bool wrong_width(struct as *s, uint32_t node, const char *word, size_t len)
{
	if (!len || !is_width(s->trie, node))
		return false;
	diag_hint(as_error(s, word, len, DIAG_ASM_WIDTH, "there is no access of the width '%.*s'",
			   (int)(len > 20 ? 20 : len), word),
		  !node_takes(s->trie, node, "u64")  ? "a w register takes u8, u16 or u32"
		  : !node_takes(s->trie, node, "u8") ? "atomic operations have u32 and u64"
		  : !node_takes(s->trie, node, "s8") ? "u8, u16, u32 or u64"
						     : "u8, u16, u32 or u64, and s8, s16 or s32 to extend the sign");
	return true;
}

/* Habits from C, at the place where the walk ended: what to write instead, or NULL. */
static const char *habit(const struct as *s, const struct as_match *m)
{
	const struct as_node *node = &s->trie->nodes[m->node];
	const char *p = s->p;
	bool is_operator = *p && strchr("+-*/%&|^<>", *p);

	if (node->form && is_operator && s->trie->forms[node->form - 1].dialects == 2)
		return "one operation in a line: mov r1, r2, and then add r1, 5";
	if (!(s->dialects & 1))
		return NULL;
	if (node->form && is_operator && m->start[0] != '*')
		return "one operation in a line: r1 = r2, and then r1 += 5";
	if (node_takes(s->trie, m->node, "+=") && (*p == '+' || *p == '-') && p[1] == *p)
		return *p == '+' ? "r1 += 1" : "r1 -= 1";
	if (node->reg && *p == '(' && as_word_is(m->start, 2, "if"))
		return "comparisons stand without parentheses: if r1 > r2 goto L";
	if (m->start[0] == '*' && is_operator && node_takes(s->trie, m->node, "="))
		return "memory is changed atomically: lock *(u64 *)(r1 + 0) += r2";
	return NULL;
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
	else if (is_width(s->trie, m->node))
		diag_hint(as_error(s, word, len, DIAG_ASM_WIDTH, "the width of the access is missing"),
			  "*(u32 *)(%.*s + 0): u8, u16, u32 or u64", (int)(len > 20 ? 20 : len), word);
	else
		expected(s, m);
}

void as_wrong(struct as *s, const struct as_match *m)
{
	const char *p, *name, *best, *instead;
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
	if (wrong_width(s, m->node, p, len))
		return;
	best = len ? nearest(s, m->node, p, len) : NULL;
	if (best) {
		d = as_error(s, p, len, DIAG_ASM_SYNTAX, "'%.*s' cannot stand here", (int)(len > 40 ? 40 : len), p);
		diag_hint(d, "did you mean '%s'?", best);
		return;
	}
	instead = habit(s, m);
	d = expected(s, m);
	if (instead)
		diag_hint(d, "%s", instead);
}

bool as_wrong_register(struct as *s, const struct as_operand *o, unsigned reg, const char *why)
{
	const char *name = o->at + (*o->at == '%');

	as_error(s, o->at, 0, DIAG_ASM_REGISTER, "only %c%u can stand here: %s", *name == 'w' ? 'w' : 'r', reg, why);
	return false;
}
