/* SPDX-License-Identifier: Apache-2.0 */
/* The unit tests that were linked in, one after the other: a result line each. */
#include "testsuite/arm64/criterion/criterion.h"

#include <stdlib.h>
#include <string.h>

struct shim_test *shim_tests;
jmp_buf shim_failed;
char shim_text[1024];

static bool run(const struct shim_test *test)
{
	int line = setjmp(shim_failed);

	if (line < 0) {
		printf("SKIP arm64: %s.%s:%s\n", test->suite, test->name, shim_text);
		return true;
	}
	if (line) {
		printf("FAIL arm64: %s.%s: line %d:%s\n", test->suite, test->name, line, shim_text);
		return false;
	}
	shim_text[0] = 0;
	test->run();
	printf("PASS arm64: %s.%s\n", test->suite, test->name);
	return true;
}

/* An argument names the one test to run. */
int main(int argc, char **argv)
{
	int failed = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (const struct shim_test *test = shim_tests; test; test = test->next)
		if (argc < 2 || !strcmp(argv[1], test->name))
			failed += !run(test);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
