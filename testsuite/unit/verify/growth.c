/* SPDX-License-Identifier: Apache-2.0 */
/* What verification costs grows with the size of a program, not with the number of its paths: families of n diamonds in
 * a row, each of which changes a number that bounds a packet access in the end. */
#include "asm/base/buf.h"
#include "backend/verify/verify.h"
#include "testsuite/unit/verify/asm.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>

struct family {
	const char *name, *begin, *arm, *end; /* arm: %d: the diamond's number */
};

static const char check_and_read[] = "if r6 > 1400 goto out\n"
				     "r3 += r6\n"
				     "r4 = r3\n"
				     "r4 += 1\n"
				     "if r4 > r2 goto out\n"
				     "r0 = *(u8 *)(r3 + 0)\n"
				     "out:\n"
				     "r0 = 2\n"
				     "exit\n";

static const struct family families[] = {
	{"a register", "r6 = 0\n", "r6 += %d\n", ""},
	{"doubling", "r6 = 0\n", "r6 <<= 1\nr6 += 1\nr6 &= 1023\n", ""},
	{"a spilled number", "r6 = 0\n*(u64 *)(r10 - 8) = r6\n",
	 "r5 = *(u64 *)(r10 - 8)\nr5 += %d\n*(u64 *)(r10 - 8) = r5\n", "r6 = *(u64 *)(r10 - 8)\n"},
	{"32 bits", "w6 = 0\n", "w6 += %d\n", ""},
	{"a spilled number of 32 bits", "w6 = 0\n*(u32 *)(r10 - 4) = r6\n",
	 "w5 = *(u32 *)(r10 - 4)\nw5 += %d\n*(u32 *)(r10 - 4) = w5\n", "w6 = *(u32 *)(r10 - 4)\n"},
	{"a call in each arm", "r6 = 0\n",
	 "*(u64 *)(r10 - 16) = r2\n*(u64 *)(r10 - 24) = r3\n*(u64 *)(r10 - 32) = r7\ncall bpf_ktime_get_ns\n"
	 "r2 = *(u64 *)(r10 - 16)\nr3 = *(u64 *)(r10 - 24)\nr7 = *(u64 *)(r10 - 32)\nr6 += %d\n", ""},
	{"a packet pointer", "r6 = 0\n", "r3 += %d\n", ""},
};

static void diamonds(struct iov_buf *text, const struct family *f, int n, bool loop)
{
	buf_puts(text, "r2 = *(u32 *)(r1 + 4)\nr3 = *(u32 *)(r1 + 0)\nr7 = *(u32 *)(r1 + 12)\n");
	buf_puts(text, f->begin);
	if (loop)
		buf_puts(text, "r8 = 0\nagain:\n");
	for (int i = 0; i < n; i++) {
		buf_printf(text, "if r7 & %d goto skip%d\n", 1 << i % 31, i);
		buf_printf(text, f->arm, 1 + i % 9, i);
		buf_printf(text, "skip%d:\n", i);
	}
	if (loop)
		buf_puts(text, "r8 += 1\nif r8 < 8 goto again\n");
	buf_puts(text, f->end);
	buf_puts(text, check_and_read);
}

static uint64_t processed(const struct family *f, int n, bool loop, uint32_t *size)
{
	struct iov_buf text = {0};
	struct iov_arena arena = {0};
	struct iov_sink sink;
	struct iov_facts facts;
	const char *error = NULL;
	struct iov_prog *p;
	enum iov_status st;

	diamonds(&text, f, n, loop);
	p = test_assemble(&arena, buf_cstr(&text), &error);
	cr_assert(p, "%s: %s\n%s", f->name, error, buf_cstr(&text));
	*size = p->count;
	sink_init(&sink, NULL);
	st = verify_prog(p, test_platform(&arena), NULL, &arena, &sink, &facts);
	cr_log_info("%s%s, %d: %s, %u instructions, %" PRIu64 " followed, %u states, %" PRIu64 " us", f->name,
		    loop ? " in a loop" : "", n, st ? sink.first ? sink.first->message : "?" : "accepted", p->count,
		    facts.processed, facts.peak_states, facts.nanoseconds / 1000);
	cr_expect_eq(st, IOV_OK, "%s, %d", f->name, n);
	sink_free(&sink);
	arena_free(&arena);
	buf_free(&text);
	return facts.processed;
}

/* The number of turns of the loop counts, of the diamonds too, their paths do not. */
Test(growth, diamonds, .timeout = 60)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
		for (int loop = 0; loop < 2; loop++)
			for (int n = 4; n <= 40; n += 6) {
				uint32_t size = 0;
				uint64_t steps = processed(&families[i], n, loop, &size);

				cr_expect(steps <= (loop ? 64 : 24) * (uint64_t)size + 1024, "%s, %d: %" PRIu64
					  " for %u instructions", families[i].name, n, steps, size);
			}
}
