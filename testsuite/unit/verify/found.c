/* SPDX-License-Identifier: Apache-2.0 */
/* Unsoundnesses that the oracle (testsuite/diff/oracle) found and that cases.c cannot say, since they need a platform
 * with other rules. */
#include "backend/verify/verify.h"
#include "testsuite/unit/verify/asm.h"

#include <criterion/criterion.h>
#include <stdio.h>

static bool accepted(const char *text, uint32_t rules)
{
	struct iov_arena arena = {0};
	struct iov_platform *platform = test_platform(&arena);
	struct iov_facts facts;
	struct iov_sink sink;
	const char *error;
	struct iov_prog *prog = test_assemble(&arena, text, &error);
	bool ok;

	cr_assert(prog, "%s", error);
	platform->rules |= rules;
	sink_init(&sink, NULL);
	ok = verify_prog(prog, platform, NULL, &arena, &sink, &facts) == IOV_OK;
	sink_free(&sink);
	arena_free(&arena);
	return ok;
}

/* Root's Linux makes a number of a pointer: one that was sign-extended may be negative. */
Test(found, sign_extended_pointer_may_be_negative)
{
	cr_expect(!accepted("r7 = (s8)r1\nr0 = 0\nif r7 s>= 0 goto out\nr0 = *(u64 *)(r10 + 8)\nout:\nexit\n",
			    IOV_RULE_POINTERS_IN_MAPS));
	cr_expect(accepted("w7 = w1\nr0 = 0\nif r7 s>= 0 goto out\nr0 = *(u64 *)(r10 + 8)\nout:\nexit\n",
			   IOV_RULE_POINTERS_IN_MAPS), "the lower half, zero-extended, is not");
}

/* Where root may read what was never written, a way on which nothing was covers none on which a dynptr lies there. */
Test(found, bytes_of_a_dynptr_on_one_way)
{
	static const char start[] = ".map m array 4 64 1\ncall bpf_get_prandom_u32\nif r0 != 0 goto make\ngoto read\n"
				    "make:\nr1 = value m 0\nr2 = 64\nr3 = 0\nr4 = r10\nr4 += -16\n"
				    "call bpf_dynptr_from_mem\nread:\n";
	char text[512];

	snprintf(text, sizeof(text), "%sr1 = *(u32 *)(r10 - 12)\nr0 = 0\nexit\n", start);
	cr_expect(!accepted(text, IOV_RULE_UNINIT_TO_MAPS));
	snprintf(text, sizeof(text), "%sr1 = *(u32 *)(r10 - 20)\nr0 = 0\nexit\n", start);
	cr_expect(accepted(text, IOV_RULE_UNINIT_TO_MAPS));
}

/* A call that has two ways on was taken for a jump, whose target was looked up far behind the program (check-san). */
Test(found, a_call_is_no_way_out_of_an_endless_loop)
{
	cr_expect(!accepted("again:\nr1 = 1\nr2 = func turn\nr3 = 0\nr4 = 0\ncall bpf_loop\ngoto again\n"
			    ".func turn\nr0 = 0\nexit\n", 0));
}
