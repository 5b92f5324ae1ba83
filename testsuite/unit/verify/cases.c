/* SPDX-License-Identifier: Apache-2.0 */
/* Runs testsuite/cases/verify/ *.txt (corpus.h). What is rejected must give exactly one error. */
#include "backend/verify/verify.h"
#include "asm/base/buf.h"
#include "testsuite/unit/verify/corpus.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally {
	unsigned accepted, rejected, wrong;
};

static const char *first_code(const struct iov_sink *sink)
{
	return sink->first ? diag_code(sink->first->id) : "none";
}

static void check(void *ud, const struct corpus_case *c)
{
	struct tally *tally = ud;
	struct iov_arena arena = {0};
	struct iov_sink sink;
	struct iov_facts facts;
	enum iov_status st;
	long long at;

	sink_init(&sink, NULL);
	st = verify_prog(c->prog, test_platform(&arena), NULL, &arena, &sink, &facts);
	at = sink.first ? (long long)sink.first->span.insn : -1;
	if (c->accept) {
		tally->accepted++;
		if (st != IOV_OK) {
			cr_log_error("%s: %s: rejected at %lld with %s: %s", c->file, c->name, at, first_code(&sink),
				     sink.first ? sink.first->message : "?");
			tally->wrong++;
		}
	} else {
		tally->rejected++;
		if (st == IOV_OK || sink.errors != 1 || strcmp(first_code(&sink), c->code) ||
		    (c->at >= 0 && at != c->at)) {
			cr_log_error("%s: %s: %s, %u errors, %s at %lld instead of %s at %lld: %s", c->file, c->name,
				     st == IOV_OK ? "accepted" : "rejected", sink.errors, first_code(&sink), at,
				     c->code, c->at, sink.first ? sink.first->message : "");
			tally->wrong++;
		}
	}
	sink_free(&sink);
	arena_free(&arena);
}

static void run_file(const char *path, struct tally *tally)
{
	struct iov_arena arena = {0};
	const char *error;

	cr_expect(corpus_read(&arena, path, check, tally, &error), "%s", error);
	arena_free(&arena);
}

Test(verify, cases, .timeout = 120)
{
	DIR *d = opendir("testsuite/cases/verify");
	struct tally tally = {0};
	struct dirent *e;

	cr_assert(d);
	while ((e = readdir(d))) {
		char path[512];
		size_t n = strlen(e->d_name);

		if (n < 4 || strcmp(e->d_name + n - 4, ".txt"))
			continue;
		snprintf(path, sizeof(path), "testsuite/cases/verify/%s", e->d_name);
		run_file(path, &tally);
	}
	closedir(d);
	cr_log_warn("%u to accept, %u to reject", tally.accepted, tally.rejected);
	cr_expect_eq(tally.wrong, 0, "%u programs have another verdict", tally.wrong);
	cr_expect(tally.accepted >= 10 && tally.rejected >= 10);
}
