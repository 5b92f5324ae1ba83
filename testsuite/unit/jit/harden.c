/* SPDX-License-Identifier: Apache-2.0 */
/* IOV_HARDEN_*: what may not stand in machine code does not, and did without them. That hardened code computes the same
 * is the differential test's business (testsuite/diff/engines, verified). */
#include "oracle.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

static struct test_image t;

static const int32_t secrets[] = {0x5eadbee1, 0x1badcafe, 0x6b6f7265, 0x2468ace1, 0x31415927, 0x4bf00d77};
enum { SECRETS = sizeof(secrets) / sizeof(*secrets) };

/* Each kind of place that a program's constant can stand in. */
static void program_of_constants(void)
{
	test_start(&t);
	test_put64(&t, ISA_LD_IMM64, 0, (uint64_t)(uint32_t)secrets[0] << 32 | (uint32_t)secrets[1]);
	test_put(&t, ISA_ADD64_K, 0, 0, 0, secrets[2]);
	test_put(&t, ISA_MOV64_X, 3, 0, 0, 0);
	test_put(&t, ISA_ADD64_K, 3, 0, 0, secrets[2]);
	test_put(&t, ISA_XOR32_K, 3, 0, 0, secrets[3]);
	test_put(&t, ISA_MUL64_K, 3, 0, 0, secrets[3]);
	test_put(&t, ISA_DIV64_K, 3, 0, 0, secrets[3]);
	test_put(&t, ISA_JGT64_K, 3, 0, 1, secrets[4]);
	test_put(&t, ISA_JSET32_K, 3, 0, 0, secrets[4]);
	test_put(&t, ISA_ST32, 10, 0, -8, secrets[5]);
	test_put(&t, ISA_ST64, 10, 0, -16, secrets[5]);
	test_put(&t, ISA_MOV32_K, 4, 0, 0, secrets[5]);
	test_put(&t, ISA_LDX32, 5, 10, -8, 0);
	test_put(&t, ISA_ADD64_X, 0, 5, 0, 0);
	test_put(&t, ISA_ADD64_X, 0, 3, 0, 0);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
}

static void compile(unsigned hardening, uint64_t seed, struct iov_arena *arena)
{
	struct jit_setup setup = jit_host();
	struct iov_sink sink;

	setup.hardening = hardening;
	setup.seed = seed;
	sink_init(&sink, NULL);
	cr_assert_eq(jit_compile_for(&t.image, arena, &sink, &setup), IOV_OK);
	sink_free(&sink);
}

/* Whether the constant can be read from the code: as four bytes, or on arm64 as the immediates of two moves. */
static bool shows(int32_t secret)
{
	const uint8_t *code = t.image.code;
	unsigned halves = 0;

	for (size_t i = 0; i + 4 <= t.image.code_size; i++) {
		uint32_t word;

		memcpy(&word, code + i, 4);
		if (word == (uint32_t)secret)
			return true;
		if (i % 4 == 0 && (word & 0x1f800000) == 0x12800000) {
			uint32_t imm = word >> 5 & 0xffff;

			halves |= imm == ((uint32_t)secret & 0xffff) || imm == (~(uint32_t)secret & 0xffff);
			halves |= imm == (uint32_t)secret >> 16 || imm == ~(uint32_t)secret >> 16 ? 2 : 0;
		}
	}
	return jit_host().target == &jit_a64 && halves == 3;
}

Test(harden, constants_are_hidden)
{
	static uint8_t before[4096];
	struct iov_arena arena = {0};

	program_of_constants();
	compile(0, 0, &arena);
	for (int i = 0; i < SECRETS; i++)
		cr_assert(shows(secrets[i]), "%#x is not even there without", secrets[i]);
	jit_free(&t.image);
	for (uint64_t seed = 0; seed < 20; seed++) {
		compile(IOV_HARDEN_CONSTANTS, seed, &arena);
		for (int i = 0; i < SECRETS; i++)
			cr_assert(!shows(secrets[i]), "%#x can be read, seed %lu", secrets[i], (unsigned long)seed);
		cr_assert(memcmp(before, t.image.code, sizeof(before)) != 0, "the same code again");
		memcpy(before, t.image.code, sizeof(before));
		jit_free(&t.image);
	}
	arena_free(&arena);
}

/* A row whose immediate is a number of the program's choice, in a program that tells nothing about its operands. */
static bool program_of_row(const struct iov_isa_row *row, int32_t imm)
{
	bool shift = row->oper == ISA_O_LSH || row->oper == ISA_O_RSH || row->oper == ISA_O_ARSH;
	bool chosen = row->src == ISA_SRC_K && !shift && (row->kind == ISA_K_ALU || row->kind == ISA_K_JCC ||
							   (row->kind == ISA_K_ST && row->width >= 32));

	test_start(&t);
	test_put(&t, ISA_MOV64_X, 6, 1, 0, 0);
	test_put(&t, ISA_LDX64, 3, 1, 0, 0);
	test_put(&t, ISA_MOV64_K, 0, 0, 0, 1);
	if (row->kind == ISA_K_LDIMM64 && row->oper == ISA_O_IMM64)
		test_put64(&t, isa_index(row), 3, (uint64_t)(uint32_t)imm << 32 | (uint32_t)imm);
	else if (row->kind == ISA_K_LDABS || row->kind == ISA_K_LDIND)
		test_put(&t, isa_index(row), 0, row->kind == ISA_K_LDIND ? 3 : 0, 0, imm);
	else if (chosen)
		test_put(&t, isa_index(row), row->kind == ISA_K_ST ? 10 : 3, 0,
			 row->kind == ISA_K_ST ? -8 : row->kind == ISA_K_JCC, imm);
	else
		return false;
	test_put(&t, ISA_ADD64_X, 0, 3, 0, 0);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
	return true;
}

Test(harden, every_row_hides_its_constant)
{
	struct iov_arena arena = {0};
	unsigned rows = 0, shown = 0;

	for (const struct iov_isa_row *row = isa_rows; row < isa_rows + ISA_COUNT; row++)
		for (int i = 0; i < SECRETS && program_of_row(row, secrets[i]); i++) {
			rows += !i;
			compile(0, 0, &arena);
			shown += shows(secrets[i]);
			jit_free(&t.image);
			for (uint64_t seed = 1; seed < 4; seed++) {
				compile(IOV_HARDEN_CONSTANTS, seed, &arena);
				cr_expect(!shows(secrets[i]), "%s: %#x can be read, seed %lu", row->name, secrets[i],
					  (unsigned long)seed);
				jit_free(&t.image);
			}
		}
	cr_expect_gt(rows, 40);
	cr_expect_gt(shown, rows * 3, "without, %u of %u constants can be read", shown, rows * SECRETS);
	arena_free(&arena);
}

/* What the verifier knows of a register is a constant of the program as well. */
Test(harden, what_is_known_is_hidden)
{
	struct iov_insn_fact insns[8] = {0};
	struct iov_facts facts = {.accepted = true, .insns = insns, .count = 5};
	struct iov_arena arena = {0};

	for (unsigned hardening = 0; hardening <= IOV_HARDEN_CONSTANTS; hardening += IOV_HARDEN_CONSTANTS) {
		test_start(&t);
		test_put(&t, ISA_MOV64_K, 3, 0, 0, secrets[0]);
		test_put(&t, ISA_ADD64_K, 3, 0, 0, 0x01010101);
		test_put(&t, ISA_STX32, 10, 3, -8, 0);
		test_put(&t, ISA_MOV64_X, 0, 3, 0, 0);
		test_put(&t, ISA_EXIT, 0, 0, 0, 0);
		test_end(&t);
		for (uint32_t i = 0; i < facts.count; i++)
			insns[i] = (struct iov_insn_fact){.reached = true, .map = -1};
		insns[1].is_const = insns[3].is_const = true;
		insns[1].value = insns[3].value = (uint64_t)secrets[0] + 0x01010101;
		t.image.facts = &facts;
		compile(hardening, 1, &arena);
		cr_expect_eq(shows(secrets[0] + 0x01010101), !hardening);
		jit_free(&t.image);
	}
	t.image.facts = NULL;
	arena_free(&arena);
}

/* What /proc says of a page ("rw-p"). */
static void rights(const void *page, char out[5])
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512], have[5];
	unsigned long from, to;

	cr_assert(maps);
	strcpy(out, "none");
	while (fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %4s", &from, &to, have) == 3 && (uintptr_t)page >= from &&
		    (uintptr_t)page < to)
			strcpy(out, have);
	fclose(maps);
}

/* Near what it is to call, and where no place there is free. */
Test(harden, pages_are_writable_or_executable)
{
	const size_t reach = (size_t)1 << 27;
	uint8_t *taken = mmap(NULL, reach, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	const void *near[] = {(const void *)&rights, taken + reach};

	cr_assert_neq((void *)taken, MAP_FAILED);
	for (int i = 0; i < 2; i++) {
		size_t mapped;
		char have[5];
		void *pages = code_map(100, near[i], &t, reach, &mapped);

		cr_assert(pages);
		rights(pages, have);
		cr_expect_str_eq(have, "rw-p");
		cr_assert(code_seal(pages, mapped, i));
		rights(pages, have);
		cr_expect_str_eq(have, "r-xp");
		code_unmap(pages, mapped);
	}
	munmap(taken, reach);
}

static uint64_t nothing(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, struct iov_env *env)
{
	(void)a, (void)b, (void)c, (void)d, (void)e, (void)env;
	return 0;
}

/* A map's size is of the program's choice, too. */
Test(harden, sizes_of_maps_are_hidden)
{
	static uint8_t values[64];
	static struct iov_map_head head = {.type = 2, .max_entries = 0x5eadbee1, .stride = 8, .data = values};
	struct iov_map *maps[] = {(struct iov_map *)(void *)&head};
	struct iov_insn_fact insns[8] = {0};
	struct iov_facts facts = {.accepted = true, .insns = insns, .count = 4};
	struct iov_arena arena = {0};

	for (unsigned hardening = 0; hardening <= IOV_HARDEN_CONSTANTS; hardening += IOV_HARDEN_CONSTANTS) {
		test_start(&t);
		test_put(&t, ISA_MOV64_X, 2, 10, 0, 0);
		test_put(&t, ISA_ADD64_K, 2, 0, 0, -8);
		t.insns[test_call(&t, nothing)].imm = IOV_HELPER_MAP_LOOKUP;
		test_put(&t, ISA_EXIT, 0, 0, 0, 0);
		test_end(&t);
		for (uint32_t i = 0; i < facts.count; i++)
			insns[i] = (struct iov_insn_fact){.reached = true, .map = i == 2 ? 0 : -1};
		t.image.facts = &facts;
		t.image.maps = maps;
		t.image.map_count = 1;
		compile(hardening, 1, &arena);
		cr_expect_eq(shows((int32_t)head.max_entries), !hardening);
		jit_free(&t.image);
	}
	t.image.facts = NULL;
	t.image.maps = NULL;
	t.image.map_count = 0;
	arena_free(&arena);
}

static void program_of_branches(void)
{
	test_start(&t);
	test_put(&t, ISA_MOV64_X, 6, 1, 0, 0);
	test_call(&t, nothing);
	test_put64(&t, ISA_LD_FUNC, 7, 9);
	test_put(&t, ISA_CALLX, 7, 0, 0, 0);
	test_put(&t, ISA_MOV64_X, 1, 6, 0, 0);
	test_put64(&t, ISA_LD_IMM64, 2, 0x1000);
	test_put(&t, ISA_MOV64_K, 3, 0, 0, 0);
	test_put(&t, ISA_CALL_HELPER, 0, 0, 0, IOV_HELPER_TAIL_CALL);
	test_put(&t, ISA_MOV64_K, 0, 0, 0, 0);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_sub(&t);
	test_put(&t, ISA_MOV64_K, 0, 0, 0, 1);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
}

/* Words of the code under a mask, or of x86-64 two bytes: ff /2 and ff /4 with a register. */
static unsigned count(uint32_t mask, uint32_t value, unsigned step)
{
	const uint8_t *code = t.image.code;
	unsigned n = 0;

	for (size_t i = 0; i + 4 <= t.image.code_size; i += step) {
		uint32_t word;

		memcpy(&word, code + i, 4);
		n += (word & mask) == value;
	}
	return n;
}

static unsigned indirect_branches(void)
{
	if (jit_host().target == &jit_x64)
		return count(0xf8ff, 0xd0ff, 1) + count(0xf8ff, 0xe0ff, 1);
	return count(0xfffffc1f, 0xd63f0000, 4); /* blr: what is left are jumps */
}

Test(harden, indirect_branches_are_guarded)
{
	struct iov_arena arena = {0};

	program_of_branches();
	compile(0, 0, &arena);
	cr_assert_gt(indirect_branches(), 0, "there is none even without");
	jit_free(&t.image);
	compile(IOV_HARDEN_BRANCHES, 0, &arena);
	cr_assert_eq(indirect_branches(), 0);
	if (jit_host().target == &jit_x64)
		cr_assert_eq(count(0xffffff, 0xd21b4d, 1), 1, "sbb: no index beyond the table, even by speculation");
	if (jit_host().target == &jit_a64) {
		cr_assert_eq(count(0xffffffff, 0xd503229f, 4), 1, "CSDB: the same");
		unsigned jumps = count(0xfffffc1f, 0xd61f0000, 4) + count(0xffffffff, 0xd65f03c0, 4);

		cr_assert_eq(count(0xffffffff, 0xd50324df, 4), 3, "BTI: two functions and a thunk");
		cr_assert_eq(count(0xffffffff, 0xd5033f9f, 4), jumps, "a barrier behind each jump and return");
	}
	jit_free(&t.image);
	arena_free(&arena);
}
