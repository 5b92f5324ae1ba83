/* SPDX-License-Identifier: Apache-2.0 */
/* The unit tests that were linked in, one after the other: a result line each. An argument names the one test to run;
 * PLAIN_AS in the environment says what the results are of. */
#include "testsuite/plain/criterion/criterion.h"

#include <stdarg.h>
#include <stdlib.h>

struct plain_test *plain_tests;
struct plain_suite *plain_suites;
jmp_buf plain_failed;
int plain_line;
static char plain_text[1024];

void plain_say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(plain_text, sizeof(plain_text), fmt, ap);
	va_end(ap);
}

static struct plain_around around(const struct plain_test *test)
{
	const struct plain_suite *s = plain_suites;

	while (s && strcmp(s->name, test->suite))
		s = s->next;
	return s ? s->around : (struct plain_around){NULL, NULL};
}

static bool run(const struct plain_test *test, const char *as)
{
	const struct plain_around its = around(test);
	int line = setjmp(plain_failed);

	if (!line) {
		plain_text[0] = 0;
		plain_line = 0;
		if (its.init)
			its.init();
		test->run();
		line = plain_line;
	}
	if (its.fini)
		its.fini();
	if (line < 0)
		printf("SKIP %s: %s.%s:%s\n", as, test->suite, test->name, plain_text);
	else if (line)
		printf("FAIL %s: %s.%s: line %d:%s\n", as, test->suite, test->name, line, plain_text);
	else
		printf("PASS %s: %s.%s\n", as, test->suite, test->name);
	return line <= 0;
}

int main(int argc, char **argv)
{
	const char *as = getenv("PLAIN_AS");
	int failed = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (const struct plain_test *test = plain_tests; test; test = test->next)
		if (argc < 2 || !strcmp(argv[1], test->name))
			failed += !run(test, as ? as : "plain");
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
