/* SPDX-License-Identifier: Apache-2.0 */
/* Runs testsuite/cases/verify/ *.txt. A file holds programs, each under a header line:
 *   === NAME: accept
 *   === NAME: reject IOV-V024 @ 5
 * with the diagnostic's code and, after @, the instruction slot. A rejected program comes with an accepted twin, and
 * must give exactly one error. */
#include "backend/verify/verify.h"
#include "asm/base/buf.h"
#include "testsuite/unit/verify/asm.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally {
	unsigned accepted, rejected, wrong;
};

static const char *first_code(const struct iov_sink *sink) { return sink->first ? diag_code(sink->first->id) : "none"; }

static void check(const char *file, const char *header, const char *body, struct tally *tally)
{
	struct iov_arena arena = {0};
	struct iov_sink sink;
	struct iov_facts facts;
	char name[64] = "?", verdict[16] = "", code[16] = "";
	long long at = -1;
	const char *error;
	struct iov_prog *prog;
	enum iov_status st;

	sscanf(header, "%63[^:]: %15s %15s @ %lld", name, verdict, code, &at);
	sink_init(&sink, NULL);
	prog = test_assemble(&arena, body, &error);
	if (!prog) {
		cr_log_error("%s: %s: %s", file, name, error);
		tally->wrong++;
		goto out;
	}
	st = verify_prog(prog, test_platform(&arena), NULL, &arena, &sink, &facts);
	if (!strcmp(verdict, "accept")) {
		tally->accepted++;
		if (st != IOV_OK) {
			cr_log_error("%s: %s: rejected at %lld with %s: %s", file, name,
				     sink.first ? (long long)sink.first->span.insn : -1, first_code(&sink),
				     sink.first ? sink.first->message : "?");
			tally->wrong++;
		}
	} else {
		tally->rejected++;
		if (st == IOV_OK || sink.errors != 1 || strcmp(first_code(&sink), code) ||
		    (at >= 0 && sink.first->span.insn != at)) {
			cr_log_error("%s: %s: %s, %u errors, %s at %lld instead of %s at %lld: %s", file, name,
				     st == IOV_OK ? "accepted" : "rejected", sink.errors, first_code(&sink),
				     sink.first ? (long long)sink.first->span.insn : -1, code, at,
				     sink.first ? sink.first->message : "");
			tally->wrong++;
		}
	}
out:
	sink_free(&sink);
	arena_free(&arena);
}

static void run_file(const char *path, struct tally *tally)
{
	FILE *f = fopen(path, "r");
	static char text[1 << 20];
	size_t n;
	char *p;

	cr_assert(f, "%s", path);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = 0;
	fclose(f);
	for (p = strstr(text, "=== "); p;) {
		char *header = p + 4, *body = strchr(header, '\n'), *next;

		cr_assert(body);
		*body++ = 0;
		next = strstr(body, "\n=== ");
		if (next)
			*next++ = 0;
		check(path, header, body, tally);
		p = next;
	}
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
