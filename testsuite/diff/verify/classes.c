/* SPDX-License-Identifier: Apache-2.0 */
/* See classes.h. */
#include "testsuite/diff/verify/classes.h"
#include "backend/verify/verify.h"
#include "testsuite/diff/rejects/rejects.h"
#include "testsuite/unit/verify/corpus.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct test {
	const struct iov_platform *platform;
	unsigned number, programs, failed, newer;
};

static void fail(struct test *t, const struct corpus_case *c, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void fail(struct test *t, const struct corpus_case *c, const char *fmt, ...)
{
	va_list args;

	printf("FAIL verify class %s/%s: ", sees_class(t->number)->key, c->name);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	t->failed++;
}

static void one(void *ud, const struct corpus_case *c)
{
	struct test *t = ud;
	const struct iov_prog *seen;
	bool explained = false;
	int error;

	t->programs++;
	if (!kernel_can_be_asked(c->prog)) {
		fail(t, c, "the kernel cannot be asked");
		return;
	}
	error = kernel_load(c->prog);
	t->newer += !error;
	for (unsigned k = 0; sees_class(k); k++) {
		bool this = sees_explains(k, c->prog, t->platform);

		explained |= this && k == t->number;
		if (this && k != t->number && strcmp(sees_class(k)->key, "several") != 0)
			fail(t, c, "explained by %s as well", sees_class(k)->key);
	}
	if (!explained)
		fail(t, c, "we refuse it, or its class does not explain why Linux does: %s",
		     error ? kernel_log(c->prog) : "it does not");
	else if (error && sees_less(c->prog, t->platform, error) != sees_class(t->number))
		fail(t, c, "not for this class with errno %d: %s", error, kernel_log(c->prog));
	seen = sees_as(t->number, c->prog, t->platform);
	if (error && seen && !kernel_load(seen))
		fail(t, c, "Linux takes what it is said to make of it");
}

unsigned classes_test(const char *folder, const struct iov_platform *platform)
{
	unsigned failed = 0;

	for (unsigned k = 0; sees_class(k); k++) {
		struct test t = {.platform = platform, .number = k};
		struct iov_arena arena = {0};
		const char *error = NULL, *key = sees_class(k)->key;

		if (!corpus_read(&arena, arena_printf(&arena, "%s/%s.txt", folder, key), one, &t, &error)) {
			printf("FAIL verify class %s: %s\n", key, error);
			t.failed++;
		} else if (t.newer && !t.failed) {
			printf("SKIP verify class %s: this kernel sees more than 6.18: %u of %u programs load\n", key,
			       t.newer, t.programs);
		} else if (!t.failed) {
			printf("PASS verify class %s\n", key);
		}
		failed += t.failed;
		arena_free(&arena);
	}
	return failed;
}

/* Ours: code, instruction and message, or "accepted". */
static void print_ours(const struct iov_prog *prog, const struct iov_platform *platform)
{
	struct iov_verify_options how = {.budget = 200000};
	struct iov_arena arena = {0};
	struct iov_facts facts;
	struct iov_sink sink;

	sink_init(&sink, NULL);
	if (verify_prog(prog, platform, &how, &arena, &sink, &facts) == IOV_OK)
		printf("ours: accepted");
	else if (sink.first)
		printf("ours: %s at %lld: %s", diag_code(sink.first->id), (long long)sink.first->span.insn,
		       sink.first->message);
	printf("; Linux: %s\n", kernel_load(prog) ? kernel_log(prog) : "accepted");
	sink_free(&sink);
	arena_free(&arena);
}

static void tell(void *ud, const struct corpus_case *c)
{
	const struct iov_platform *platform = ud;

	printf("%s: ", c->name);
	print_ours(c->prog, platform);
	for (unsigned k = 0; sees_class(k); k++) {
		const struct iov_prog *seen = sees_as(k, c->prog, platform);

		if (!seen)
			continue;
		print_program(seen);
		printf("%s/%s, explains: %d, ", c->name, sees_class(k)->key,
		       sees_explains(k, c->prog, platform));
		seen = sees_as(k, c->prog, platform);
		print_ours(seen, platform);
	}
}

bool classes_tell(const char *file, const struct iov_platform *platform)
{
	struct iov_arena arena = {0};
	const char *error;
	bool ok = corpus_read(&arena, file, tell, (void *)platform, &error);

	if (!ok)
		printf("%s\n", error);
	arena_free(&arena);
	return ok;
}

const struct sees_class *classes_takes_too_much(const struct iov_prog *prog, const struct iov_platform *platform)
{
	for (unsigned k = 0; sees_class(k); k++) {
		const struct iov_prog *seen = sees_as(k, prog, platform);

		if (seen && kernel_load(seen))
			return sees_class(k);
	}
	return NULL;
}
