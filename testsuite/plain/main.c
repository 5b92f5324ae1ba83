/* SPDX-License-Identifier: Apache-2.0 */
/* The unit tests that were linked in, one after the other: a result line each. An argument names the one test to run;
 * PLAIN_AS in the environment says what the results are of. */
#include "testsuite/plain/criterion/criterion.h"

#include <stdarg.h>
#include <stdlib.h>

struct plain_test *plain_tests;
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

static bool run(const struct plain_test *test, const char *as)
{
	int line = setjmp(plain_failed);

	if (!line) {
		plain_text[0] = 0;
		plain_line = 0;
		test->run();
		line = plain_line;
	}
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
