/* SPDX-License-Identifier: Apache-2.0 */
/* Control flow, calls and facts: what a row alone cannot show. */
#include "oracle.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct test_image t, u;

static uint64_t both(void *ctx)
{
	uint64_t want, got;

	t.env.tail_calls = 0;
	want = oracle_run(&t.image, &t.env, ctx);
	t.env.tail_calls = 0;
	got = test_jit(&t, jit_host(), ctx);
	cr_assert_eq(got, want, "jit %#lx, oracle %#lx", got, want);
	return got;
}

static void end(int r0)
{
	test_put(&t, ISA_MOV64_K, 0, 0, 0, r0);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
}

/* Arguments must arrive as they are, env sixth, the stack aligned as the ABI wants it. */
static struct iov_env *seen_env;
static uint64_t mix(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, struct iov_env *env)
{
	seen_env = (uintptr_t)__builtin_frame_address(0) % 16 == 0 ? env : NULL;
#if defined(__x86_64__)
	__asm__ volatile("" ::: "rbx", "r12", "r13", "r14", "r15", "r9", "r10", "r11");
#elif defined(__aarch64__)
	__asm__ volatile("mov x6, #1\n\tmov x7, #1" ::: "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x16",
			 "x17", "x19", "x20", "x21", "x22", "x23", "x24");
#endif
	return a + 3 * b + 5 * c + 7 * d + 11 * e;
}

Test(flow, helper_call_keeps_callee_saved_registers)
{
	for (int saved = 0; saved <= 4; saved++)
		for (int stack = 0; stack < 2; stack++) {
			test_start(&t);
			for (int i = 1; i <= 5; i++)
				test_put(&t, ISA_MOV64_K, i, 0, 0, i * 1000);
			for (int i = 0; i < saved; i++)
				test_put(&t, ISA_MOV64_K, 6 + i, 0, 0, i + 1);
			if (stack)
				test_put(&t, ISA_ST64, 10, 0, -512, 9);
			test_call(&t, mix);
			for (int i = 0; i < saved; i++)
				test_put(&t, ISA_ADD64_X, 0, 6 + i, 0, 0);
			test_put(&t, ISA_EXIT, 0, 0, 0, 0);
			test_end(&t);
			seen_env = NULL;
			both(NULL);
			cr_assert_eq(seen_env, &t.env);
		}
}

/* fib(n) by two calls each, with r6..r9 and stack in use: every frame has its own. */
static void fibonacci(int n)
{
	test_start(&t);
	test_put(&t, ISA_MOV64_K, 1, 0, 0, n);
	test_put(&t, ISA_MOV64_K, 9, 0, 0, 1);
	test_put(&t, ISA_CALL_SUBPROG, 0, 1, 0, 2);
	test_put(&t, ISA_ADD64_X, 0, 9, 0, 0);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_sub(&t);
	test_put(&t, ISA_MOV64_X, 0, 1, 0, 0);
	test_put(&t, ISA_JLT64_K, 1, 0, 9, 2);
	test_put(&t, ISA_MOV64_X, 6, 1, 0, 0);
	test_put(&t, ISA_ADD64_K, 1, 0, 0, -1);
	test_put(&t, ISA_CALL_SUBPROG, 0, 1, 0, -5);
	test_put(&t, ISA_STX64, 10, 0, -8, 0);
	test_put(&t, ISA_MOV64_X, 1, 6, 0, 0);
	test_put(&t, ISA_ADD64_K, 1, 0, 0, -2);
	test_put(&t, ISA_CALL_SUBPROG, 0, 1, 0, -9);
	test_put(&t, ISA_LDX64, 7, 10, -8, 0);
	test_put(&t, ISA_ADD64_X, 0, 7, 0, 0);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
}

Test(flow, subprograms_have_their_own_frames)
{
	fibonacci(15);
	cr_assert_eq(both(NULL), 611);
}

Test(flow, pointer_to_the_callers_stack)
{
	test_start(&t);
	test_put(&t, ISA_ST64, 10, 0, -16, 5);
	test_put(&t, ISA_MOV64_X, 1, 10, 0, 0);
	test_put(&t, ISA_ADD64_K, 1, 0, 0, -16);
	test_put(&t, ISA_CALL_SUBPROG, 0, 1, 0, 2);
	test_put(&t, ISA_LDX64, 0, 10, -16, 0);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_sub(&t);
	test_put(&t, ISA_ST64, 10, 0, -16, 1);
	test_put(&t, ISA_ATOMIC_ADD64, 1, 1, 0, 0);
	test_put(&t, ISA_ST64, 1, 0, 0, 42);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
	cr_assert_eq(both(NULL), 42);
}

static uint64_t call_twice(uint64_t fn, uint64_t arg, uint64_t c, uint64_t d, uint64_t e, struct iov_env *env)
{
	return env_callback(env, fn, arg, 1, c, d, e) + 100 * env_callback(env, fn, arg, 2, c, d, e);
}

/* A helper calls back; the callback calls a helper in turn (so it needs env) and writes the caller's stack. */
static void callbacks(bool through_register)
{
	test_start(&t);
	test_put(&t, ISA_ST64, 10, 0, -8, 7);
	test_put(&t, ISA_MOV64_K, 6, 0, 0, 5);
	test_put64(&t, ISA_LD_FUNC, 1, (uint32_t)(through_register ? 9 : 10));
	test_put(&t, ISA_MOV64_X, 2, 10, 0, 0);
	test_put(&t, ISA_ADD64_K, 2, 0, 0, -8);
	if (through_register) {
		test_put(&t, ISA_MOV64_X, 7, 1, 0, 0);
		test_put(&t, ISA_MOV64_X, 1, 2, 0, 0);
		test_put(&t, ISA_CALLX, 7, 0, 0, 0);
	} else {
		for (int i = 3; i <= 5; i++)
			test_put(&t, ISA_MOV64_K, i, 0, 0, i);
		test_call(&t, call_twice);
	}
	test_put(&t, ISA_LDX64, 1, 10, -8, 0);
	test_put(&t, ISA_ADD64_X, 0, 1, 0, 0);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_sub(&t);
	test_put(&t, ISA_LDX64, 6, 1, 0, 0);
	test_put(&t, ISA_ADD64_K, 6, 0, 0, 1);
	test_put(&t, ISA_STX64, 1, 6, 0, 0);
	for (int i = 1; i <= 5; i++)
		test_put(&t, ISA_MOV64_K, i, 0, 0, i);
	test_call(&t, mix);
	test_put(&t, ISA_ADD64_X, 0, 6, 0, 0);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
}

Test(flow, callback_from_a_helper)
{
	callbacks(false);
	both(NULL);
	cr_assert_eq(seen_env, &t.env);
}

Test(flow, call_through_a_register)
{
	callbacks(true);
	both(NULL);
}

Test(flow, may_goto_ends_an_endless_loop)
{
	test_start(&t);
	test_put(&t, ISA_MOV64_K, 0, 0, 0, 0);
	test_put(&t, ISA_ADD64_K, 0, 0, 0, 1);
	test_put(&t, ISA_MAY_GOTO, 0, 0, 1, 0);
	test_put(&t, ISA_JA, 0, 0, -3, 0);
	test_put(&t, ISA_MAY_GOTO, 0, 0, 1, 0);
	test_put(&t, ISA_ADD64_K, 0, 0, 0, 1000);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
	cr_assert_eq(both(NULL), IOV_MAY_GOTO_LIMIT + 1);
}

static void legacy(enum iov_isa isa, int src, int32_t imm, uint64_t index)
{
	test_start(&t);
	test_put(&t, ISA_MOV64_X, 6, 1, 0, 0);
	test_put64(&t, ISA_LD_IMM64, src, index);
	test_put(&t, isa, 0, src, 0, imm);
	test_put(&t, ISA_ADD64_K, 0, 0, 0, 1);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
}

Test(flow, legacy_packet_loads)
{
	static const int32_t at[] = {
		0, 1, 2, 60, 61, 62, 63, 64, INT32_MAX, -1, -0x100000, -0x100000 + 46, -0x100000 + 47, -0x200000,
		-0x200000 + 60, -0x200001, INT32_MIN,
	};
	static const enum iov_isa rows[] = {ISA_LDABS8, ISA_LDABS16, ISA_LDABS32, ISA_LDIND8, ISA_LDIND16, ISA_LDIND32};
	uint8_t *packet = malloc(64);
	struct iov_ctx ctx = {.data = packet, .data_end = packet + 64};

	for (int i = 0; i < 64; i++)
		packet[i] = (uint8_t)(i * 37 + 129);
	for (unsigned row = 0; row < 6; row++)
		for (unsigned i = 0; i < sizeof(at) / sizeof(*at); i++)
			for (int src = 0; src < 9; src++) {
				src += src == 6;
				legacy(rows[row], src, row < 3 ? at[i] : (int32_t)((uint32_t)at[i] - 5), 0x700000005);
				both(&ctx);
			}
	free(packet);
}

static struct {
	struct iov_map_head head;
	struct iov_image *slots[4];
} table;

static void tail_call(struct test_image *p, int index)
{
	test_put64(p, ISA_LD_IMM64, 2, (uint64_t)&table.head);
	test_put(p, ISA_MOV64_K, 3, 0, 0, index);
	test_put(p, ISA_CALL_HELPER, 0, 0, 0, IOV_HELPER_TAIL_CALL);
}

/* t increments *ctx, u adds 100 from another frame shape; they tail-call each other until the limit. */
static void two_programs(int to_u)
{
	table.head = (struct iov_map_head){.data = (uint8_t *)table.slots, .max_entries = 4};
	test_start(&t);
	test_put(&t, ISA_MOV64_X, 6, 1, 0, 0);
	test_put(&t, ISA_MOV64_K, 9, 0, 0, 1);
	test_put(&t, ISA_ATOMIC_ADD64, 1, 9, 0, 0);
	test_put(&t, ISA_MOV64_K, 0, 0, 0, 3);
	tail_call(&t, to_u);
	test_put(&t, ISA_LDX64, 1, 6, 0, 0);
	test_put(&t, ISA_ADD64_X, 0, 1, 0, 0);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
	test_start(&u);
	test_put(&u, ISA_LDX64, 8, 1, 0, 0);
	test_put(&u, ISA_ADD64_K, 8, 0, 0, 100);
	test_put(&u, ISA_STX64, 10, 1, -400, 0);
	test_put(&u, ISA_STX64, 1, 8, 0, 0);
	test_put(&u, ISA_MOV64_X, 0, 8, 0, 0);
	tail_call(&u, 0);
	test_put(&u, ISA_ADD64_K, 0, 0, 0, 1000000);
	test_put(&u, ISA_EXIT, 0, 0, 0, 0);
	test_end(&u);
	table.slots[0] = &t.image;
	table.slots[1] = &u.image;
}

Test(flow, tail_calls_between_images)
{
	struct iov_arena arena = {0};
	struct iov_sink sink;

	sink_init(&sink, NULL);
	for (int to = 0; to < 6; to++) {
		uint64_t a = 0, b = 0, want, got;
		struct iov_env env = {0};

		two_programs(to);
		want = oracle_run(&t.image, &env, &a);
		cr_assert_eq(jit_compile(&t.image, &arena, &sink), IOV_OK);
		cr_assert_eq(jit_compile(&u.image, &arena, &sink), IOV_OK);
		env = (struct iov_env){.image = &t.image};
		got = jit_run(&t.image, &env, &b);
		cr_assert_eq(got, want, "index %d: %lu, want %lu", to, got, want);
		cr_assert_eq(a, b);
		cr_assert(to >= 2 || env.tail_calls == 33);
		jit_free(&t.image);
		jit_free(&u.image);
	}
	sink_free(&sink);
	arena_free(&arena);
}

/* An image that the JIT has not compiled is as good as an empty slot. */
Test(flow, tail_call_to_an_image_without_code)
{
	uint64_t counter = 0;

	two_programs(1);
	u.image.code = NULL;
	cr_assert_eq(test_jit(&t, test_baseline(), &counter), 4);
	cr_assert_eq(t.env.tail_calls, 0);
}

/* Jumps over n instructions forth and back: both sides of every size limit. */
Test(flow, branches_of_every_distance)
{
	for (int n = 0; n < 1200; n = n < 60 ? n + 1 : n + 97) {
		test_start(&t);
		test_put(&t, ISA_MOV64_K, 0, 0, 0, 0);
		test_put(&t, ISA_MOV64_K, 1, 0, 0, 3);
		test_put(&t, ISA_JEQ64_K, 1, 0, n, 77);
		for (int i = 0; i < n; i++)
			test_put(&t, ISA_ADD64_X, 0, i & 1 ? 0 : 1, 0, 0);
		test_put(&t, ISA_JA32, 0, 0, 0, n);
		for (int i = 0; i < n; i++)
			test_put(&t, ISA_XOR64_K, 0, 0, 0, 0x1234567);
		test_put(&t, ISA_ADD64_K, 1, 0, 0, -1);
		test_put(&t, ISA_JNE64_K, 1, 0, -2 * n - 3, 0);
		test_put(&t, ISA_EXIT, 0, 0, 0, 0);
		test_end(&t);
		both(NULL);
	}
}

static struct iov_insn_fact facts_of[TEST_SLOTS];
static struct iov_facts facts;

static void know_nothing(void)
{
	memset(facts_of, 0, sizeof(facts_of));
	for (uint32_t i = 0; i < t.image.count; i++)
		facts_of[i].reached = true, facts_of[i].map = -1;
	facts = (struct iov_facts){.accepted = true, .insns = facts_of, .count = t.image.count};
	t.image.facts = &facts;
}

/* Facts are believed: results show which code was made. */
Test(flow, facts_fold_constants_branches_and_dead_code)
{
	test_start(&t);
	test_put(&t, ISA_MOV64_K, 0, 0, 0, 1);
	test_put(&t, ISA_ADD64_K, 0, 0, 0, 1);
	test_put(&t, ISA_JEQ64_K, 0, 0, 2, 1);
	test_put(&t, ISA_CALLX, 0, 0, 0, 0);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_put(&t, ISA_JEQ64_K, 0, 0, -3, 50);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
	know_nothing();
	facts_of[1].is_const = true;
	facts_of[1].value = 50;
	facts_of[2].always = true;
	facts_of[3].reached = facts_of[4].reached = false;
	facts_of[5].never = true;
	cr_assert_eq(test_jit(&t, test_baseline(), NULL), 50);
}

static uint64_t lookup(uint64_t map, uint64_t key, uint64_t c, uint64_t d, uint64_t e, struct iov_env *env)
{
	const struct iov_map_head *m = (const void *)map;
	uint32_t k = *(const uint32_t *)key;

	(void)c, (void)d, (void)e;
	return k < m->max_entries ? (uint64_t)m->data + (uint64_t)k * m->stride + env->cpu * m->cpu_stride : 0;
}

/* How the arguments get in place: anyhow; the key from memory, or from its register, as compilers write it; and almost
 * so: another key was stored last. The call's slot. */
enum placing { ANYHOW, FROM_MEMORY, FROM_REGISTER, ALMOST, PLACINGS };

static uint32_t place_arguments(const struct iov_map_head *map, int32_t key, enum placing placing)
{
	if (placing == ANYHOW || placing == FROM_MEMORY)
		test_put(&t, ISA_ST32, 10, 0, -4, key);
	else
		test_put(&t, ISA_MOV32_K, 6, 0, 0, key);
	if (placing == FROM_REGISTER || placing == ALMOST)
		test_put(&t, ISA_STX32, 10, 6, -4, 0);
	if (placing == ALMOST)
		test_put(&t, ISA_STX32, 10, 1, -8, 0);
	if (placing == ANYHOW)
		test_put64(&t, ISA_LD_IMM64, 1, (uint64_t)map);
	test_put(&t, ISA_MOV64_X, 2, 10, 0, 0);
	test_put(&t, ISA_ADD64_K, 2, 0, 0, -4);
	if (placing != ANYHOW)
		test_put64(&t, ISA_LD_IMM64, 1, (uint64_t)map);
	return test_call(&t, lookup);
}

static uint32_t look_up(struct iov_map_head *map, int32_t key, bool known, enum placing placing)
{
	static struct iov_map *maps[1];
	uint32_t call;

	maps[0] = (struct iov_map *)(void *)map;
	test_start(&t);
	call = place_arguments(map, key, placing);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
	t.image.maps = maps;
	t.image.map_count = 1;
	t.env.cpu = 3;
	know_nothing();
	facts_of[call].map = 0;
	facts_of[call].key_const = known;
	facts_of[call].key = (uint32_t)key;
	return call;
}

/* The helper is never called: its entry says so. */
static uint64_t not_called(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, struct iov_env *env)
{
	(void)a, (void)b, (void)c, (void)d, (void)e, (void)env;
	abort();
}

Test(flow, array_lookups_are_inlined)
{
	static const uint32_t strides[] = {8, 16, 24, 4096, 1 << 20};
	static const int32_t keys[] = {0, 1, 6, 7, -1, INT32_MIN};
	static uint8_t place;

	for (int which = 0; which < 5 * 6 * 2 * 2 * PLACINGS; which++) {
		struct iov_map_head map = {.data = &place, .max_entries = 7, .stride = strides[which % 5]};
		uint32_t call;
		uint64_t want;

		map.type = which / 60 % 2 ? 6 : 2;
		map.cpu_stride = which / 60 % 2 ? 7 * (uint64_t)map.stride : 0;
		call = look_up(&map, keys[which / 5 % 6], which / 30 % 2, (enum placing)(which / 120));
		want = oracle_run(&t.image, &t.env, NULL);
		t.calls[call] = not_called;
		cr_assert_eq(test_jit(&t, jit_host(), NULL), want, "case %d", which);
	}
}

Test(flow, divisor_known_not_to_be_zero)
{
	for (int which = 0; which < 2; which++) {
		test_start(&t);
		test_put(&t, ISA_MOV64_K, 0, 0, 0, -100);
		test_put(&t, ISA_MOV64_K, 1, 0, 0, which ? -1 : 7);
		test_put(&t, which ? ISA_SDIV64_X : ISA_DIV64_X, 0, 1, 0, 0);
		test_put(&t, ISA_EXIT, 0, 0, 0, 0);
		test_end(&t);
		know_nothing();
		facts_of[2].divisor_nonzero = true;
		both(NULL);
	}
}

/* What no verified program holds is refused, not compiled. */
Test(flow, impossible_programs_are_bugs)
{
	struct iov_arena arena = {0};
	struct iov_sink sink;

	sink_init(&sink, NULL);
	for (int which = 0; which < 9; which++) {
		test_start(&t);
		switch (which) {
		case 0: test_put(&t, ISA_MOV64_K, 10, 0, 0, 0); break;
		case 1: test_put(&t, ISA_MOV64_X, 0, 11, 0, 0); break;
		case 2: test_put(&t, ISA_JA, 0, 0, 5, 0); break;
		case 3: test_put(&t, ISA_JA32, 0, 0, 0, INT32_MIN); break;
		case 4: test_put(&t, ISA_CALL_SUBPROG, 0, 1, 0, 0); break;
		case 5: t.insns[t.image.count++] = (struct iov_insn){.code = 0xff}; break;
		case 6: test_put64(&t, ISA_LD_FUNC, 1, 1); break;
		case 7: test_put(&t, ISA_ATOMIC_XCHG64, 1, 10, 0, 0); break;
		case 8: break;
		}
		if (which == 8)
			t.insns[t.image.count++] = (struct iov_insn){.code = 0x18};
		else
			end(0);
		test_end(&t);
		cr_assert_eq(jit_compile(&t.image, &arena, &sink), IOV_BUG, "program %d", which);
		cr_assert_null(t.image.code);
	}
	cr_assert_eq(sink.errors, 0);
	sink_free(&sink);
	arena_free(&arena);
}

Test(flow, missing_helper_is_diagnosed)
{
	struct iov_arena arena = {0};
	struct iov_sink sink;

	sink_init(&sink, NULL);
	test_start(&t);
	test_put(&t, ISA_CALL_HELPER, 0, 0, 0, 5);
	end(0);
	test_end(&t);
	cr_assert_eq(jit_compile(&t.image, &arena, &sink), IOV_DIAGNOSED);
	cr_assert_eq(sink.errors, 1);
	cr_assert_eq(sink.first->id, DIAG_JIT_UNSUPPORTED);
	sink_free(&sink);
	arena_free(&arena);
}

/* A machine whose jumps do not span the code says so. */
Test(flow, code_that_is_too_long_is_diagnosed)
{
	struct jit_target near = *jit_host().target;
	struct jit_setup setup = {.target = &near};
	struct iov_arena arena = {0};
	struct iov_sink sink;

	for (int n = 1; n <= 2000; n += 1999) {
		near.reach = n > 1 ? 4096 : near.reach;
		sink_init(&sink, NULL);
		test_start(&t);
		test_put(&t, ISA_MOV64_K, 0, 0, 0, 0);
		for (int i = 0; i < n; i++)
			test_put(&t, ISA_ADD64_K, 0, 0, 0, 0x12345678 + i);
		test_put(&t, ISA_EXIT, 0, 0, 0, 0);
		test_end(&t);
		cr_assert_eq(jit_compile_for(&t.image, &arena, &sink, &setup), n > 1 ? IOV_DIAGNOSED : IOV_OK);
		cr_assert_eq(sink.errors, n > 1);
		jit_free(&t.image);
		sink_free(&sink);
	}
	arena_free(&arena);
}

/* Fails the nth request. */
struct failing {
	size_t left, live;
};

static void *fail_nth(void *ud, void *ptr, size_t old, size_t size)
{
	struct failing *f = ud;

	if (size && f->left-- == 0)
		return NULL;
	f->live += size - old;
	if (size)
		return realloc(ptr, size);
	free(ptr);
	return NULL;
}

Test(flow, every_allocation_may_fail)
{
	bool done = false;

	test_start(&t);
	for (int i = 0; i < 900; i++)
		test_put64(&t, ISA_LD_IMM64, i % 6, 0x123456789abcdef0u + (unsigned)i);
	end(3);
	test_end(&t);
	for (size_t n = 0; !done && n < 100; n++) {
		struct failing f = {.left = n};
		struct iov_alloc alloc = {.resize = fail_nth, .ud = &f};
		struct iov_arena arena = {.alloc = &alloc};
		struct iov_sink sink;
		enum iov_status status;

		sink_init(&sink, NULL);
		status = jit_compile(&t.image, &arena, &sink);
		done = status == IOV_OK;
		cr_assert(done || status == IOV_NOMEM, "request %zu: status %d", n, status);
		cr_assert(!done || n >= 2);
		cr_assert(done == (t.image.code != NULL));
		jit_free(&t.image);
		arena_free(&arena);
		sink_free(&sink);
		cr_assert_eq(f.live, 0, "request %zu: %zu bytes leaked", n, f.live);
	}
	cr_assert(done);
}

static bool mapping_with(const char *permissions, const void *at)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512], have[8];
	uintptr_t low, high;
	bool found = false;

	while (fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %4s", &low, &high, have) == 3 && !strcmp(have, permissions))
			found |= !at || ((uintptr_t)at >= low && (uintptr_t)at < high);
	fclose(maps);
	return found;
}

Test(flow, code_is_executable_and_not_writable)
{
	struct iov_arena arena = {0};
	struct iov_sink sink;
	const void *was;

	if (getenv("LD_PRELOAD") && strstr(getenv("LD_PRELOAD"), "vgpreload"))
		cr_skip_test("valgrind makes machine code of its own");
	sink_init(&sink, NULL);
	fibonacci(3);
	cr_assert_eq(jit_compile(&t.image, &arena, &sink), IOV_OK);
	cr_assert(mapping_with("r-xp", t.image.code));
	cr_assert(!mapping_with("rwxp", NULL));
	was = t.image.code;
	jit_free(&t.image);
	cr_assert(!mapping_with("r-xp", was), "still mapped");
	sink_free(&sink);
	arena_free(&arena);
}

Test(flow, images_of_one_pool_lie_together_and_are_sealed_at_once)
{
	static struct test_image more[3];
	struct jit_pool pool;
	struct iov_arena arena = {0};

	jit_pool_open(&pool, 3);
	cr_assert(pool.base);
	for (int i = 0; i < 3; i++) {
		test_start(&more[i]);
		test_put(&more[i], ISA_MOV64_K, 0, 0, 0, 40 + i);
		test_put(&more[i], ISA_EXIT, 0, 0, 0, 0);
		test_end(&more[i]);
		more[i].image.pool = &pool;
		if (i == 2)
			pool.used = pool.size; /* full: it gets pages of its own */
		cr_assert_eq(jit_compile(&more[i].image, &arena, NULL), IOV_OK);
		cr_assert_eq(more[i].image.pool == &pool, i < 2);
	}
	cr_assert(mapping_with("rw-p", more[1].image.code));
	cr_assert_eq((uint8_t *)more[0].image.code, pool.base);
	cr_assert(jit_pool_seal(&pool));
	cr_assert(mapping_with("r-xp", more[1].image.code));
	for (int i = 0; i < 3; i++)
		cr_assert_eq(jit_run(&more[i].image, &more[i].env, NULL), 40 + (uint64_t)i);
	for (int i = 0; i < 3; i++)
		jit_free(&more[i].image);
	cr_assert(mapping_with("r-xp", pool.base));
	jit_pool_close(&pool);
	arena_free(&arena);
}

/* r2 turns; those that are odd come to the loop's end by a goto. */
static uint32_t loop_with_goto(int32_t turns)
{
	uint32_t end, odd;

	test_start(&t);
	test_put(&t, ISA_MOV64_K, 0, 0, 0, 0);
	test_put(&t, ISA_MOV64_K, 2, 0, 0, 0);
	test_put(&t, ISA_JA, 0, 0, 3, 0);
	end = test_put(&t, ISA_ADD64_K, 2, 0, 0, 1);
	test_put(&t, ISA_JNE64_K, 2, 0, 1, turns);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_put(&t, ISA_JSET64_K, 2, 0, 2, 1);
	test_put(&t, ISA_ADD64_K, 0, 0, 0, 100);
	odd = test_put(&t, ISA_JA, 0, 0, (int)end - (int)t.image.count - 1, 0);
	test_put(&t, ISA_ADD64_X, 0, 2, 0, 0);
	test_put(&t, ISA_JA, 0, 0, (int)end - (int)t.image.count - 1, 0);
	test_end(&t);
	return odd;
}

/* The same; the decision goes over a goto out of the loop, which is what is one jump to a place behind it all. */
static void loop_out_by_goto(int32_t turns)
{
	uint32_t end;

	test_start(&t);
	test_put(&t, ISA_MOV64_K, 0, 0, 0, 0);
	test_put(&t, ISA_MOV64_K, 2, 0, 0, 0);
	test_put(&t, ISA_JA, 0, 0, 3, 0);
	end = test_put(&t, ISA_ADD64_K, 2, 0, 0, 1);
	test_put(&t, ISA_JNE64_K, 2, 0, 1, turns);
	test_put(&t, ISA_JA, 0, 0, 5, 0);
	test_put(&t, ISA_JSET64_K, 2, 0, 2, 1);
	test_put(&t, ISA_ADD64_K, 0, 0, 0, 100);
	test_put(&t, ISA_JA, 0, 0, (int)end - (int)t.image.count - 1, 0);
	test_put(&t, ISA_ADD64_X, 0, 2, 0, 0);
	test_put(&t, ISA_JA, 0, 0, (int)end - (int)t.image.count - 1, 0);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
}

Test(flow, a_goto_to_the_end_of_a_loop_is_a_copy_of_it)
{
	struct iov_arena arena = {0};

	for (int32_t turns = 1; turns < 20; turns++) {
		uint64_t want = (uint64_t)((turns + 1) / 2 * 100 + turns / 2 * (turns / 2));

		loop_with_goto(turns);
		cr_assert_eq(test_jit(&t, jit_host(), NULL), want, "%d turns", turns);
		loop_out_by_goto(turns);
		cr_assert_eq(test_jit(&t, jit_host(), NULL), want, "%d turns, out by a goto", turns);
	}
	{
		uint32_t odd = loop_with_goto(9);

		cr_assert_eq(jit_compile(&t.image, &arena, NULL), IOV_OK);
		cr_assert_gt(t.image.code_at[odd + 1] - t.image.code_at[odd], 8);
		jit_free(&t.image);
		t.insns[odd].off++; /* into the middle of it: the jump that is the end */
		cr_assert_eq(jit_compile(&t.image, &arena, NULL), IOV_OK);
		cr_assert_gt(t.image.code_at[odd + 1] - t.image.code_at[odd], 5);
		jit_free(&t.image);
		t.insns[3].code = isa_rows[ISA_ADD64_X].code; /* not a step by a constant */
		t.insns[odd].off--;
		cr_assert_eq(jit_compile(&t.image, &arena, NULL), IOV_OK);
		cr_assert_leq(t.image.code_at[odd + 1] - t.image.code_at[odd], 5);
		jit_free(&t.image);
	}
	arena_free(&arena);
}
