/* SPDX-License-Identifier: Apache-2.0 */
/* iovas -O: random programs (testsuite/diff/engines) as text, with what the rules look for strewn in, assembled with
 * and without -O and run by the interpreter: r0, registers, memory and the count of helper calls must agree, with each
 * other and with the oracle's run of the program that the text was made from. Every other program ends in code of its
 * own, where nothing need be neutral.
 *
 *   optimized [--count N | --seconds N] [--seed S] */
#include "testsuite/diff/asm/assembled.h"
#include "testsuite/diff/engines/random.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct world world;
static struct test_image original;
static iov_helper_fn *helpers[8]; /* by number - 1 */

struct maker {
	struct iov_buf *text;
	uint64_t state;
	uint32_t labels, tails;
	uint8_t targets[TEST_SLOTS];
	char label[24];
	bool tail;
};
struct outcome {
	uint64_t r0;
	struct world world;
};

static uint32_t below(struct maker *m, uint32_t n)
{
	uint64_t z = m->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	return (uint32_t)(z >> 33) % n;
}

/* A register that `row` sets to at most 32 bits, or -1. */
static int extended(const struct iov_isa_row *row, const struct iov_insn *insn)
{
	if ((row->kind == ISA_K_ALU && row->width == 32) || (row->kind == ISA_K_LDX && row->width <= 32))
		return insn->dst;
	return -1;
}

/* A register that the instruction sets without reading anything of it, or -1. */
static int fresh(const struct iov_isa_row *row, const struct iov_insn *insn)
{
	if (row->oper == ISA_O_IMM64 || (row->oper == ISA_O_MOV && row->src == ISA_SRC_K))
		return insn->dst;
	if ((row->oper == ISA_O_MOV || row->kind == ISA_K_LDX) && insn->src != insn->dst)
		return insn->dst;
	return -1;
}

/* Something that changes nothing, and that a rule may find. */
static void strew(struct maker *m)
{
	static const char *const neutral[] = {"r%u += 0",  "r%u -= 0",   "r%u |= 0", "r%u ^= 0", "r%u <<= 0",
					      "r%u >>= 0", "r%u s>>= 0", "r%u *= 1", "r%u /= 1", "r%u &= -1"};
	uint32_t a = ++m->labels, r = below(m, 10);

	switch (below(m, 7)) {
	case 0:
		buf_printf(m->text, "r%u = r%u\n", r, r);
		break;
	case 1:
		buf_printf(m->text, neutral[below(m, 10)], r);
		buf_puts(m->text, "\n");
		break;
	case 2:
		buf_printf(m->text, "goto .La%u\n.La%u:\n", a, a);
		break;
	case 3:
		buf_printf(m->text, "if r%u s> %u goto .La%u\n.La%u:\n", r, below(m, 100), a, a);
		break;
	case 4: /* dead code, and gotos to gotos */
		buf_printf(m->text,
			   "goto .La%u\nr%u = 5\n.Lb%u: goto .Lc%u\nr%u += 9\ncall 1\n.La%u: goto .Lb%u\n.Lc%u:\n", a,
			   r, a, a, r, a, a, a);
		break;
	case 5: /* a branch over a goto */
		buf_printf(m->text, "if r%u > %u goto .La%u\ngoto .Lb%u\n.La%u: r%u += 0\n.Lb%u:\n", r, below(m, 100),
			   a, a, a, r, a);
		break;
	default:
		buf_printf(m->text, "if w%u == %u goto .La%u\n.La%u: r%u = r%u\n", r, below(m, 100), a, a, r, r);
	}
}

static void tail_item(struct maker *m, uint32_t to)
{
	static const int numbers[] = {0, 1, -1, 2, 5, 32, 255, 65535, 127, -5, INT32_MAX, 16};
	static const char *const alu[] = {"+", "-", "|", "&", "^", "*", "/", "&", "&"};
	static const char *const shifts[] = {"<<", ">>", "s>>", "<<"};
	static const unsigned widths[] = {8, 16, 32, 64};
	uint32_t a = 1 + below(m, 3), b = 1 + below(m, 3);
	int n = numbers[below(m, 12)];
	char half = below(m, 3) ? 'r' : 'w';

	switch (below(m, 13)) {
	case 11: /* a mask after a load */
		buf_printf(m->text, "r%u = *(u%u *)(r10 - 8)\n%c%u &= %d\n", a, widths[below(m, 4)], half, a, n);
		break;
	case 12: /* somebody jumps between */
		m->labels++;
		buf_printf(m->text, "if r%u & %d goto .Lm%u\nw%u += 1\n.Lm%u: w%u = w%u\n", b, n, m->labels, a,
			   m->labels, a, a);
		break;
	case 0:
		buf_printf(m->text, "%c%u = %d\n", half, a, n);
		break;
	case 1:
		buf_printf(m->text, "%c%u = %c%u\n", half, a, half, b);
		break;
	case 2:
		buf_printf(m->text, "w%u = w%u\n", a, a);
		break;
	case 3:
		buf_printf(m->text, "%c%u %s= %d\n", half, a, alu[below(m, 9)], n);
		break;
	case 4:
		n = below(m, 4) ? half == 'w' ? 16 : 32 : 0;
		buf_printf(m->text, "%c%u %s= %d\n", half, a, shifts[below(m, 4)], n);
		break;
	case 5:
		buf_printf(m->text, "r%u <<= 32\nr%u %s>>= 32\n", a, below(m, 8) ? a : b, below(m, 2) ? "s" : "");
		break;
	case 6:
		buf_printf(m->text, "r%u = *(u%u *)(r10 - 8)\n", a, widths[below(m, 4)]);
		break;
	case 7:
		buf_printf(m->text, "*(u64 *)(r10 - 8) = r%u\n", a);
		break;
	case 8:
		buf_printf(m->text, "if %c%u %s %d goto .Lt%u_%u\n", half, a, below(m, 2) ? ">" : "&", n, m->tails, to);
		break;
	case 9:
		buf_printf(m->text, "goto .Lt%u_%u\n", m->tails, to);
		break;
	default:
		buf_printf(m->text, "r%u = %d ll\n", a, n);
	}
}

/* Code of its own before the end: on three registers, with jumps onwards only, and all of it seen in r0. */
static void tail(struct maker *m)
{
	uint32_t count = 4 + below(m, 40);

	m->tails++;
	for (uint32_t i = 1; i <= 3; i++)
		buf_printf(m->text, "r%u = 0x%llx ll\n", i, 0x123456789abcdefull * (1 + below(m, 1000)));
	buf_puts(m->text, "*(u64 *)(r10 - 8) = r1\n");
	for (uint32_t i = 0; i < count; i++) {
		buf_printf(m->text, ".Lt%u_%u:\n", m->tails, i);
		tail_item(m, i + 1 + below(m, below(m, 2) ? 3 : count - i));
	}
	for (uint32_t i = count; i < count + 3; i++)
		buf_printf(m->text, ".Lt%u_%u: r0 ^= r%u\nr0 *= 31\n", m->tails, i, i - count + 1);
}

static const char *label(void *ud, int64_t slot)
{
	struct maker *m = ud;

	for (uint32_t i = 0; i < original.prog.sub_count; i++)
		if (original.subs[i].start == slot) {
			snprintf(m->label, sizeof(m->label), "s%u", i);
			return m->label;
		}
	snprintf(m->label, sizeof(m->label), ".L%u", (uint32_t)slot);
	return m->label;
}

static uint32_t one(struct maker *m, uint32_t at)
{
	const struct iov_isa_names names = {.label = label, .ud = m, .labels_alone = true};
	struct iov_insn *insn = &original.insns[at];
	const struct iov_isa_row *row = isa_find(insn);
	int set = fresh(row, insn), low = extended(row, insn);

	if (m->targets[at])
		buf_printf(m->text, ".L%u:\n", at);
	while (below(m, 4) == 0)
		strew(m);
	if (set >= 0 && below(m, 4) == 0)
		buf_printf(m->text, "r%d = %u%s\n", set, below(m, 1000), below(m, 2) ? " ll" : "");
	if (row->kind == ISA_K_EXIT && m->tail && at < original.subs[0].count)
		tail(m);
	if (row->oper == ISA_O_FUNC)
		buf_printf(m->text, "r%d = %s ll", insn->dst, label(m, isa_target(row, insn, at)));
	else if (row->kind == ISA_K_CALL && row->oper == ISA_O_HELPER)
		buf_printf(m->text, "call %d", insn->imm);
	else
		isa_print(m->text, insn, at, IOV_DIALECT_KERNEL, &names);
	buf_puts(m->text, "\n");
	if (low >= 0 && below(m, 2) == 0)
		buf_printf(m->text, "w%d = w%d\n", low, low);
	if (low >= 0 && row->kind == ISA_K_LDX && row->width < 32 && below(m, 2) == 0)
		buf_printf(m->text, "%c%d &= %u\n", below(m, 2) ? 'r' : 'w', low, (1u << row->width) - 1);
	return isa_is_wide(insn) ? 2 : 1;
}

/* The number under which the text calls a helper. */
static int32_t number(iov_helper_fn *fn)
{
	int32_t n = 0;

	while (helpers[n] && helpers[n] != fn)
		n++;
	helpers[n] = fn;
	return n + 1;
}

static void print(struct maker *m)
{
	uint32_t sub = 0;

	for (uint32_t i = 0; i < original.image.count; i += 1 + isa_is_wide(&original.insns[i])) {
		const struct iov_isa_row *row = isa_find(&original.insns[i]);

		if (row->kind == ISA_K_JA || row->kind == ISA_K_JCC || row->kind == ISA_K_MAY_GOTO)
			m->targets[isa_target(row, &original.insns[i], i)] = 1;
		else if (row->oper == ISA_O_HELPER)
			original.insns[i].imm = number(original.calls[i]);
	}
	buf_puts(m->text, ".text\n");
	for (uint32_t i = 0; i < original.image.count;) {
		if (sub < original.prog.sub_count && original.subs[sub].start == i)
			buf_printf(m->text, "%s.func s%u\n", sub ? ".endfunc\n" : "", sub), sub++;
		i += one(m, i);
	}
	buf_puts(m->text, ".endfunc\n");
}

static struct iov_env fresh_env(uint64_t seed)
{
	random_world(seed, &world);
	return (struct iov_env){.now_ud = &world};
}

/* Assembled and run; false: it does not assemble. */
static bool run(const struct iov_buf *text, bool optimize, uint64_t seed, struct outcome *out, uint32_t *slots)
{
	struct iov_as_options options = {.optimize = optimize};
	struct iov_env env = fresh_env(seed);
	iov_helper_fn **calls;
	struct assembled a;
	bool ok = assembled_make(&a, text, &options);

	if (ok) {
		calls = arena_array(&a.arena, a.count, sizeof(*calls));
		for (uint32_t i = 0; i < a.count; i++)
			if (a.insns[i].code == 0x85 && !a.insns[i].src)
				calls[i] = helpers[a.insns[i].imm - 1];
		*slots += a.count;
		out->r0 = assembled_run(&a, &env, &world.ctx, calls);
		out->world = world;
		out->world.ctx = (struct iov_ctx){0};
	} else {
		printf("FAIL seed %llu: %s\n", (unsigned long long)seed, a.error);
	}
	assembled_free(&a);
	return ok;
}

static bool test(uint64_t seed, uint32_t slots[2], bool show)
{
	uint32_t sub_stack[TEST_SUBS];
	struct iov_buf text = {0};
	static struct maker m;
	static struct outcome want, plain, optimized;
	struct iov_env env;
	bool ok;

	m = (struct maker){.text = &text, .state = seed * 3, .tail = seed & 1};
	random_program(seed, &world, &original, sub_stack);
	print(&m);
	if (!buf_cstr(&text))
		abort();
	if (show)
		fputs((const char *)text.data, stdout);
	env = fresh_env(seed);
	env.image = &original.image;
	want.r0 = oracle_run(&original.image, &env, &world.ctx);
	want.world = world;
	want.world.ctx = (struct iov_ctx){0};
	ok = run(&text, false, seed, &plain, &slots[0]) && run(&text, true, seed, &optimized, &slots[1]);
	if (ok && !m.tail && memcmp(&plain, &want, sizeof(want)))
		ok = !printf("FAIL seed %llu: the text is not the program\n", (unsigned long long)seed);
	if (ok && memcmp(&plain, &optimized, sizeof(plain)))
		ok = !printf("FAIL seed %llu: -O changes the result\n", (unsigned long long)seed);
	buf_free(&text);
	return ok;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"count", 1, NULL, 'c'},
						{"seconds", 1, NULL, 't'},
						{"seed", 1, NULL, 's'},
						{"show", 0, NULL, 'w'},
						{0}};
	uint64_t seed = 1, count = 2000, done = 0;
	uint32_t slots[2] = {0};
	time_t until = 0;
	bool show = false;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'c')
			count = strtoull(optarg, NULL, 0);
		else if (c == 't')
			until = time(NULL) + atoi(optarg);
		else if (c == 's')
			seed = strtoull(optarg, NULL, 0);
		else if (c == 'w')
			show = true;
		else
			return 2;
	}
	for (; until ? time(NULL) < until : done < count; done++)
		if (!test(seed + done, slots, show))
			return 1;
	if (slots[1] * 10ull > slots[0] * 9ull)
		printf("FAIL -O took away less than a tenth\n");
	printf("PASS %llu programs, %u slots, %u with -O\n", (unsigned long long)done, slots[0], slots[1]);
	return 0;
}
