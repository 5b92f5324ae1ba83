/* SPDX-License-Identifier: Apache-2.0 */
/* Loops that add up memory: the same registers as one turn after another gives, for every form, width, step and number
 * of turns, and no byte read beyond those of the turns: what follows them cannot be read. */
#include "oracle.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096, TURNS = 45, RESULTS = 10 };

struct form {
	bool base_known, base_reg;  /* counter alone: it is the address */
	bool copied;                /* the address is put together from a copy */
	bool limit_reg;
	enum iov_isa loop;          /* the jump; JEQ and JGE: out, over a goto */
	int width;
	int32_t step, off;
};

static struct test_image t;
static uint8_t *memory; /* its end is the end of what can be read */

static void start(void)
{
	if (memory)
		return;
	memory = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	cr_assert_neq(memory, MAP_FAILED);
	cr_assert_eq(mprotect(memory + PAGE, PAGE, PROT_NONE), 0);
	for (int i = 0; i < PAGE; i++)
		memory[i] = (uint8_t)(i * 131 >> 2);
}

static enum iov_isa load_of(int width)
{
	return width == 8 ? ISA_LDX8 : width == 16 ? ISA_LDX16 : width == 32 ? ISA_LDX32 : ISA_LDX64;
}

/* r1: results. r6: sum, r7: counter, r8: base, r9: limit, r4: what is loaded. The last turn's bytes end the page. */
static uint32_t build(const struct form *f, int turns)
{
	uint64_t first = (uintptr_t)memory + PAGE - (uint64_t)(f->width / 8) - (uint64_t)((turns - 1) * f->step);
	bool indexed = f->base_known || f->base_reg;
	uint64_t from = indexed ? 100 : first - (uint64_t)(int64_t)f->off;
	uint64_t to = from + (uint64_t)(turns * f->step), base = first - 100 - (uint64_t)(int64_t)f->off;
	bool out = f->loop == ISA_JEQ64_X || f->loop == ISA_JGE64_X;
	uint32_t head;

	test_start(&t);
	test_put64(&t, ISA_LD_IMM64, 6, 0xfffffffffffff000);
	test_put64(&t, ISA_LD_IMM64, 7, from);
	test_put64(&t, ISA_LD_IMM64, 8, base);
	test_put64(&t, ISA_LD_IMM64, 9, to);
	for (int r = 2; r <= 5; r++)
		test_put(&t, ISA_MOV64_K, r, 0, 0, r);
	test_put(&t, ISA_MOV64_K, 0, 0, 0, 77);
	test_put(&t, ISA_JA, 0, 0, 0, 0);
	if (f->base_known)
		head = test_put64(&t, ISA_LD_IMM64, 4, base);
	else if (f->base_reg || f->copied)
		head = test_put(&t, ISA_MOV64_X, 4, f->base_reg && f->copied ? 8 : 7, 0, 0);
	else
		head = t.image.count;
	if (f->base_known)
		test_put(&t, ISA_ADD64_X, 4, 7, 0, 0);
	else if (f->base_reg)
		test_put(&t, ISA_ADD64_X, 4, f->copied ? 7 : 8, 0, 0);
	if (head == t.image.count)
		head = test_put(&t, load_of(f->width), 4, 7, f->off, 0);
	else
		test_put(&t, load_of(f->width), 4, 4, f->off, 0);
	test_put(&t, ISA_ADD64_X, 6, 4, 0, 0);
	test_put(&t, ISA_ADD64_K, 7, 0, 0, f->step);
	{
		uint32_t at = t.image.count;
		int back = (int)head - (int)at - (out ? 2 : 1);
		enum iov_isa jump = f->limit_reg ? f->loop : (enum iov_isa)(f->loop - 1);

		test_put(&t, jump, 7, f->limit_reg ? 9 : 0, out ? 1 : back, f->limit_reg ? 0 : (int32_t)to);
		if (out)
			test_put(&t, ISA_JA, 0, 0, back, 0);
	}
	for (int r = 0; r < RESULTS; r++)
		if (r != 1)
			test_put(&t, ISA_STX64, 1, r, 8 * r, 0);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
	return head;
}

static void compare(const struct form *f)
{
	for (int turns = 1; turns <= TURNS; turns++) {
		uint64_t want[RESULTS] = {0}, got[RESULTS] = {0};

		build(f, turns);
		oracle_run(&t.image, &t.env, want);
		test_jit(&t, turns & 1 ? jit_host() : test_baseline(), got);
		cr_assert_eq(memcmp(want, got, sizeof(want)), 0, "width %d step %d off %d turns %d: sum %#lx, not %#lx",
			     f->width, f->step, f->off, turns, got[6], want[6]);
	}
}

Test(sum, every_form_and_number_of_turns)
{
	static const enum iov_isa jumps[] = {ISA_JNE64_X, ISA_JLT64_X, ISA_JEQ64_X, ISA_JGE64_X};
	static const int32_t offs[] = {0, 6, -300, 2000};

	cr_assert(ISA_JNE64_X == ISA_JNE64_K + 1 && ISA_JLT64_X == ISA_JLT64_K + 1);
	start();
	for (int way = 0; way < 64; way++)
		for (int width = 8; width <= 64; width *= 2)
			for (int n = 0; n < 3; n++) {
				struct form f = {.base_known = (way & 3) == 1, .base_reg = (way & 3) == 2,
						 .copied = way >> 2 & 1, .limit_reg = way >> 3 & 1,
						 .loop = jumps[way >> 4], .width = width,
						 .step = n ? width / 8 * n : 1, .off = offs[(way + n) & 3]};

				f.limit_reg |= !f.base_known && !f.base_reg;
				compare(&f);
			}
}

/* Bytes of code of the head, which holds the fast form. */
static uint32_t bytes_at(uint32_t head)
{
	struct iov_arena arena = {0};
	uint32_t bytes;

	cr_assert_eq(jit_compile(&t.image, &arena, NULL), IOV_OK);
	bytes = t.image.code_at[head + 1 + isa_is_wide(&t.insns[head])] - t.image.code_at[head];
	jit_free(&t.image);
	arena_free(&arena);
	return bytes;
}

/* And it is the fast form that was compared; near misses are left alone. */
Test(sum, is_recognised)
{
	const struct form f = {.base_known = true, .loop = ISA_JNE64_X, .width = 16, .step = 2};
	const struct form by_register = {.base_reg = true, .limit_reg = true, .loop = ISA_JNE64_X, .width = 16,
					 .step = 2};
	uint32_t head, body;

	if (!jit_host().target || !jit_host().target->sum)
		cr_skip_test("this machine's target leaves such loops as they are");
	start();
	head = build(&f, 40);
	body = head + 2;
	cr_assert_gt(bytes_at(head), 60);
	t.insns[body + 2].dst = 9; /* r9 is the sum now: what r6 starts from does not matter */
	cr_assert_gt(bytes_at(head), 60);
	t.insns[body + 2].dst = 7; /* the sum is the counter */
	cr_assert_lt(bytes_at(head), 60);
	t.insns[body + 2].dst = 4; /* … is what was loaded */
	cr_assert_lt(bytes_at(head), 60);
	head = build(&f, 40);
	t.insns[body + 3].imm = -2; /* down */
	cr_assert_lt(bytes_at(head), 60);
	t.insns[body + 3].imm = 2;
	t.insns[body + 3].dst = 8; /* another register is stepped */
	cr_assert_lt(bytes_at(head), 60);
	head = build(&by_register, 40);
	cr_assert_gt(bytes_at(head), 60);
	t.insns[head + 5].src = 6; /* the limit is the sum */
	cr_assert_lt(bytes_at(head), 60);
}
