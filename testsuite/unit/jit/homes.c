/* SPDX-License-Identifier: Apache-2.0 */
/* Stack slots that live in registers: the stores and loads are moves between registers, the results the oracle's, and
 * every register that a caller wants back comes back. */
#include "oracle.h"

#include <criterion/criterion.h>
#include <string.h>

static struct test_image t;
static struct iov_insn_fact facts_of[TEST_SLOTS];
static uint64_t private_of[TEST_SUBS];
static uint32_t stack_of[TEST_SUBS];
static struct iov_facts facts;
static struct iov_arena arena;

static void put(enum iov_isa isa, int dst, int src, int off, int32_t imm) { test_put(&t, isa, dst, src, off, imm); }

static void know(uint64_t private, uint32_t stack)
{
	memset(facts_of, 0, sizeof(facts_of));
	for (uint32_t i = 0; i < t.image.count; i++)
		facts_of[i] = (struct iov_insn_fact){.reached = true, .map = -1};
	for (int i = 0; i < TEST_SUBS; i++) {
		private_of[i] = private;
		stack_of[i] = stack;
	}
	facts = (struct iov_facts){.accepted = true, .insns = facts_of, .count = t.image.count,
				   .sub_stack = stack_of, .sub_private = private_of};
}

/* Whether the code of the slot begins with a move between registers. */
static bool is_move(uint32_t slot)
{
	const uint8_t *code = (const uint8_t *)t.image.text + t.image.code_at[slot];
	uint32_t word;

	memcpy(&word, code, 4);
	if (jit_host().target == &jit_x64)
		return (code[0] & 0xf8) == 0x48 && code[1] == 0x89 && code[2] >> 6 == 3;
	return (word & 0xffe0ffe0) == 0xaa0003e0;
}

static bool is_in_register(uint32_t slot)
{
	bool is;

	cr_assert_eq(jit_compile(&t.image, &arena, NULL), IOV_OK);
	is = is_move(slot);
	jit_free(&t.image);
	arena_free(&arena);
	return is;
}

static uint64_t asks(uint64_t (*run)(const struct iov_image *, struct iov_env *, void *))
{
	t.image.facts = NULL;
	return run(&t.image, &t.env, NULL);
}

static void as_oracle(void)
{
	uint64_t want = asks(oracle_run);
	struct jit_setup hardened = jit_host();

	hardened.hardening = IOV_HARDEN_CONSTANTS | IOV_HARDEN_BRANCHES;
	t.image.facts = &facts;
	cr_assert_eq(test_jit(&t, jit_host(), NULL), want);
	cr_assert_eq(test_jit(&t, test_baseline(), NULL), want);
	cr_assert_eq(test_jit(&t, hardened, NULL), want);
}

/* Uses what a function may use. */
static uint64_t clobbers(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, struct iov_env *env)
{
	(void)env;
#if defined(__x86_64__)
	__asm__ volatile("xor %%ecx, %%ecx; xor %%r8d, %%r8d; xor %%r9d, %%r9d; xor %%r10d, %%r10d; xor %%r11d, %%r11d"
			 : : : "rcx", "r8", "r9", "r10", "r11", "memory");
#else
	__asm__ volatile("mov x5, 0; mov x6, 0; mov x10, 0; mov x11, 0; mov x12, 0; mov x13, 0; mov x14, 0; mov x15, 0"
			 : : : "x5", "x6", "x10", "x11", "x12", "x13", "x14", "x15", "memory");
#endif
	return a + 2 * b + 3 * c + 5 * d + 7 * e;
}

enum { SPILLS = 12 };

/* Twelve slots, each stored, then, in a loop of `turns`, each loaded and stored changed. First store's slot. */
static uint32_t spill(int turns, bool calls)
{
	uint32_t first, top;

	for (int r = 0; r <= 9; r++)
		put(ISA_MOV64_K, r, 0, 0, 11 * r + 1);
	first = t.image.count;
	for (int n = 1; n <= SPILLS; n++)
		put(ISA_STX64, 10, n % 10, -8 * n, 0);
	put(ISA_ST64, 10, 0, -8 * (SPILLS + 1), turns);
	put(ISA_JA, 0, 0, 0, 0);
	top = t.image.count;
	if (calls) {
		for (int r = 1; r <= 5; r++)
			put(ISA_LDX64, r, 10, -8 * r, 0);
		test_call(&t, clobbers);
		put(ISA_STX64, 10, 0, -8, 0);
	}
	for (int n = 1; n <= SPILLS; n++) {
		put(ISA_LDX64, 0, 10, -8 * n, 0);
		put(ISA_LDX64, 1, 10, -8 * (n % SPILLS + 1), 0);
		put(ISA_XOR64_X, 0, 1, 0, 0);
		put(ISA_ADD64_K, 0, 0, 0, n);
		put(ISA_STX64, 10, 0, -8 * n, 0);
	}
	put(ISA_LDX64, 2, 10, -8 * (SPILLS + 1), 0);
	put(ISA_ADD64_K, 2, 0, 0, -1);
	put(ISA_STX64, 10, 2, -8 * (SPILLS + 1), 0);
	put(ISA_JNE64_K, 2, 0, (int)top - (int)t.image.count - 1, 0);
	put(ISA_MOV64_K, 0, 0, 0, 0);
	for (int n = 1; n <= SPILLS; n++) {
		put(ISA_LDX64, 1, 10, -8 * n, 0);
		put(ISA_MUL64_K, 0, 0, 0, 31);
		put(ISA_ADD64_X, 0, 1, 0, 0);
	}
	for (int r = 6; r <= 9; r++)
		put(ISA_ADD64_X, 0, r, 0, 0);
	return first;
}

static int in_registers(uint32_t first)
{
	int count = 0;

	for (uint32_t n = 0; n < SPILLS; n++)
		count += is_in_register(first + n);
	return count;
}

Test(homes, spills_live_in_what_registers_are_left)
{
	for (int calls = 0; calls < 2; calls++) {
		uint32_t first;

		test_start(&t);
		first = spill(5, calls);
		put(ISA_EXIT, 0, 0, 0, 0);
		test_end(&t);
		know(~(uint64_t)0, 8 * (SPILLS + 1));
		as_oracle();
		cr_assert_geq(in_registers(first), jit_host().target == &jit_x64 ? 1 : calls ? 4 : 2);
		know(0, 8 * (SPILLS + 1));
		as_oracle();
		cr_assert_eq(in_registers(first), 0);
	}
}

/* Callers' slots outlive callees that have their own. */
Test(homes, every_frame_has_its_own)
{
	uint32_t call;

	test_start(&t);
	spill(3, true);
	put(ISA_STX64, 10, 0, -8, 0);
	call = test_put(&t, ISA_CALL_SUBPROG, 0, 1, 0, 0);
	for (int n = 1; n <= SPILLS; n++) {
		put(ISA_LDX64, 1, 10, -8 * n, 0);
		put(ISA_MUL64_K, 0, 0, 0, 31);
		put(ISA_ADD64_X, 0, 1, 0, 0);
	}
	for (int r = 6; r <= 9; r++)
		put(ISA_ADD64_X, 0, r, 0, 0);
	put(ISA_EXIT, 0, 0, 0, 0);
	t.insns[call].imm = (int32_t)(test_sub(&t) - call - 1);
	spill(4, false);
	put(ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
	know(~(uint64_t)0, 8 * (SPILLS + 1));
	as_oracle();
}

/* A place that others reach stays where they find it, and its neighbours need not. */
Test(homes, what_others_reach_stays_on_the_stack)
{
	test_start(&t);
	put(ISA_ST64, 10, 0, -8, 7);
	put(ISA_MOV64_K, 3, 0, 0, 70);
	put(ISA_STX64, 10, 3, -16, 0);
	put(ISA_MOV64_X, 2, 10, 0, 0);
	put(ISA_LDX64, 1, 2, -8, 0);
	put(ISA_LDX64, 0, 10, -16, 0);
	put(ISA_ADD64_X, 0, 1, 0, 0);
	put(ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
	know(2, 16);
	as_oracle();
	cr_assert(is_in_register(2));
	cr_assert(is_in_register(5));
	cr_assert_not(is_in_register(4));
}
