/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the trie of instruction forms, both dialects in one. A form is a run of words, punctuation, registers and
 * values; forms that begin alike share nodes, so that one walk over the text finds the row. Made from isa.def at start;
 * the few forms beyond the printed ones stand in as_form.c. */
#ifndef IOV_ASM_AS_FORM_H
#define IOV_ASM_AS_FORM_H

#include "asm/as_part.h"
#include "asm/isa/operand.h"

/* What an operand of a form becomes. */
enum as_role {
	AS_ROLE_NONE,
	AS_ROLE_DST,
	AS_ROLE_SRC,
	AS_ROLE_R0, /* registers; R0: must be register 0 */
	AS_ROLE_IMM,
	AS_ROLE_IMM64,
	AS_ROLE_OFF,
	AS_ROLE_OFF_IMM,
	AS_ROLE_TARGET,
	AS_ROLE_TARGET32,
	AS_ROLE_CALLEE,
	AS_ROLE_PC,
	AS_ROLE_KFUNC,
	AS_ROLE_KFUNC_OFF,
	AS_ROLE_MAP,
	AS_ROLE_MAP_OFF,
	AS_ROLE_BTF,
	AS_ROLE_BTF_FD,
	AS_ROLE_AS_TO,
	AS_ROLE_AS_FROM,
	AS_ROLE_SHORTEST,
};

/* Values that a node takes: an expression; one without comparisons; one that begins with its sign. */
enum as_operand_class { AS_NO_OPERAND, AS_EXPR, AS_TARGET, AS_OFFSET };

enum { AS_MAX_OPERANDS = 8 };

struct as_form {
	const struct iov_isa_row *row;
	uint8_t dialects; /* bit 1: kernel, bit 2: mnemonic */
	uint8_t count;
	uint8_t roles[AS_MAX_OPERANDS];
};

struct as_node {
	uint16_t reg, wreg;      /* next after a 64-bit, a 32-bit register; 0: none takes one */
	uint16_t operand, class; /* next after a value, enum as_operand_class */
	uint16_t form;           /* index + 1 of the form that ends here */
	uint16_t only_next;      /* the one literal that may follow, where there is just one; 0: none or several */
	uint8_t only_len;
	char only[5];            /* its text */
	uint8_t dialects;        /* of the forms below */
};

struct as_keyword {
	const char *name; /* in a form: not terminated */
	uint32_t len, hash;
};

enum { AS_EDGES = 8192, AS_KEYWORDS = 1024, AS_FIRST_WORD = 400 };
struct as_edge {
	uint32_t key; /* node << 16 | token, + 1 */
	uint16_t next;
};
struct as_trie {
	struct as_node *nodes;
	uint32_t node_count, node_room;
	struct as_form *forms;
	uint32_t form_count, form_room;
	struct as_edge *edges;
	struct as_keyword *keywords;
	uint16_t *keyword_ids; /* by slot */
	uint32_t keyword_count;
	bool overflow; /* a table is too small: the build's fault, seen by every test */
};

/* Token at p (not a blank, digit or end): punctuation's or word's number, its length; 0: no form has it. */
uint32_t as_token(const struct as_trie *t, const char *p, size_t *len);
static inline uint32_t as_edge(const struct as_trie *t, uint32_t node, uint32_t token)
{
	uint32_t key = (node << 16 | token) + 1, at = key * 0x9e3779b1u >> 19;

	while (t->edges[at].key) {
		if (t->edges[at].key == key)
			return t->edges[at].next;
		at = (at + 1) & (AS_EDGES - 1);
	}
	return 0;
}

#endif
