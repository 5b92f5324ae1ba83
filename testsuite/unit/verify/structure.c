/* SPDX-License-Identifier: Apache-2.0 */
/* Programs that no reader of objects makes: the verifier takes a struct iov_prog from anybody. */
#include "backend/verify/verify.h"
#include "testsuite/unit/verify/asm.h"

#include <criterion/criterion.h>

/* The only error has this code, and says this. */
static void refused(const struct iov_prog *prog, enum iov_diag_id id, const char *words)
{
	struct iov_arena arena = {0};
	struct iov_facts facts;
	struct iov_sink sink;

	sink_init(&sink, NULL);
	cr_expect_eq(verify_prog(prog, test_platform(&arena), NULL, &arena, &sink, &facts), IOV_DIAGNOSED);
	cr_assert(sink.first, "%s", words);
	cr_expect_eq(sink.first->id, id, "%s", sink.first->message);
	cr_expect(strstr(sink.first->message, words), "%s", sink.first->message);
	sink_free(&sink);
	arena_free(&arena);
}

static struct iov_prog *two_functions(struct iov_arena *arena)
{
	const char *error;
	struct iov_prog *prog =
		test_assemble(arena, "call one\nexit\n.func one\nr0 = 0x1122334455667788 ll\nexit\n", &error);

	cr_assert(prog, "%s", error);
	cr_assert_eq(prog->sub_count, 2);
	return prog;
}

Test(structure, functions_tile_the_program)
{
	struct iov_arena arena = {0};
	struct iov_prog *prog = two_functions(&arena);

	prog->subs[1].start++;
	refused(prog, DIAG_V_BAD_SUBPROG, "function 1 does not begin where the one before ends");
	prog->subs[1].start--;
	prog->subs[1].count--;
	refused(prog, DIAG_V_BAD_SUBPROG, "instructions outside of every function");
	prog->subs[1].count++;
	prog->insns[0].imm++;
	refused(prog, DIAG_V_BAD_SUBPROG, "where no function begins");
	prog->insns[0].imm--;
	prog->count = 0;
	refused(prog, DIAG_V_BAD_SUBPROG, "no instructions");
	arena_free(&arena);
}

Test(structure, a_function_begins_with_an_instruction)
{
	struct iov_arena arena = {0};
	struct iov_prog *prog = two_functions(&arena);

	prog->subs[0].count += 1;
	prog->subs[1].start += 1;
	prog->subs[1].count -= 1;
	prog->insns[0].imm += 1;
	refused(prog, DIAG_V_BAD_SUBPROG, "inside a 64-bit constant");
	arena_free(&arena);
}
