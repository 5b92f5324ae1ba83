/* SPDX-License-Identifier: Apache-2.0 */
/* As much of Criterion as the JIT's unit tests use, so that they run where Criterion is not: a plain static program
 * under qemu-user. A failed assertion ends its test; main.c prints a result line a test. */
#ifndef IOV_TEST_ARM64_CRITERION_H
#define IOV_TEST_ARM64_CRITERION_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>

struct shim_test {
	const char *suite, *name;
	void (*run)(void);
	struct shim_test *next;
};
extern struct shim_test *shim_tests;
extern jmp_buf shim_failed;
extern char shim_text[1024];

#define Test(suite_, name_)                                                                                            \
	static void suite_##_##name_(void);                                                                            \
	static struct shim_test suite_##_##name_##_test = {#suite_, #name_, suite_##_##name_, NULL};                   \
	__attribute__((constructor)) static void suite_##_##name_##_add(void)                                          \
	{                                                                                                              \
		suite_##_##name_##_test.next = shim_tests;                                                             \
		shim_tests = &suite_##_##name_##_test;                                                                 \
	}                                                                                                              \
	static void suite_##_##name_(void)

#define cr_assert_fail(...) (snprintf(shim_text, sizeof(shim_text), " " __VA_ARGS__), longjmp(shim_failed, __LINE__))
#define cr_assert(condition, ...) ((condition) ? (void)0 : cr_assert_fail(__VA_ARGS__))
#define cr_assert_eq(a, b, ...) cr_assert((a) == (b), __VA_ARGS__)
#define cr_assert_neq(a, b, ...) cr_assert((a) != (b), __VA_ARGS__)
#define cr_assert_lt(a, b, ...) cr_assert((a) < (b), __VA_ARGS__)
#define cr_assert_leq(a, b, ...) cr_assert((a) <= (b), __VA_ARGS__)
#define cr_assert_gt(a, b, ...) cr_assert((a) > (b), __VA_ARGS__)
#define cr_assert_geq(a, b, ...) cr_assert((a) >= (b), __VA_ARGS__)
#define cr_assert_null(a, ...) cr_assert(!(a), __VA_ARGS__)
#define cr_assert_not_null(a, ...) cr_assert(a, __VA_ARGS__)
/* A test that says that it does not apply ends there, and is a named skip. */
#define cr_skip_test(...) (snprintf(shim_text, sizeof(shim_text), " " __VA_ARGS__), longjmp(shim_failed, -1))

#endif
