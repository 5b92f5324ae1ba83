/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: one instruction: the walk through the trie of forms, then row and operands → slots and fixups. What does not
 * fit is explained by as_wrong.c, which is not on the fast path. */
#include "asm/as_insn.h"

#include <inttypes.h>

/* Where a word may be part of a form or the name of a symbol ("r1 = map ll"): the other way to go on. */
struct choice {
	const char *p;
	uint32_t node, count;
	bool taken;
};

static bool at_stop(const char *p)
{
	return as_is(*p, AS_C_END) || (p[0] == '/' && p[1] == '/');
}

/* "<label>", as disassemblers write after a number. */
static void skip_label(struct as *s)
{
	const char *end;

	as_blanks(s);
	if (*s->p != '<')
		return;
	end = s->p + 1 + strcspn(s->p + 1, ">\n");
	if (*end == '>')
		s->p = end + 1;
}

/* A label and the end of the line. */
static bool name(struct as *s, struct as_operand *o)
{
	const char *p = s->p;

	while (as_is(*p, AS_C_WORD))
		p++;
	if (*p != '\n' || p - s->p < 2)
		return false;
	o->value.add = as_intern(s, s->p, (size_t)(p - s->p));
	if (!o->value.add || as_sym(s, o->value.add)->kind == AS_EQUATE) {
		o->value.add = 0;
		return false;
	}
	s->p = p;
	return true;
}

static bool value(struct as *s, struct as_match *m, uint32_t class)
{
	struct as_operand *o = &m->operands[m->count++];
	const char *p = s->p;
	uint64_t n = 0;

	o->at = p;
	o->value = (struct as_value){0};
	if (class == AS_OFFSET && *p != '+' && *p != '-')
		return true; /* left out: 0; whoever wanted something else finds the next character in the way */
	/* the common cases, by hand: a number or a name and nothing more */
	if (*p == '+' || *p == '-')
		p += 1 + (p[1] == ' ');
	if (as_is(*p, AS_C_DIGIT)) {
		const char *digits = p;

		while (as_is(*p, AS_C_DIGIT) && p - digits < 18)
			n = n * 10 + (uint64_t)(*p++ - '0');
		if ((*p == '\n' || *p == ',' || *p == ')' || *p == ']' || (*p == ' ' && as_is(p[1], AS_C_START))) &&
		    (*digits != '0' || p == digits + 1)) {
			o->value.n = *o->at == '-' ? -(int64_t)n : (int64_t)n;
			s->p = p;
			return true;
		}
	} else if (class == AS_TARGET && p == o->at && (*p == 'L' || *p == '.') && name(s, o)) {
		return true;
	}
	return class == AS_TARGET ? as_expr_target(s, &o->value) : as_expr(s, &o->value);
}

static uint32_t take_register(struct as *s, struct as_match *m, const struct as_node *node)
{
	const char *p = s->p + (*s->p == '%'), *start = s->p;
	bool wide = *p != 'w';
	uint32_t next = wide ? node->reg : node->wreg;
	size_t len = 1;
	int reg;

	if (!as_is(p[2], AS_C_WORD)) { /* r0 to r9, w0 to w9 */
		len = 2;
		reg = *p == 'f' ? IOV_R10 : p[1] - '0'; /* %fp */
	} else {
		while (as_is(p[len], AS_C_WORD))
			len++;
		reg = as_register(p, len);
		reg -= reg > 10 ? 11 : 0;
	}
	if (reg < 0 || !next)
		return 0;
	m->operands[m->count].at = start;
	m->operands[m->count++].value.n = reg;
	s->p = p + len;
	return next;
}

/* A register, as far as the first characters say. */
static bool looks_like_register(const char *p)
{
	bool percent = *p == '%';

	p += percent;
	if (percent && *p == 'f')
		return p[1] == 'p' && !as_is(p[2], AS_C_WORD); /* GNU's name of r10 */
	return (*p == 'r' || *p == 'w') && as_is(p[1], AS_C_DIGIT);
}

/* Words that are no names, so that a missing operand is seen where it is missing. */
static bool is_reserved(const char *p, size_t len)
{
	return as_word_is(p, len, "goto") || as_word_is(p, len, "if");
}

/* Goes one step; 0: stuck. */
static uint32_t walk(struct as *s, struct as_match *m, uint32_t at, struct choice *choice)
{
	const struct as_node *node = &s->trie->nodes[at];
	const char *p = s->p;
	uint32_t next, token;
	size_t len;

	if (looks_like_register(p))
		return take_register(s, m, node);
	if (node->only_next && !node->operand && *p == node->only[0]) {
		len = node->only_len;
		if (len == 1 ? !as_is(*p, AS_C_WORD) : !memcmp(p, node->only, len) && !as_is(p[len], AS_C_WORD)) {
			s->p = p + len;
			return node->only_next;
		}
	}
	if (as_is(*p, AS_C_DIGIT) || *p == '\'' || *p == '"') {
		if (node->operand && m->count < AS_MAX_OPERANDS)
			return value(s, m, node->class) ? node->operand : 0;
		token = as_token(s->trie, p, &len); /* a width: "endbe r1, 16" */
		next = token ? as_edge(s->trie, at, token) : 0;
		s->p += next ? len : 0;
		return next;
	}
	token = as_token(s->trie, p, &len);
	next = token ? as_edge(s->trie, at, token) : 0;
	if (next && *p == '-' && node->operand) {
		/* "-r1" negates; "-5" is a number */
		const char *q = p + 1;

		while (*q == ' ' || *q == '\t')
			q++;
		next = looks_like_register(q) ? next : 0;
	}
	if (next && node->operand && !choice->taken && (as_is(*p, AS_C_START) || *p == '('))
		*choice = (struct choice){p, at, m->count, false};
	if (next) {
		s->p = p + len;
		return next;
	}
	if (!node->operand || at_stop(p) || is_reserved(p, len))
		return 0;
	return value(s, m, node->class) ? node->operand : 0;
}

/* Whether something may still follow at the end of the text: an offset that was left out. */
static bool run(struct as *s, struct as_match *m, uint32_t node, struct choice *choice)
{
	for (;;) {
		uint32_t next;

		as_blanks(s);
		if (as_is(*s->p, AS_C_END | AS_C_RARE)) {
			if (at_stop(s->p) && !(*s->p == '#' && as_edge(s->trie, node, '#')))
				break;
		} else if (*s->p == '<' && s->trie->nodes[node].form) {
			skip_label(s);
			if (*s->p != '<')
				continue;
		}
		next = walk(s, m, node, choice);
		if (!next) {
			m->node = node;
			return false;
		}
		node = next;
	}
	m->node = node;
	return s->trie->nodes[node].form;
}

/* The other reading of a word that is both part of a form and a possible name. */
static bool run_again(struct as *s, struct as_match *m, struct choice *choice)
{
	const struct as_node *node = &s->trie->nodes[choice->node];

	choice->taken = true;
	s->p = choice->p;
	m->count = choice->count;
	m->node = choice->node;
	return value(s, m, node->class) && run(s, m, node->operand, choice);
}

static bool match(struct as *s, struct as_match *m)
{
	struct choice choice = {0};
	struct as_match first;
	const char *stop;

	m->start = s->p;
	m->count = 0;
	if (run(s, m, 0, &choice))
		return true;
	if (s->bad)
		return false;
	if (!choice.p) {
		as_wrong(s, m);
		return false;
	}
	first = *m;
	stop = s->p;
	if (run_again(s, m, &choice))
		return true;
	if (s->bad)
		return false;
	if (stop > s->p) {
		*m = first;
		s->p = stop;
	}
	as_wrong(s, m);
	return false;
}

/* Registers and plain numbers, by role. False: diagnosed. */
static bool take_operands(struct as *s, struct as_match *m, struct iov_insn insn[2])
{
	static const char one_place[] = "operand and result are one register";
	static const char fixed[] = "the instruction works on r0 and on no other register";
	bool have_dst = false, have_src = false;

	for (uint32_t i = 0; i < m->form->count; i++) {
		const struct as_operand *o = &m->operands[i];
		uint8_t reg = (uint8_t)o->value.n;

		switch (m->form->roles[i]) {
		case AS_ROLE_DST:
			if (have_dst && insn->dst != reg)
				return as_wrong_register(s, o, insn->dst, one_place);
			insn->dst = reg;
			have_dst = true;
			break;
		case AS_ROLE_SRC:
			if (have_src && insn->src != reg)
				return as_wrong_register(s, o, insn->src, one_place);
			insn->src = reg;
			have_src = true;
			break;
		case AS_ROLE_R0:
			if (reg)
				return as_wrong_register(s, o, 0, fixed);
			break;
		default:
			if (!as_take_value(s, m, o, m->form->roles[i], insn))
				return false;
		}
	}
	return true;
}

static void put(struct as *s, uint8_t *to, const struct iov_insn *insn)
{
	uint16_t off = (uint16_t)insn->off;
	uint32_t imm = (uint32_t)insn->imm;

	if (s->big) {
		isa_encode(insn, true, to);
		return;
	}
	to[0] = insn->code;
	to[1] = (uint8_t)(insn->src << 4 | insn->dst);
	to[2] = (uint8_t)off;
	to[3] = (uint8_t)(off >> 8);
	to[4] = (uint8_t)imm;
	to[5] = (uint8_t)(imm >> 8);
	to[6] = (uint8_t)(imm >> 16);
	to[7] = (uint8_t)(imm >> 24);
}

static bool writes_dst(const struct iov_isa_row *row)
{
	return row->kind == ISA_K_ALU || row->kind == ISA_K_END || row->kind == ISA_K_CAST || row->kind == ISA_K_LDX ||
	       row->kind == ISA_K_LDSX || row->kind == ISA_K_LDIMM64 || row->oper == ISA_O_LOAD_ACQ;
}

static bool writes_src(const struct iov_isa_row *row)
{
	return row->kind == ISA_K_ATOMIC && row->oper >= ISA_O_FETCH_ADD && row->oper <= ISA_O_XCHG;
}

static bool allowed(struct as *s, const struct as_match *m, const struct iov_insn *insn)
{
	const struct iov_isa_row *row = m->row;

	if ((insn->dst == IOV_R10 && writes_dst(row)) || (insn->src == IOV_R10 && writes_src(row))) {
		as_error(s, m->operands[0].at, 0, DIAG_ASM_FRAME, "r10 cannot be written");
		return false;
	}
	if (!(m->form->dialects & s->dialects)) {
		as_error(s, m->start, 0, DIAG_ASM_DIALECT, "this is written in the %s dialect, but .syntax says %s",
			 s->dialects == 1 ? "mnemonic" : "kernel", s->dialects == 1 ? "kernel" : "mnemonic");
		return false;
	}
	return row->cpu <= s->cpu && !s->platform ? true : as_target_has(s, m, insn);
}

/* For -O: what is an instruction, and what data. */
static bool mark_insn(struct as *s, struct as_section *x, uint32_t slots)
{
	size_t end = x->data.len / 8;
	uint8_t *room = buf_grow(&x->marks, end - x->marks.len);

	if (!room)
		return as_oom(s);
	memset(room, 0, (size_t)(x->marks.data + end - room));
	x->marks.data[end - slots] = 1;
	return true;
}

/* An instruction that is refused has no bytes that a fixup or a jump could be about. */
static void take_back(struct as_section *x, uint32_t fixups, uint32_t jumps)
{
	x->fixup_count = fixups;
	x->jump_count = jumps;
}

void as_instruction(struct as *s)
{
	struct as_section *x = as_section_now(s);
	struct iov_insn insn[2] = {0};
	struct as_match m;
	uint32_t slots, fixups = x ? x->fixup_count : 0, jumps = x ? x->jump_count : 0;
	uint8_t *to;

	if (!x || !match(s, &m))
		return;
	m.form = &s->trie->forms[s->trie->nodes[m.node].form - 1];
	m.row = m.form->row;
	m.section = x;
	m.offset = (uint32_t)x->data.len;
	insn->code = m.row->code;
	if (m.row->sel == ISA_SEL_SRC)
		insn->src = (uint8_t)m.row->sel_value;
	else if (m.row->sel == ISA_SEL_OFF)
		insn->off = (int16_t)m.row->sel_value;
	else if (m.row->sel == ISA_SEL_IMM)
		insn->imm = m.row->sel_value;
	if (!x->has_code && !as_begin_function(s, x, m.start))
		return;
	if (!take_operands(s, &m, insn) || !allowed(s, &m, insn)) {
		take_back(x, fixups, jumps);
		return;
	}
	slots = insn->code == 0x18 ? 2 : 1;
	if (x->data.len & 7) {
		diag_hint(as_error(s, m.start, 0, DIAG_ASM_SECTION,
				   "an instruction must stand at a multiple of 8 bytes, not at %u", as_flat(x)),
			  "write .balign 8 before it");
		take_back(x, fixups, jumps);
		return;
	}
	if (x->data.cap - x->data.len >= 16 && x->data.len < 1 << 28 && !s->options->limit) {
		to = x->data.data + x->data.len; /* what as_emit() comes to */
		x->data.len += slots * 8;
	} else if (!(to = as_emit(s, slots * 8))) {
		take_back(x, fixups, jumps);
		return;
	}
	if (s->options->optimize && !mark_insn(s, x, slots))
		return;
	put(s, to, &insn[0]);
	if (slots == 2)
		put(s, to + 8, &insn[1]);
	if (s->types || s->dwarf)
		as_note_instruction(s, &m);
}
