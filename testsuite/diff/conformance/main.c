/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors of our own, from isa.def's rows with corner values, through `iovrun --conformance` with every engine: as the
 * plugins of the public suite are called. What is expected comes from the oracle of the JIT's unit tests.
 *
 *   conformance IOVRUN */
#include "testsuite/unit/jit/oracle.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY = 32, HEX = 2 * 8 * 64, ENGINES = 4 };

static const char *const engines[ENGINES] = {
	"interp", "jit", "jit --harden-constants --harden-branches", "checked",
};
static const uint64_t corners[] = {0, 1, 31, 63, 0x7fffffff, 0x80000000, 0xffffffff, 0x123456789abcdef0,
				   0x8000000000000000, 0xffffffffffffffff, 0xffffffff80000000};
static const int32_t imms[] = {0, 1, -1, 7, 31, -128, 0x7fff, INT32_MAX, INT32_MIN};
enum { CORNERS = sizeof(corners) / sizeof(*corners), IMMS = sizeof(imms) / sizeof(*imms) };

static struct test_image t;
static const char *iovrun;
static bool failed[ENGINES];
static int bad;

static void hex(char *out, const void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		sprintf(out + 2 * i, "%02x", ((const uint8_t *)bytes)[i]);
}

static void program_hex(char out[HEX])
{
	out[0] = 0;
	for (uint32_t i = 0; i < t.image.count && i < HEX / 16; i++) {
		uint8_t bytes[8];

		isa_encode(&t.insns[i], false, bytes);
		hex(out + 16 * i, bytes, 8);
	}
}

/* The number that it printed, or an impossible status. */
static bool run(int engine, const char *program, const char *memory, uint64_t *r0)
{
	char command[HEX + 512];
	FILE *out;
	bool read;

	snprintf(command, sizeof(command), "echo %s | %s --conformance %s --engine=%s", program, iovrun, memory,
		 engines[engine]);
	out = popen(command, "r");
	read = out && fscanf(out, "%" SCNx64, r0) == 1;
	return out && pclose(out) == 0 && read;
}

/* A machine without a JIT says so once. */
static void check(const char *row)
{
	uint64_t memory[MEMORY / 8] = {0x8877665544332211, 0xfedcba9876543210, 7, 0}, want, got = 0;
	char program[HEX], bytes[2 * MEMORY + 1];

	test_end(&t);
	program_hex(program);
	hex(bytes, memory, MEMORY);
	want = oracle_run(&t.image, &t.env, memory);
	for (int engine = 0; engine < ENGINES; engine++) {
		if (run(engine, program, bytes, &got) && got == want)
			continue;
		failed[engine] = true;
		printf("FAIL conformance: %s, %s: %#" PRIx64 ", oracle %#" PRIx64 ": %s %s\n", row, engines[engine],
		       got, want, program, bytes);
	}
}

static void exit_with(int reg)
{
	if (reg)
		test_put(&t, ISA_MOV64_X, 0, reg, 0, 0);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
}

static void arithmetic(const struct iov_isa_row *row, uint64_t a, uint64_t b, int32_t imm)
{
	bool shift = row->oper == ISA_O_LSH || row->oper == ISA_O_RSH || row->oper == ISA_O_ARSH;
	bool divides = row->oper == ISA_O_DIV || row->oper == ISA_O_MOD || row->oper == ISA_O_SDIV ||
		       row->oper == ISA_O_SMOD;

	if (row->src == ISA_SRC_K && ((shift && (imm < 0 || imm >= row->width)) || (divides && !imm)))
		return; /* no valid instruction */
	test_start(&t);
	test_put64(&t, ISA_LD_IMM64, 3, a);
	test_put64(&t, ISA_LD_IMM64, 7, b);
	test_put(&t, isa_index(row), 3, row->src == ISA_SRC_X ? 7 : 0, 0, row->src == ISA_SRC_K ? imm : 0);
	exit_with(3);
	check(row->name);
}

static void jump(const struct iov_isa_row *row, uint64_t a, uint64_t b, int32_t imm)
{
	test_start(&t);
	test_put64(&t, ISA_LD_IMM64, 3, a);
	test_put64(&t, ISA_LD_IMM64, 7, b);
	test_put(&t, ISA_MOV64_K, 0, 0, 0, 1);
	test_put(&t, isa_index(row), 3, row->src == ISA_SRC_X ? 7 : 0, 1, row->src == ISA_SRC_K ? imm : 0);
	test_put(&t, ISA_MOV64_K, 0, 0, 0, 2);
	exit_with(0);
	check(row->name);
}

/* Memory and what the instruction wrote to a register, both in the result. */
static void access(const struct iov_isa_row *row, uint64_t value, bool on_stack)
{
	bool load = row->kind == ISA_K_LDX || row->kind == ISA_K_LDSX || row->oper == ISA_O_LOAD_ACQ;
	int base = on_stack ? 10 : 1, off = on_stack ? -8 : 8;

	test_start(&t);
	test_put(&t, ISA_LDX64, 4, 1, 0, 0);
	test_put(&t, ISA_STX64, base, 4, off, 0);
	test_put64(&t, ISA_LD_IMM64, 3, value);
	test_put64(&t, ISA_LD_IMM64, 0, value ^ 1);
	test_put(&t, isa_index(row), load ? 3 : base, load ? base : row->src == ISA_SRC_K ? 0 : 3, off,
		 row->src == ISA_SRC_K ? (int32_t)value : 0);
	test_put(&t, ISA_LDX64, 5, base, off, 0);
	test_put(&t, ISA_MUL64_K, 5, 0, 0, 31);
	test_put(&t, ISA_ADD64_X, 0, 5, 0, 0);
	test_put(&t, ISA_ADD64_X, 0, 3, 0, 0);
	exit_with(0);
	check(row->name);
}

static uint64_t identity(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	(void)r2, (void)r3, (void)r4, (void)r5, (void)env;
	return r1;
}

/* A function with a stack of its own, called twice, beside the helper. */
static void calls(const char *row)
{
	test_start(&t);
	test_put(&t, ISA_LDX8, 1, 1, 1, 0);
	test_put(&t, ISA_ST64, 10, 0, -8, 1000);
	test_put(&t, ISA_CALL_SUBPROG, 0, 1, 0, 8);
	test_put(&t, ISA_MOV64_X, 6, 0, 0, 0);
	test_put(&t, ISA_MOV64_X, 1, 0, 0, 0);
	test_put(&t, ISA_CALL_SUBPROG, 0, 1, 0, 5);
	test_put(&t, ISA_LDX64, 1, 10, -8, 0);
	test_put(&t, ISA_ADD64_X, 1, 0, 0, 0);
	test_put(&t, ISA_ADD64_X, 1, 6, 0, 0);
	test_call(&t, identity);
	t.insns[t.image.count - 1].imm = 5;
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_sub(&t);
	test_put(&t, ISA_STX64, 10, 1, -8, 0);
	test_put(&t, ISA_LDX64, 0, 10, -8, 0);
	test_put(&t, ISA_MUL64_K, 0, 0, 0, 3);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	check(row);
}

static void constant(uint64_t value)
{
	test_start(&t);
	test_put64(&t, ISA_LD_IMM64, 8, value);
	exit_with(8);
	check("LD_IMM64");
}

/* Two ways that meet, both of which can be gone as far as a verifier knows. */
static void leap(enum iov_isa isa, int slot)
{
	test_start(&t);
	test_put(&t, ISA_LDX8, 0, 1, slot, 0);
	test_put(&t, ISA_JGT64_K, 0, 0, 2, 0x80);
	test_put(&t, ISA_ADD64_K, 0, 0, 0, 1000);
	test_put(&t, isa, 0, 0, isa == ISA_JA32 ? 0 : 1, isa == ISA_JA32 ? 1 : 0);
	test_put(&t, ISA_ADD64_K, 0, 0, 0, 7);
	exit_with(0);
	check(isa_rows[isa].name);
}

/* What a row needs that is no memory, and the test that has it run by every engine. */
static const char *not_here(const struct iov_isa_row *row)
{
	switch (row->oper) {
	case ISA_O_LDABS: case ISA_O_LDIND: return "needs a packet: packets/tc_loads, unit/jit";
	case ISA_O_KFUNC: return "needs a function of the kernel: packets/xdp_dynptr, unit/jit";
	case ISA_O_INDIRECT: return "is what no program may have that is verified: unit/jit";
	case ISA_O_MAP: case ISA_O_MAP_VALUE: return "needs a map: packets, unit/jit";
	case ISA_O_FUNC: return "needs a function that is called back: packets/callbacks, unit/jit";
	case ISA_O_BTF_ID: return "needs the kernel's types: packets/xdp_dynptr, unit/jit";
	case ISA_O_MAP_IDX: case ISA_O_MAP_IDX_VALUE: return "is what loaders put in place of another row: unit/jit";
	default: return row->kind == ISA_K_CAST ? "needs an arena, a type of map that is not here: unit/jit" : NULL;
	}
}

/* Four pairs of corners a row, others for each. */
static void vectors(const struct iov_isa_row *row)
{
	enum { PAIRS = 4 };
	unsigned seed = (unsigned)(row - isa_rows);

	switch (row->kind) {
	case ISA_K_ALU:
	case ISA_K_END:
	case ISA_K_JCC:
		for (unsigned i = 0; i < PAIRS; i++) {
			uint64_t a = corners[(seed + i * 2) % CORNERS], b = corners[(seed * 3 + i * 5) % CORNERS];
			int32_t imm = imms[(seed + i) % IMMS];

			if (row->kind == ISA_K_JCC)
				jump(row, i ? a : b, b, imm);
			else
				arithmetic(row, a, b, imm);
		}
		break;
	case ISA_K_CALL:
	case ISA_K_EXIT:
		calls(row->name);
		break;
	case ISA_K_JA:
	case ISA_K_MAY_GOTO:
		leap(isa_index(row), 0);
		leap(isa_index(row), 7);
		break;
	case ISA_K_LDIMM64:
		for (unsigned i = 0; i < CORNERS; i++)
			constant(corners[i]);
		break;
	default:
		access(row, corners[seed % CORNERS], false);
		access(row, 0x8877665544332210, true);
	}
}

int main(int argc, char **argv)
{

	iovrun = argc > 1 ? argv[1] : "build/bin/iovrun";
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (const struct iov_isa_row *row = isa_rows; row < isa_rows + ISA_COUNT; row++) {
		if (not_here(row)) {
			printf("SKIP conformance: %s %s\n", row->name, not_here(row));
			continue;
		}
		memset(failed, 0, sizeof(failed));
		vectors(row);
		for (int engine = 0; engine < ENGINES; engine++) {
			bad |= failed[engine];
			if (!failed[engine])
				printf("PASS conformance: %s, %s\n", row->name, engines[engine]);
		}
	}
	return bad;
}
