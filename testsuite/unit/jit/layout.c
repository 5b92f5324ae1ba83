/* SPDX-License-Identifier: Apache-2.0 */
/* Where code is laid down and what is left out of it: the emitted code is looked at, and its results are the
 * oracle's. */
#include "oracle.h"

#include <criterion/criterion.h>

static struct test_image t;
static struct iov_insn_fact facts_of[TEST_SLOTS];
static struct iov_facts facts;
static struct iov_arena arena;

static void compile(void)
{
	cr_assert_eq(jit_compile(&t.image, &arena, NULL), IOV_OK);
}

static void done(void)
{
	jit_free(&t.image);
	arena_free(&arena);
}

static uint32_t at(uint32_t slot) { return t.image.code_at[slot]; }

/* Bytes of code of one slot: up to what was laid down next. */
static uint32_t bytes(uint32_t slot)
{
	uint32_t next = at(t.image.count);

	for (uint32_t i = 0; i < t.image.count; i++)
		if (i != slot && (at(i) > at(slot) || (at(i) == at(slot) && i > slot)) && at(i) < next)
			next = at(i);
	return next - at(slot);
}

static void put(enum iov_isa isa, int dst, int src, int off, int32_t imm) { test_put(&t, isa, dst, src, off, imm); }

static void as_oracle(void)
{
	uint64_t want = oracle_run(&t.image, &t.env, NULL);

	cr_assert_eq(test_jit(&t, jit_host(), NULL), want);
	cr_assert_eq(test_jit(&t, test_baseline(), NULL), want);
}

Test(layout, what_nobody_reads_is_not_made)
{
	test_start(&t);
	put(ISA_MOV64_K, 0, 0, 0, 100);
	put(ISA_MOV64_K, 3, 0, 0, 7);    /* 1: overwritten */
	put(ISA_MOV64_X, 4, 0, 0, 0);    /* 2: read by what is itself not read */
	put(ISA_MUL64_K, 4, 0, 0, 12345);
	put(ISA_MOV64_K, 3, 0, 0, 9);    /* 4: read on one side */
	put(ISA_JEQ64_K, 0, 0, 1, 5);
	put(ISA_MOV64_X, 0, 3, 0, 0);
	put(ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
	as_oracle();
	compile();
	cr_assert_eq(bytes(1), 0);
	cr_assert_eq(bytes(2), 0);
	cr_assert_eq(bytes(3), 0);
	cr_assert_gt(bytes(4), 0);
	done();
}

/* Round a loop registers live: what is written at its end is read at its head. */
Test(layout, around_a_loop_registers_live)
{
	test_start(&t);
	put(ISA_MOV64_K, 0, 0, 0, 0);
	put(ISA_MOV64_K, 2, 0, 0, 1);
	put(ISA_MOV64_K, 3, 0, 0, 0);
	put(ISA_ADD64_X, 0, 2, 0, 0);    /* 3: the head */
	put(ISA_MOV64_K, 4, 0, 0, 3);    /* 4: nobody reads it, in no turn */
	put(ISA_MOV64_X, 2, 0, 0, 0);    /* 5: for the next turn */
	put(ISA_MOV64_K, 4, 0, 0, 8);
	put(ISA_ADD64_K, 3, 0, 0, 1);
	put(ISA_JNE64_X, 3, 4, -6, 0);
	put(ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
	as_oracle();
	compile();
	cr_assert_eq(bytes(4), 0);
	cr_assert_gt(bytes(5), 0);
	done();
}

/* An upper half that is zero already is not made zero again; where a jump arrives nothing is known. */
Test(layout, zero_extensions_that_change_nothing)
{
	test_start(&t);
	test_put64(&t, ISA_LD_IMM64, 0, 0x123456789abcdef0);
	put(ISA_MOV32_X, 0, 0, 0, 0);    /* 2: needed */
	put(ISA_ADD32_K, 0, 0, 0, 5);
	put(ISA_MOV32_X, 0, 0, 0, 0);    /* 4: not */
	put(ISA_LSH64_K, 0, 0, 0, 32);
	put(ISA_RSH64_K, 0, 0, 0, 32);   /* 5, 6: needed: a shift by 64 bits made it wide */
	put(ISA_MOV64_X, 6, 0, 0, 0);
	put(ISA_MOV32_X, 6, 6, 0, 0);    /* 8 */
	put(ISA_ADD64_X, 0, 6, 0, 0);
	put(ISA_JEQ64_K, 0, 0, 1, 77);
	put(ISA_ADD64_K, 0, 0, 0, -1);
	put(ISA_MOV32_X, 0, 0, 0, 0);    /* 12: needed */
	put(ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
	as_oracle();
	compile();
	cr_assert_gt(bytes(2), 0);
	cr_assert_eq(bytes(4), 0);
	cr_assert_gt(bytes(12), 0);
	done();
}

/* for (;;) { if (r0 > 100) break; r0 += r0 + 1; }, with a way out in its midst. */
static void loop_with_exits(void)
{
	test_start(&t);
	put(ISA_MOV64_K, 0, 0, 0, 1);
	put(ISA_MOV64_X, 2, 0, 0, 0);    /* 1: the head, too long to be copied */
	put(ISA_LSH64_K, 2, 0, 0, 1);
	put(ISA_XOR64_X, 2, 0, 0, 0);
	put(ISA_JGT64_K, 2, 0, 7, 100);  /* 4: out */
	put(ISA_ADD64_X, 0, 0, 0, 0);    /* 5 */
	put(ISA_JNE64_K, 0, 0, 2, 4242);
	put(ISA_MOV64_K, 0, 0, 0, 1000); /* 7: not of the loop */
	put(ISA_EXIT, 0, 0, 0, 0);
	put(ISA_ADD64_K, 0, 0, 0, 1);    /* 9 */
	put(ISA_MOV64_K, 3, 0, 0, 2);
	put(ISA_JA, 0, 0, -11, 0);
	put(ISA_EXIT, 0, 0, 0, 0);       /* 12 */
	test_end(&t);
}

Test(layout, a_loop_is_one_piece_and_decides_at_its_end)
{
	loop_with_exits();
	as_oracle();
	compile();
	cr_assert_lt(at(0), at(5));
	cr_assert_lt(at(5), at(9));      /* the body is first */
	cr_assert_lt(at(9), at(1));      /* its head comes last */
	cr_assert_lt(at(1), at(7));      /* the way out lies behind */
	cr_assert_eq(at(11), at(1));     /* no jump back but the head's */
	done();
}

Test(layout, gotos_have_no_code)
{
	test_start(&t);
	put(ISA_MOV64_K, 0, 0, 0, 1);
	put(ISA_JGT64_X, 0, 1, 3, 0);
	put(ISA_ADD64_K, 0, 0, 0, 2);
	put(ISA_JA, 0, 0, 2, 0);         /* 3: the end of a block, over two gotos */
	put(ISA_JA, 0, 0, 1, 0);
	put(ISA_JA, 0, 0, -2, 0);        /* 5: to the goto above */
	put(ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
	t.env.image = &t.image;
	as_oracle();
	compile();
	for (uint32_t slot = 3; slot <= 5; slot++)
		cr_assert_eq(bytes(slot), 0, "slot %u", slot);
	done();
}

/* A chain of gotos too long to be followed at once. */
Test(layout, a_chain_of_gotos_ends)
{
	for (int length = 1; length < 80; length++) {
		test_start(&t);
		put(ISA_MOV64_K, 0, 0, 0, 7);
		put(ISA_JNE64_K, 0, 0, 1, 8);
		put(ISA_ADD64_K, 0, 0, 0, 1);
		for (int i = 0; i < length; i++) {
			put(ISA_JA, 0, 0, 1, 0);
			put(ISA_ADD64_K, 0, 0, 0, 50); /* dead, but nothing says so */
		}
		put(ISA_EXIT, 0, 0, 0, 0);
		test_end(&t);
		as_oracle();
	}
}

/* More loops in each other than the layout tells apart, and ways out of each. */
Test(layout, many_loops_in_each_other)
{
	for (int depth = 1; depth < 70; depth += 3) {
		uint32_t heads[70];

		test_start(&t);
		put(ISA_MOV64_K, 0, 0, 0, 0);
		for (int i = 0; i < depth; i++) {
			heads[i] = t.image.count;
			put(ISA_ADD64_K, 0, 0, 0, 1 + i % 3);
			put(ISA_JNE64_K, 0, 0, 2, 1000 + i);
			put(ISA_ADD64_K, 0, 0, 0, 5);
			put(ISA_EXIT, 0, 0, 0, 0);
		}
		for (int i = depth; i-- > 0;) {
			put(ISA_ADD64_K, 0, 0, 0, 3);
			put(ISA_JLT64_K, 0, 0, (int)heads[i] - (int)t.image.count - 1, 60 + 40 * (depth - i));
		}
		put(ISA_EXIT, 0, 0, 0, 0);
		test_end(&t);
		as_oracle();
	}
}

static uint64_t lookup(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, struct iov_env *env)
{
	const struct iov_map_head *map = (const void *)(uintptr_t)a;
	uint32_t key = *(const uint32_t *)(uintptr_t)b;

	(void)c, (void)d, (void)e;
	return key < map->max_entries ? (uint64_t)(uintptr_t)map->data + key * map->stride +
					env->cpu * map->cpu_stride : 0;
}

enum { EQUAL, NOT_EQUAL, OVER_GOTO, ASKS };
enum { NO_GAP, CONSTANT, COPY, COPIES, GAPS };

/* r7 = 5; lookup of `key`; what the gap says: a constant for r7, or copies of r0, which becomes a constant; the
 * question; the value found, or 99; and all that was between. Slot of the question. */
static uint32_t ask(struct iov_map_head *map, uint32_t key, bool known, int gap, int how)
{
	int result = gap == COPY ? 8 : gap == COPIES ? 9 : 0;

	static struct iov_map *maps[1];
	uint32_t call, question;

	maps[0] = (struct iov_map *)(void *)map;
	test_start(&t);
	put(ISA_MOV64_K, 7, 0, 0, 5);
	put(ISA_MOV32_K, 6, 0, 0, (int32_t)key);
	put(ISA_STX32, 10, 6, -4, 0);
	put(ISA_MOV64_X, 2, 10, 0, 0);
	put(ISA_ADD64_K, 2, 0, 0, -4);
	test_put64(&t, ISA_LD_IMM64, 1, (uint64_t)(uintptr_t)map);
	call = test_call(&t, lookup);
	if (gap == CONSTANT)
		put(ISA_MOV64_K, 7, 0, 0, 1000);
	if (gap >= COPY)
		put(ISA_MOV64_X, 8, 0, 0, 0);
	if (gap == COPIES)
		put(ISA_MOV64_X, 9, 8, 0, 0);
	if (gap >= COPY)
		put(ISA_MOV64_K, 0, 0, 0, 2000);
	question = t.image.count;
	put(how == EQUAL ? ISA_JEQ64_K : ISA_JNE64_K, result, 0, how == EQUAL ? 2 : 1, 0);
	if (how == NOT_EQUAL)
		put(ISA_JA, 0, 0, 2, 0);
	if (how == OVER_GOTO)
		put(ISA_JA, 0, 0, 2, 0);
	put(ISA_LDX64, 0, result, 0, 0);
	put(ISA_JA, 0, 0, 1, 0);
	put(ISA_ADD64_K, 0, 0, 0, 99);   /* r0 is 0 here, or 2000 */
	put(ISA_ADD64_X, 0, 7, 0, 0);
	put(ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
	t.image.maps = maps;
	t.image.map_count = 1;
	t.env.cpu = 1;
	memset(facts_of, 0, sizeof(facts_of));
	for (uint32_t i = 0; i < t.image.count; i++)
		facts_of[i] = (struct iov_insn_fact){.reached = true, .map = -1};
	facts = (struct iov_facts){.accepted = true, .insns = facts_of, .count = t.image.count};
	facts_of[call].map = 0;
	facts_of[call].key_const = known;
	facts_of[call].key = key;
	return question;
}

/* The question whether an inlined lookup found something is the lookup's own branch: the jump has no code. */
Test(layout, a_lookup_asks_for_null_itself)
{
	static uint64_t values[16];

	for (int i = 0; i < 16; i++)
		values[i] = (uint64_t)i + 3;
	for (int which = 0; which < ASKS * GAPS * 2 * 3 * 2; which++) {
		static const uint32_t keys[] = {2, 3, 0x80000000};
		int how = which / 6 % ASKS;
		struct iov_map_head map = {.data = (uint8_t *)values, .max_entries = 3, .stride = 8};
		uint32_t question;
		uint64_t want;

		map.type = which / (6 * ASKS * GAPS) ? 6 : 2;
		map.cpu_stride = which / (6 * ASKS * GAPS) ? 32 : 0;
		question = ask(&map, keys[which % 3], which / 3 % 2, which / (6 * ASKS) % GAPS, how);
		t.image.facts = &facts;
		want = oracle_run(&t.image, &t.env, NULL);
		cr_assert_eq(test_jit(&t, jit_host(), NULL), want, "case %d", which);
		compile();
		cr_assert_eq(bytes(question), 0, "case %d", which);
		cr_assert_lt(at(question + 1 + (how != EQUAL)), at(t.image.count - 3), "case %d", which);
		done();
	}
}
