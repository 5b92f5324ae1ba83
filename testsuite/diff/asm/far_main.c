/* SPDX-License-Identifier: Apache-2.0 */
/* Jumps out of reach: random large functions, executed. A program is a list of operations; a small model runs the list,
 * iovas assembles its text at every level and in both byte orders, and the interpreter runs what came out. Besides:
 * every line record stands at the instruction of its line, functions and CO-RE records at theirs, and every
 * instruction that the text does not hold is reached by somebody, as Linux demands.
 *
 *   far [--count N] [--seed S] */
#include "testsuite/diff/asm/assembled.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum op_kind { OP_ADD, OP_MUL, OP_LONG, OP_XOR, OP_SET, OP_GREATER, OP_GOTO, OP_FUEL, OP_EMPTY, OP_CALL, OP_EXIT };
struct op {
	uint8_t kind;
	bool core; /* a CO-RE record stands before it */
	int32_t imm;
	uint32_t target; /* operation */
	uint32_t line, slot;
};
struct program {
	struct op *ops;
	uint32_t count, cores;
	uint64_t state;
};

enum { FUEL = 20000 };

static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint32_t below(struct program *p, uint32_t n)
{
	return (uint32_t)(next(&p->state) >> 32) % n;
}

/* `far` of 10,000 operations jump anywhere, `gone` of 10,000 are gotos and exits: places that control does not pass. */
static void make(struct program *p, uint32_t count, uint32_t far, uint32_t gone)
{
	p->count = count;
	for (uint32_t i = 0; i < count; i++) {
		struct op *o = &p->ops[i];
		uint32_t dice = below(p, 10000), near = i + 2 + below(p, 40);

		*o = (struct op){.kind = OP_ADD, .imm = (int32_t)i};
		if (i >= count - 2) {
			o->kind = OP_EXIT;
		} else if (dice < far) {
			o->kind = below(p, 2) ? OP_SET : OP_GREATER;
			o->imm = (int32_t)(1 + below(p, 127));
			o->target = below(p, count);
		} else if (dice < far + gone) {
			o->kind = below(p, 8) ? OP_GOTO : OP_EXIT;
			o->target = below(p, 4) ? near < count ? near : count - 1 : below(p, count);
		} else if (dice < far + gone + 200) {
			o->kind = OP_CALL;
		} else if (dice < far + gone + 400) {
			o->kind = OP_MUL;
			o->imm = 31;
		} else if (dice < far + gone + 600 && i + 8 < count) {
			o->kind = OP_LONG;
			p->ops[++i] = (struct op){.kind = OP_XOR, .imm = (int32_t)i};
		} else {
			o->core = dice > 9990;
		}
		/* a jump back costs fuel */
		if (o->target && o->target <= i && i > 4) {
			p->ops[i] = (struct op){.kind = OP_EMPTY, .target = count - 1};
			p->ops[i - 1] = (struct op){.kind = OP_FUEL};
			if (p->ops[i - 2].kind == OP_LONG)
				p->ops[i - 2] = (struct op){.kind = OP_ADD, .imm = (int32_t)i - 2};
			if (i + 3 < count)
				p->ops[++i] = (struct op){.kind = OP_GOTO, .target = below(p, i)};
		}
	}
}

/* What the program means. False: it ran too long. */
static bool model(const struct program *p, uint64_t *out)
{
	uint64_t r0 = 1, r6 = 0, fuel = FUEL, steps = 0;
	uint32_t at = 0;

	for (;; steps++) {
		const struct op *o = &p->ops[at++];

		if (steps > 5000000)
			return false;
		switch (o->kind) {
		case OP_ADD:
			r0 += (uint64_t)o->imm;
			break;
		case OP_MUL:
			r0 *= (uint64_t)o->imm;
			break;
		case OP_LONG:
			r6 = (uint64_t)at << 32;
			break;
		case OP_XOR:
			r0 ^= r6;
			break;
		case OP_CALL:
			r0 = (r0 ^ r0 >> 3) + 7;
			break;
		case OP_SET:
			at = (r0 & (uint64_t)o->imm) ? o->target : at;
			break;
		case OP_GREATER:
			at = r0 > (uint64_t)o->imm << 20 ? o->target : at;
			break;
		case OP_GOTO:
			at = o->target;
			break;
		case OP_FUEL:
			fuel--;
			break;
		case OP_EMPTY:
			at = !fuel ? o->target : at;
			break;
		case OP_EXIT:
			*out = r0;
			return true;
		default:
			break;
		}
	}
}

static void op_text(const struct program *p, uint32_t i, struct iov_buf *text)
{
	const struct op *o = &p->ops[i];

	switch (o->kind) {
	case OP_ADD:
		buf_printf(text, "r0 += %d", o->imm);
		break;
	case OP_MUL:
		buf_printf(text, "r0 *= %d", o->imm);
		break;
	case OP_LONG:
		buf_printf(text, "r6 = %llu ll", (unsigned long long)(i + 1) << 32);
		break;
	case OP_XOR:
		buf_puts(text, "r0 ^= r6");
		break;
	case OP_SET:
		buf_printf(text, "if r0 & %d goto .L%u", o->imm, o->target);
		break;
	case OP_GREATER:
		buf_printf(text, "if r0 > %d goto .L%u", o->imm << 20, o->target);
		break;
	case OP_GOTO:
		buf_printf(text, "goto .L%u", o->target);
		break;
	case OP_FUEL:
		buf_puts(text, "r9 += -1");
		break;
	case OP_EMPTY:
		buf_printf(text, "if r9 == 0 goto .L%u", o->target);
		break;
	case OP_CALL:
		buf_puts(text, "call mix");
		break;
	default:
		buf_puts(text, "exit");
	}
}

static void print(struct program *p, struct iov_buf *text)
{
	uint32_t line = 1;

	buf_puts(text, ".btf\nstruct s { int a, b; };\nint f(void *ctx);\nstatic int mix(void);\n.endbtf\n.text\n"
		       ".func f, global\nr0 = 1\nr6 = 0\n");
	buf_printf(text, "r9 = %d\n", FUEL);
	line += 10;
	p->cores = 0;
	for (uint32_t i = 0; i < p->count; i++, line++) {
		struct op *o = &p->ops[i];

		if (o->core)
			buf_puts(text, ".core byte_off, struct s, .b\n");
		line += o->core;
		p->cores += o->core;
		o->line = line;
		buf_printf(text, ".L%u: ", i);
		op_text(p, i, text);
		buf_puts(text, "\n");
	}
	buf_puts(text, ".endfunc\n.func mix\nr3 = r0\nr3 >>= 3\nr0 ^= r3\nr0 += 7\nexit\n.endfunc\n");
}

static bool is_op(const struct op *o, const struct iov_insn *insn)
{
	static const uint8_t codes[] = {0x07, 0x27, 0x18, 0xaf, 0x45, 0x25, 0x05, 0x07, 0x15, 0x85, 0x95};
	bool inverted = o->kind == OP_GREATER && insn->code == 0xb5; /* through gotol */

	if (o->kind == OP_ADD || o->kind == OP_MUL || o->kind == OP_SET)
		return insn->code == codes[o->kind] && insn->imm == o->imm;
	return insn->code == codes[o->kind] || inverted || (o->kind == OP_GOTO && insn->code == 0x06) ||
	       (o->kind == OP_EMPTY && insn->code == 0x55);
}

static const char *check_lines(struct program *p, const struct assembled *a, const struct iov_btf_ext_section *x,
			       uint8_t *known)
{
	uint32_t at = 3;

	if (x->line_count != p->count + 8)
		return "line records";
	for (uint32_t i = 0; i < p->count; i++, at++) {
		struct op *o = &p->ops[i];

		o->slot = x->lines[at].insn;
		if (x->lines[at].line != o->line || o->slot >= a->count || !is_op(o, &a->insns[o->slot]))
			return "a line record stands at another instruction";
	}
	for (uint32_t i = 0; i < x->line_count; i++)
		known[x->lines[i].insn] = 1;
	return NULL;
}

static const char *check_records(struct program *p, const struct assembled *a, const struct iov_btf_ext_section *x)
{
	uint32_t core = 0;

	if (x->func_count != 2 || x->funcs[0].insn != a->prog.subs[0].start ||
	    x->funcs[1].insn != a->prog.subs[1].start)
		return "function records";
	if (a->prog.subs[0].start + a->prog.subs[0].count != a->prog.subs[1].start)
		return "sizes of functions";
	if (x->core_count != p->cores)
		return "CO-RE records";
	for (uint32_t i = 0; i < p->count; i++)
		if (p->ops[i].core && x->cores[core++].insn != p->ops[i].slot)
			return "a CO-RE record stands at another instruction";
	return NULL;
}

/* Below v4, what the text does not hold is a goto that somebody reaches. */
static const char *check_trampolines(const struct assembled *a, uint8_t *known)
{
	uint8_t *reached = arena_array((struct iov_arena *)&a->arena, a->count + 1, 1);

	for (uint32_t i = 0; i < a->count; i++) {
		const struct iov_isa_row *row = isa_find(&a->insns[i]);
		bool jumps = row && (row->kind == ISA_K_JA || row->kind == ISA_K_JCC);
		int64_t to = jumps ? isa_target(row, &a->insns[i], i) : -1;

		if (to >= 0 && to < a->count)
			reached[to] = 1;
		if (!row || (row->kind != ISA_K_JA && row->kind != ISA_K_EXIT))
			reached[i + 1] = 1;
	}
	for (uint32_t i = 0; i < a->count; i++) {
		if (a->insns[i].code == 0x18)
			known[i + 1] = 1;
		if (!known[i] && a->insns[i].code != 0x05)
			return "something else than a goto was added";
		if (!known[i] && !reached[i])
			return "a trampoline that nobody reaches";
	}
	return NULL;
}

static const char *check(struct program *p, const struct iov_buf *text, uint32_t cpu, uint64_t want, uint32_t *slots)
{
	struct iov_as_options options = {.cpu = cpu};
	static char why[512];
	const struct iov_btf_ext_section *x;
	struct assembled a, big;
	const char *wrong = NULL;
	uint8_t *known;
	struct iov_env env = {0};

	if (!assembled_make(&a, text, &options)) {
		snprintf(why, sizeof(why), "%s", a.error);
		assembled_free(&a);
		return why;
	}
	*slots = a.count;
	known = arena_array(&a.arena, a.count + 1, 1);
	x = a.obj->btf_ext ? &a.obj->btf_ext->sections[0] : NULL;
	wrong = x ? check_lines(p, &a, x, known) : "no records";
	wrong = wrong ? wrong : check_records(p, &a, x);
	wrong = wrong || cpu == 4 ? wrong : check_trampolines(&a, known);
	if (!wrong && assembled_run(&a, &env, NULL, NULL) != want)
		wrong = "another result";
	options.big_endian = true;
	if (cpu > 1) {
		assembled_free(&a);
		return wrong;
	}
	if (!assembled_make(&big, text, &options) || big.count != a.count ||
	    memcmp(big.insns, a.insns, a.count * sizeof(*a.insns)))
		wrong = wrong ? wrong : "other code in big endian";
	assembled_free(&big);
	assembled_free(&a);
	return wrong;
}

/* With -O some instructions are gone or others: each addition, which its number names, is still under its own line. */
static const char *check_taken_away(const struct program *p, const struct assembled *a,
				    const struct iov_btf_ext_section *x)
{
	uint32_t line = 0, core = 0;

	for (uint32_t i = 1; i < x->line_count; i++)
		if (x->lines[i].insn <= x->lines[i - 1].insn)
			return "two line records at one instruction";
	for (uint32_t i = 0; i < a->prog.subs[0].count; i++) {
		const struct iov_insn *insn = &a->insns[i];
		const struct op *o = &p->ops[(uint32_t)insn->imm];

		while (line + 1 < x->line_count && x->lines[line + 1].insn <= i)
			line++;
		if (insn->code != 0x07 || insn->dst)
			continue;
		if (x->lines[line].line != o->line)
			return "an instruction under another's line";
		if (o->core && (core >= x->core_count || x->cores[core++].insn != i))
			return "a CO-RE record stands at another instruction";
	}
	return core == x->core_count ? NULL : "CO-RE records";
}

static const char *check_optimized(const struct program *p, const struct iov_buf *text, uint64_t want)
{
	struct iov_as_options options = {.cpu = 3, .optimize = true};
	struct iov_env env = {0};
	const char *wrong = NULL;
	struct assembled a;

	if (!assembled_make(&a, text, &options))
		wrong = "-O does not assemble";
	wrong = wrong ? wrong : check_taken_away(p, &a, &a.obj->btf_ext->sections[0]);
	if (!wrong && assembled_run(&a, &env, NULL, NULL) != want)
		wrong = "another result with -O";
	assembled_free(&a);
	return wrong;
}

/* One program, at every level. */
static bool test(uint32_t count, uint32_t far, uint32_t gone, uint64_t seed)
{
	struct program p = {.ops = calloc(count, sizeof(*p.ops))};
	uint32_t slots[5] = {0};
	struct iov_buf text = {0};
	const char *wrong = NULL;
	uint64_t want;

	if (!p.ops)
		abort();
	p.state = seed;
	do
		make(&p, count, far, gone);
	while (!model(&p, &want)); /* one that does not end is no test */
	print(&p, &text);
	if (!buf_cstr(&text))
		abort();
	for (uint32_t cpu = 1; cpu <= 4 && !wrong; cpu++)
		wrong = check(&p, &text, cpu, want, &slots[cpu]);
	wrong = wrong ? wrong : check_optimized(&p, &text, want);
	printf("%s %u operations, %u+%u/10000 jumps, seed %llu: ", wrong ? "FAIL" : "PASS", count, far, gone,
	       (unsigned long long)seed);
	if (wrong)
		printf("%s\n", wrong);
	else
		printf("%u slots at v1, %u at v4\n", slots[1], slots[4]);
	buf_free(&text);
	free(p.ops);
	return !wrong;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"count", 1, NULL, 'c'}, {"seed", 1, NULL, 's'}, {0}};
	static const uint32_t shapes[][3] = {
		{40000, 1, 200},   {40000, 300, 0},  {100000, 5, 0},   {100000, 50, 100},
		{70000, 1500, 10}, {300000, 60, 40}, {200000, 300, 0}, {33000, 4000, 500},
	};
	uint64_t seed = 1;
	int c, count = 8, bad = 0;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'c')
			count = atoi(optarg);
		else if (c == 's')
			seed = strtoull(optarg, NULL, 0);
		else
			return 2;
	}
	for (int i = 0; i < count; i++)
		bad += !test(shapes[i % 8][0], shapes[i % 8][1], shapes[i % 8][2], seed + (uint64_t)i);
	return bad != 0;
}
