/* SPDX-License-Identifier: Apache-2.0 */
/* The path of a message: the branches that led there, as conditions of the C source with the way each of them went.
 * LLVM turns conditions round and swaps their sides; "is true" is only said where comparison and source leave no
 * choice, else the line says where the path goes on. */
#include "backend/verify/internal.h"

#include <ctype.h>
#include <string.h>

enum { PATH_AT_MOST = 8, LOOK_AHEAD = 16 };

enum truth { IS_FALSE, IS_TRUE, UNKNOWN };

/* A condition taken apart: `left op right`, or `left` alone with op "" (is it true?) or "!" (is it false?). */
struct condition {
	const char *left, *right;
	size_t left_len, right_len;
	const char *op;
};

static uint32_t line_at(const struct verifier *v, uint32_t insn)
{
	const struct iov_line *l = prog_line(v->prog, insn);

	return l ? l->line : 0;
}

/* The line where a way goes on: LLVM leaves the first instructions of a block without a line of their own, which then
 * seem to belong to the branch itself, or hoists some from above it. */
static uint32_t line_ahead(const struct verifier *v, uint32_t insn, uint32_t branch)
{
	uint32_t i = insn;

	for (int n = 0; n < LOOK_AHEAD && i < v->prog->count && v->insns[i].row; n++) {
		if (line_at(v, i) > branch)
			return line_at(v, i);
		if (v->insns[i].row->kind == ISA_K_JCC || v->insns[i].row->kind == ISA_K_EXIT)
			break;
		if (v->insns[i].row->kind == ISA_K_JA) /* the loop's increment jumps to just behind itself */
			i = (uint32_t)isa_target(v->insns[i].row, &v->prog->insns[i], i);
		else
			i += v->insns[i].row->kind == ISA_K_LDIMM64 ? 2 : 1;
	}
	return line_at(v, insn);
}

/* The head of the loop that begins at slot `first` and is closed by a branch at `last`. */
static uint32_t loop_line(struct verifier *v, uint32_t first, uint32_t last)
{
	for (uint32_t i = first; i <= last; i++)
		if (v->insns[i].row && explain_loop(v, i))
			return line_at(v, i);
	return line_at(v, first);
}

static const char *operator_at(const char *p, const char *from)
{
	static const char *const ops[] = {"==", "!=", "<=", ">=", "<", ">"};

	if (p[0] == p[1] || p[0] == '-' || (p > from && (p[-1] == '-' || p[-1] == *p))) /* ->, <<, >> */
		return NULL;
	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++)
		if (!strncmp(p, ops[i], strlen(ops[i])))
			return ops[i];
	return NULL;
}

/* One comparison, or a thing alone. False: something that this does not understand. */
static bool take_apart(const char *text, struct condition *c)
{
	int depth = 0;

	*c = (struct condition){.left = text, .left_len = strlen(text), .op = ""};
	for (const char *p = text; *p; p++) {
		const char *op;

		depth += *p == '(' || *p == '[';
		depth -= *p == ')' || *p == ']';
		if (depth || (p > text && !strncmp(p - 1, "->", 2)))
			continue;
		op = *p == '=' && p[1] == '=' ? "==" : operator_at(p, text);
		if (*p == '?' || *p == ',' || (*p == '=' && !op))
			return false;
		if (!op)
			continue;
		if (c->right)
			return false;
		c->left_len = (size_t)(p - text);
		c->op = op;
		c->right = p + strlen(op);
		c->right_len = strlen(c->right);
		p += strlen(op) - 1;
	}
	if (!c->right && *text == '!')
		c->op = "!";
	return true;
}

static bool has_word(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= len; i++)
		if (!memcmp(text + i, word, n) &&
		    (!i || (!isalnum((unsigned char)text[i - 1]) && text[i - 1] != '_')) &&
		    (i + n == len || (!isalnum((unsigned char)text[i + n]) && text[i + n] != '_')))
			return true;
	return false;
}

/* A number or a macro's name: nothing that a register would hold. */
static bool is_constant(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (islower((unsigned char)text[i]) && text[i] != 'x' && !has_word(text, len, "sizeof"))
			return false;
	return true;
}

/* Whether the comparison's first operand is the condition's left side: by the names of the variables, or because the
 * other one is a constant. 1 yes, 0 no, -1 cannot be told. */
static int same_sides(const struct verifier *v, uint32_t fork, const struct condition *c)
{
	const struct iov_insn *insn = &v->prog->insns[fork];

	if (v->insns[fork].row->src != ISA_SRC_X) {
		bool left = is_constant(c->left, c->left_len), right = is_constant(c->right, c->right_len);

		return left == right ? -1 : right;
	}
	for (int i = 0; i < 2; i++) {
		const struct iov_var *var = prog_reg_var(v->prog, fork, i ? insn->src : insn->dst);
		bool left, right;

		if (!var || !var->name)
			continue;
		left = has_word(c->left, c->left_len, var->name);
		right = has_word(c->right, c->right_len, var->name);
		if (left != right)
			return left == !i;
	}
	return -1;
}

/* +1: the branch asks "greater", -1: "less", 0: neither. */
static int direction(enum iov_isa_oper oper)
{
	switch (oper) {
	case ISA_O_JGT:
	case ISA_O_JGE:
	case ISA_O_JSGT:
	case ISA_O_JSGE:
		return 1;
	case ISA_O_JLT:
	case ISA_O_JLE:
	case ISA_O_JSLT:
	case ISA_O_JSLE:
		return -1;
	default:
		return 0;
	}
}

static enum truth decided(const struct verifier *v, uint32_t fork, bool taken, const struct condition *c)
{
	const struct iov_isa_row *row = v->insns[fork].row;
	enum iov_isa_oper oper = (enum iov_isa_oper)row->oper;
	bool zero = row->src != ISA_SRC_X && !v->prog->insns[fork].imm, equal = oper == ISA_O_JEQ;
	int asks = direction(oper), says = *c->op == '>' ? 1 : *c->op == '<' ? -1 : 0, same;

	if (oper == ISA_O_JEQ || oper == ISA_O_JNE) {
		if (!c->right)
			return zero ? (equal == taken) == (*c->op == '!') : UNKNOWN;
		return c->op[1] == '=' && !says ? (equal == taken) == (*c->op == '=') : UNKNOWN;
	}
	if (oper == ISA_O_JSET && !c->right)
		return taken == (*c->op != '!');
	if (!asks || !says)
		return UNKNOWN;
	same = same_sides(v, fork, c);
	return same < 0 ? UNKNOWN : ((asks == says) == same) == taken;
}

/* Without a comparison that tells: the body of an `if` begins on the next line. */
static enum truth by_lines(uint32_t line, uint32_t here, uint32_t other)
{
	if (here == other || (here == line + 1) == (other == line + 1))
		return UNKNOWN;
	return here == line + 1;
}

/* LLVM joins conditions and gives the branches one place in the source: then no branch stands for what is written. */
static bool alone(const struct verifier *v, uint32_t fork)
{
	const struct iov_line *l = prog_line(v->prog, fork), *other;

	for (uint32_t i = 0; i < v->prog->count; i++) {
		if (i == fork || !v->insns[i].row || v->insns[i].row->kind != ISA_K_JCC)
			continue;
		other = prog_line(v->prog, i);
		if (other && other->line == l->line && other->col == l->col)
			return false;
	}
	return true;
}

/* "`i < n` is false", when one branch decides one written condition. */
static const char *what_happened(struct verifier *v, const struct vnode *n, uint32_t line, uint32_t here)
{
	const char *text = explain_condition(v, n->fork);
	uint32_t jump = (uint32_t)isa_target(v->insns[n->fork].row, &v->prog->insns[n->fork], n->fork);
	bool taken = n->insn == jump;
	enum truth truth = UNKNOWN;
	struct condition c;

	if (!text || strstr(text, "&&") || strstr(text, "||") || v->insns[n->fork].row->kind != ISA_K_JCC ||
	    !alone(v, n->fork))
		return NULL;
	if (take_apart(text, &c))
		truth = decided(v, n->fork, taken, &c);
	if (truth == UNKNOWN)
		truth = by_lines(line, here, line_ahead(v, taken ? n->fork + 1 : jump, line));
	return truth == UNKNOWN ? NULL : arena_printf(&v->work, "`%s` is %s", text, truth ? "true" : "false");
}

const char *explain_branch(struct verifier *v, const struct vnode *n)
{
	const struct iov_line *l = prog_line(v->prog, n->fork);
	const char *what;

	if (!l || v->insns[n->fork].row->kind != ISA_K_JCC)
		return NULL;
	what = what_happened(v, n, l->line, line_ahead(v, n->insn, l->line));
	return what ? arena_printf(&v->work, "%s at line %u", what, l->line) : NULL;
}

/* Where a tail call in a function leads, when it is made and when it is not; false: it is none. */
static bool tail_step(struct verifier *v, struct iov_diag *d, const struct vnode *n)
{
	const struct iov_helper *h = cfg_helper(v, n->fork);

	if (!h || !(h->flags & IOV_HF_TAIL_CALL))
		return false;
	if (n->insn == n->fork + 1)
		diag_path(d, prog_span(v->prog, n->fork), "no program is called: goes on behind it");
	else
		diag_path(d, prog_span(v->prog, n->fork),
			  "another program runs in the function's place, and returns to %s", explain_at(v, n->insn));
	return true;
}

static void path_step(struct verifier *v, struct iov_diag *d, const struct vnode *n)
{
	const struct iov_line *l = prog_line(v->prog, n->fork);
	bool back = n->insn <= n->fork;
	const char *what;
	uint32_t to;

	if (tail_step(v, d, n))
		return;
	if (!l) {
		diag_path(d, prog_span(v->prog, n->fork), "this branch is %s",
			  n->insn != n->fork + 1 ? "taken" : "not taken");
		return;
	}
	to = back ? loop_line(v, n->insn, n->fork) : line_ahead(v, n->insn, l->line);
	what = what_happened(v, n, l->line, to);
	diag_path(d, prog_span(v->prog, n->fork), "%s%s%s %u", what ? what : "", what ? ": " : "",
		  back ? "goes back to line" : "goes on at line", to);
}

/* A branch that the compiler put into a plain assignment or call: nobody wrote it. */
static bool unwritten(const struct verifier *v, uint32_t fork)
{
	const struct iov_line *l = prog_line(v->prog, fork);

	return l && l->text && strstr(l->text, " = ") && strchr(l->text, ';') && !strpbrk(l->text, "?{") &&
	       !strstr(l->text, "if (") && !strstr(l->text, "while (") && !strstr(l->text, "for (") &&
	       !strstr(l->text, "&&") && !strstr(l->text, "||") && !strstr(l->text, "==") && !strstr(l->text, "!=") &&
	       !strstr(l->text, " < ") && !strstr(l->text, " > ");
}

/* Branches inside one source line, and a line that comes again right away, say nothing new. */
static bool tells(const struct verifier *v, const struct vnode *n, const struct vnode *after)
{
	uint32_t from = line_at(v, n->fork);

	return !from || n->insn <= n->fork ||
	       (!unwritten(v, n->fork) && from != line_ahead(v, n->insn, from) &&
		(!after || from != line_at(v, after->fork)));
}

uint32_t explain_last_fork(const struct verifier *v)
{
	for (const struct vnode *at = v->node; at; at = at->parent)
		if (at->fork != V_NO_INSN)
			return at->fork;
	return V_NO_INSN;
}

void explain_path(struct verifier *v, struct iov_diag *d)
{
	const struct vnode *step[PATH_AT_MOST];
	unsigned n = 0, left_out = 0;
	bool branches = false;

	if (d == &v->mute)
		return;
	for (const struct vnode *at = v->node; at; at = at->parent) {
		branches |= at->fork != V_NO_INSN;
		if (at->fork == V_NO_INSN || !tells(v, at, n ? step[n - 1] : NULL))
			continue;
		if (n < PATH_AT_MOST)
			step[n++] = at;
		else
			left_out++;
	}
	if (branches && !n)
		diag_path(d, IOV_NOWHERE,
			  "the branches before it are the compiler's own: no written condition leads here");
	if (!branches)
		diag_path(d, IOV_NOWHERE, "there is no branch before it: every run comes here");
	if (left_out)
		diag_path(d, IOV_NOWHERE, "(%u earlier branches)", left_out);
	while (n--)
		path_step(v, d, step[n]);
}
