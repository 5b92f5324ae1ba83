/* SPDX-License-Identifier: Apache-2.0 */
/* The interpreter: every row's vectors, and what vectors cannot say: calls, callbacks, tail calls, may_goto, legacy
 * packet loads. */
#include "testsuite/unit/runtime/vectors.h"
#include "runtime/maps/map.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

static uint64_t run_image(struct iov_arena *arena, struct iov_image *image, struct iov_env *env, void *ctx)
{
	cr_assert_eq(interp_prepare(image, arena), IOV_OK);
	return interp_run(image, env, ctx);
}

struct tally {
	unsigned vectors, wrong;
	bool seen[ISA_COUNT];
};

static void check(void *ud, const struct vector *v)
{
	struct tally *tally = ud;
	struct iov_arena arena = {0};
	struct iov_env env = {0};
	uint64_t words[8], r0;

	memcpy(words, v->in, sizeof(words));
	r0 = run_image(&arena, image_of(&arena, v->insns, v->count, NULL, 0), &env, words);
	tally->vectors++;
	for (uint32_t i = 0; i < v->count; i += isa_is_wide(&v->insns[i]) ? 2 : 1)
		tally->seen[isa_index(isa_find(&v->insns[i]))] = true;
	if ((r0 != v->r0 || memcmp(words, v->out, sizeof(words))) && tally->wrong++ < 10)
		cr_log_error("%s: in %llx %llx: r0 %llx, expected %llx", v->name, (unsigned long long)v->in[0],
			     (unsigned long long)v->in[1], (unsigned long long)r0, (unsigned long long)v->r0);
	arena_free(&arena);
}

Test(interp, vectors, .timeout = 60)
{
	struct tally tally = {0};

	vectors_each(check, &tally);
	cr_expect_eq(tally.wrong, 0, "%u of %u vectors are wrong", tally.wrong, tally.vectors);
	cr_expect_gt(tally.vectors, 100000);
	for (int i = 0; i < ISA_COUNT; i++)
		cr_expect(!vectors_cover(&isa_rows[i]) || tally.seen[i], "%s has no vector", isa_rows[i].name);
}

/* Opcode bytes as in RFC 9669. */
enum {
	MOV_K = 0xb7,
	MOV_X = 0xbf,
	ADD_K = 0x07,
	ADD_X = 0x0f,
	MUL_X = 0x2f,
	LDX = 0x79,
	ST = 0x7a,
	STX = 0x7b,
	CALL = 0x85,
	CALLX = 0x8d,
	EXIT = 0x95,
	IMM64 = 0x18,
	JA = 0x05,
	MAY_GOTO = 0xe5,
};
#define I(c, d, s, o, i) {.code = c, .dst = d, .src = s, .off = o, .imm = i}

Test(interp, subprograms_have_their_own_frames)
{
	static const struct iov_insn insns[] = {
		I(MOV_K, 6, 0, 0, 7),
		I(ST, 10, 0, -8, 11),
		I(MOV_K, 1, 0, 0, 3),
		I(CALL, 0, 1, 0, 4),
		I(LDX, 1, 10, -8, 0),
		I(ADD_X, 0, 1, 0, 0),
		I(ADD_X, 0, 6, 0, 0),
		I(EXIT, 0, 0, 0, 0),
		/* f(x) uses its own r6 and its own stack, and gives 100 * x */
		I(MOV_K, 6, 0, 0, 100),
		I(ST, 10, 0, -8, 55),
		I(MUL_X, 6, 1, 0, 0),
		I(MOV_X, 0, 6, 0, 0),
		I(EXIT, 0, 0, 0, 0),
	};
	static const struct iov_subprog subs[] = {{.name = "entry", .count = 8}, {.name = "f", .start = 8, .count = 5}};
	struct iov_arena arena = {0};
	struct iov_env env = {0};

	cr_expect_eq(run_image(&arena, image_of(&arena, insns, 13, subs, 2), &env, NULL), 300 + 11 + 7);
	arena_free(&arena);
}

static uint64_t sum_calls(uint64_t n, uint64_t fn, uint64_t ctx, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	uint64_t sum = 0;

	(void)r5;
	for (uint64_t i = 0; i < n; i++)
		sum += env_callback(env, fn, i, ctx, r4, 0, 0);
	return sum;
}

Test(interp, helpers_call_callbacks)
{
	static const struct iov_insn insns[] = {
		I(MOV_K, 1, 0, 0, 5), I(IMM64, 2, 4, 0, 6), {0}, I(MOV_K, 3, 0, 0, 1000), I(MOV_K, 4, 0, 0, 1),
		I(MOV_K, 5, 0, 0, 0), I(CALL, 0, 0, 0, 181), I(EXIT, 0, 0, 0, 0),
		I(MOV_X, 0, 1, 0, 0), I(MUL_X, 0, 2, 0, 0), I(ADD_X, 0, 3, 0, 0), I(EXIT, 0, 0, 0, 0),
	};
	static const struct iov_subprog subs[] = {{.name = "entry", .count = 8},
						  {.name = "cb", .start = 8, .count = 4}};
	struct iov_arena arena = {0};
	struct iov_env env = {0};
	struct iov_image *image = image_of(&arena, insns, 12, subs, 2);

	image->calls[6] = sum_calls;
	cr_expect_eq(run_image(&arena, image, &env, NULL), 10 * 1000 + 5);
	arena_free(&arena);
}

Test(interp, callx_takes_what_ld_func_gave)
{
	static const struct iov_insn insns[] = {
		I(IMM64, 3, 4, 0, 3), {0}, I(CALLX, 3, 0, 0, 0), I(EXIT, 0, 0, 0, 0), I(MOV_K, 0, 0, 0, 42),
		I(EXIT, 0, 0, 0, 0),
	};
	static const struct iov_subprog subs[] = {{.name = "entry", .count = 4}, {.name = "f", .start = 4, .count = 2}};
	struct iov_arena arena = {0};
	struct iov_env env = {0};

	cr_expect_eq(run_image(&arena, image_of(&arena, insns, 6, subs, 2), &env, NULL), 42);
	arena_free(&arena);
}

/* Adds 1 to the first word of the context and tail-calls itself: 1 + 33 turns, then it falls through. */
Test(interp, tail_calls_stop_after_33)
{
	static const struct iov_map_def def = {
		.name = "t", .type = 3, .key_size = 4, .value_size = 4, .max_entries = 2};
	struct iov_map *table = NULL;
	struct iov_arena arena = {0};
	struct iov_env env = {0};
	uint64_t at, word = 0;

	cr_assert_eq(map_create(&def, &(struct iov_map_options){.cpus = 1}, NULL, NULL, &table), IOV_OK);
	at = (uintptr_t)table;
	struct iov_insn insns[] = {
		I(LDX, 2, 1, 0, 0),           I(ADD_K, 2, 0, 0, 1),
		I(STX, 1, 2, 0, 0),           I(IMM64, 2, 0, 0, (int32_t)at),
		{.imm = (int32_t)(at >> 32)}, I(MOV_K, 3, 0, 0, 1),
		I(CALL, 0, 0, 0, 12),         I(MOV_K, 0, 0, 0, 9),
		I(EXIT, 0, 0, 0, 0),
	};
	struct iov_image *image = image_of(&arena, insns, 9, NULL, 0);

	cr_expect_eq(run_image(&arena, image, &env, &word), 9, "an empty slot falls through");
	cr_expect_eq(word, 1);
	cr_expect_eq(env.tail_calls, 0);
	cr_assert_eq(table_set_image(table, 1, image), 0);
	cr_expect_eq(table_set_image(table, 2, image), -E2BIG);
	word = 0;
	cr_expect_eq(interp_run(image, &env, &word), 9);
	cr_expect_eq(word, 34);
	map_destroy(table);
	arena_free(&arena);
}

Test(interp, may_goto_ends_a_loop)
{
	static const struct iov_insn insns[] = {
		I(MOV_K, 0, 0, 0, 0), I(ADD_K, 0, 0, 0, 1), I(MAY_GOTO, 0, 0, 1, 0),
		I(JA, 0, 0, -3, 0),   I(EXIT, 0, 0, 0, 0),
	};
	struct iov_arena arena = {0};
	struct iov_env env = {0};

	cr_expect_eq(run_image(&arena, image_of(&arena, insns, 5, NULL, 0), &env, NULL), IOV_MAY_GOTO_LIMIT + 1);
	arena_free(&arena);
}

/* r2: sum, r3: counter, r5: limit, r4: what is loaded; r0: all of them, mixed. The last byte of the last turn is the
 * last of `bytes`. */
static uint64_t sum_loop(const uint8_t *bytes, int size, int width, int step, int turns, bool by_register)
{
	static const enum iov_isa loads[] = {ISA_LDX8, ISA_LDX16, ISA_LDX32, ISA_LDX64};
	const uint8_t load = isa_rows[loads[__builtin_ctz((unsigned)width) - 3]].code;
	int from = size - width / 8 - (turns - 1) * step, to = from + turns * step;
	const struct iov_insn insns[] = {
		I(MOV_K, 2, 0, 0, -9), I(MOV_K, 3, 0, 0, from - 5), I(MOV_K, 5, 0, 0, to - 5), I(MOV_X, 4, 1, 0, 0),
		I(ADD_X, 4, 3, 0, 0), I(load, 4, 4, 5, 0), I(ADD_X, 2, 4, 0, 0), I(ADD_K, 3, 0, 0, step),
		I(by_register ? 0xad : 0x55, 3, by_register ? 5 : 0, -6, by_register ? 0 : to - 5),
		I(MOV_X, 0, 2, 0, 0), I(MUL_X, 0, 3, 0, 0), I(ADD_X, 0, 4, 0, 0), I(EXIT, 0, 0, 0, 0),
	};
	struct iov_arena arena = {0};
	struct iov_env env = {0};
	uint64_t r0 = run_image(&arena, image_of(&arena, insns, 13, NULL, 0), &env, (void *)(uintptr_t)bytes);

	arena_free(&arena);
	return r0;
}

Test(interp, loops_that_add_up_memory)
{
	uint8_t bytes[600];

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 37 >> 1);
	for (int width = 8; width <= 64; width *= 2)
		for (int step = 1; step <= 12; step++)
			for (int turns = 1; turns <= 40; turns += turns > 10 ? 7 : 1) {
				int size = (int)sizeof(bytes), at = size - width / 8 - (turns - 1) * step;
				uint64_t sum = (uint64_t)-9, last = 0;

				for (int i = 0; i < turns; i++) {
					last = 0;
					memcpy(&last, bytes + at + i * step, (size_t)width / 8);
					sum += last;
				}
				sum = sum * (uint64_t)(at + turns * step - 5) + last;
				for (int reg = 0; reg < 2; reg++)
					cr_assert_eq(sum_loop(bytes, size, width, step, turns, reg), sum,
						     "width %d, step %d, %d turns", width, step, turns);
			}
}

/* r0 of one legacy load over 20 bytes that hold 1 to 20, plus 1; r7 holds `index`. */
static uint64_t legacy(enum iov_isa isa, uint8_t src, int32_t imm, int32_t index)
{
	uint8_t packet[20];
	struct iov_ctx ctx = {.data = packet, .data_end = packet + sizeof(packet)};
	struct iov_insn insns[] = {
		I(MOV_X, 6, 1, 0, 0), I(MOV_K, 7, 0, 0, index), I(isa_rows[isa].code, 0, src, 0, imm),
		I(ADD_K, 0, 0, 0, 1), I(EXIT, 0, 0, 0, 0),
	};
	struct iov_arena arena = {0};
	struct iov_env env = {0};
	uint64_t r0;

	for (unsigned i = 0; i < sizeof(packet); i++)
		packet[i] = (uint8_t)(i + 1);
	r0 = run_image(&arena, image_of(&arena, insns, 5, NULL, 0), &env, &ctx);
	arena_free(&arena);
	return r0;
}

Test(interp, legacy_loads_read_network_order_or_end_the_program)
{
	cr_expect_eq(legacy(ISA_LDABS8, 0, 2, 0), 3 + 1);
	cr_expect_eq(legacy(ISA_LDABS16, 0, 2, 0), 0x0304 + 1);
	cr_expect_eq(legacy(ISA_LDABS32, 0, 16, 0), 0x11121314 + 1);
	cr_expect_eq(legacy(ISA_LDABS32, 0, 17, 0), 0);
	cr_expect_eq(legacy(ISA_LDABS8, 0, 20, 0), 0);
	cr_expect_eq(legacy(ISA_LDIND8, 7, 3, 2), 6 + 1);
	cr_expect_eq(legacy(ISA_LDIND16, 7, -1, 2), 0x0203 + 1);
	cr_expect_eq(legacy(ISA_LDIND32, 7, 2147483647, 2), 0);
	cr_expect_eq(legacy(ISA_LDABS8, 0, -0x200000 + 1, 0), 2 + 1, "SKF_LL_OFF");
	cr_expect_eq(legacy(ISA_LDABS8, 0, -0x100000, 0), 15 + 1, "SKF_NET_OFF");
	cr_expect_eq(legacy(ISA_LDABS8, 0, -1, 0), 0);
}
