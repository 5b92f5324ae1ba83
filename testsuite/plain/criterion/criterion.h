/* SPDX-License-Identifier: Apache-2.0 */
/* As much of Criterion as the unit tests of the runtime use, so that they run where Criterion is not, or is in the way:
 * a plain program, static under qemu-user, or under ThreadSanitizer and valgrind. A failed assertion ends its test, a
 * failed expectation is noted; main.c prints a result line a test. */
#ifndef IOV_TEST_PLAIN_CRITERION_H
#define IOV_TEST_PLAIN_CRITERION_H

#pragma GCC system_header /* so that comparisons warn as little as Criterion's */

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct plain_test {
	const char *suite, *name;
	void (*run)(void);
	struct plain_test *next;
};
/* What each test of a suite has before and behind it. */
struct plain_suite {
	const char *name;
	struct plain_around {
		void (*init)(void), (*fini)(void);
	} around;
	struct plain_suite *next;
};
extern struct plain_test *plain_tests;
extern struct plain_suite *plain_suites;
extern jmp_buf plain_failed;
extern int plain_line; /* of the first expectation that failed, 0: none */

#define Test(suite_, name_, ...)                                                                                       \
	static void suite_##_##name_(void);                                                                            \
	static struct plain_test suite_##_##name_##_test = {#suite_, #name_, suite_##_##name_, NULL};                  \
	__attribute__((constructor)) static void suite_##_##name_##_add(void)                                          \
	{                                                                                                              \
		suite_##_##name_##_test.next = plain_tests;                                                            \
		plain_tests = &suite_##_##name_##_test;                                                                \
	}                                                                                                              \
	static void suite_##_##name_(void)

#define TestSuite(suite_, ...)                                                                                         \
	static struct plain_suite suite_##_suite = {#suite_, {__VA_ARGS__}, NULL};                                     \
	__attribute__((constructor)) static void suite_##_suite_add(void)                                              \
	{                                                                                                              \
		suite_##_suite.next = plain_suites;                                                                    \
		plain_suites = &suite_##_suite;                                                                        \
	}                                                                                                              \
	struct plain_suite

/* Why the test fails or does not apply. */
void plain_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#define cr_assert_fail(...) (plain_say(" " __VA_ARGS__), longjmp(plain_failed, __LINE__))
#define cr_assert(condition, ...) ((condition) ? (void)0 : cr_assert_fail(__VA_ARGS__))
#define cr_expect(condition, ...)                                                                                      \
	((condition) || plain_line ? (void)0 : (void)(plain_say(" " __VA_ARGS__), plain_line = __LINE__))

#define PLAIN_BOTH(kind, a, op, b, ...) kind((a) op (b), __VA_ARGS__)
#define cr_assert_eq(a, b, ...) PLAIN_BOTH(cr_assert, a, ==, b, __VA_ARGS__)
#define cr_assert_neq(a, b, ...) PLAIN_BOTH(cr_assert, a, !=, b, __VA_ARGS__)
#define cr_assert_lt(a, b, ...) PLAIN_BOTH(cr_assert, a, <, b, __VA_ARGS__)
#define cr_assert_leq(a, b, ...) PLAIN_BOTH(cr_assert, a, <=, b, __VA_ARGS__)
#define cr_assert_gt(a, b, ...) PLAIN_BOTH(cr_assert, a, >, b, __VA_ARGS__)
#define cr_assert_geq(a, b, ...) PLAIN_BOTH(cr_assert, a, >=, b, __VA_ARGS__)
#define cr_assert_not(a, ...) cr_assert(!(a), __VA_ARGS__)
#define cr_assert_null(a, ...) cr_assert(!(a), __VA_ARGS__)
#define cr_assert_not_null(a, ...) cr_assert(a, __VA_ARGS__)
#define cr_assert_str_eq(a, b, ...) cr_assert(!strcmp(a, b), __VA_ARGS__)
#define cr_assert_arr_eq(a, b, size, ...) cr_assert(!memcmp(a, b, size), __VA_ARGS__)
#define cr_expect_eq(a, b, ...) PLAIN_BOTH(cr_expect, a, ==, b, __VA_ARGS__)
#define cr_expect_neq(a, b, ...) PLAIN_BOTH(cr_expect, a, !=, b, __VA_ARGS__)
#define cr_expect_lt(a, b, ...) PLAIN_BOTH(cr_expect, a, <, b, __VA_ARGS__)
#define cr_expect_leq(a, b, ...) PLAIN_BOTH(cr_expect, a, <=, b, __VA_ARGS__)
#define cr_expect_gt(a, b, ...) PLAIN_BOTH(cr_expect, a, >, b, __VA_ARGS__)
#define cr_expect_geq(a, b, ...) PLAIN_BOTH(cr_expect, a, >=, b, __VA_ARGS__)
#define cr_expect_not(a, ...) cr_expect(!(a), __VA_ARGS__)
#define cr_expect_null(a, ...) cr_expect(!(a), __VA_ARGS__)
#define cr_expect_not_null(a, ...) cr_expect(a, __VA_ARGS__)
#define cr_expect_str_eq(a, b, ...) cr_expect(!strcmp(a, b), __VA_ARGS__)
#define cr_expect_str_empty(a, ...) cr_expect(!*(a), __VA_ARGS__)
#define cr_expect_arr_eq(a, b, size, ...) cr_expect(!memcmp(a, b, size), __VA_ARGS__)
#define cr_log_error(...) (fprintf(stderr, __VA_ARGS__), fputc('\n', stderr))
#define cr_log_warn(...) cr_log_error(__VA_ARGS__)
#define cr_log_info(...) cr_log_error(__VA_ARGS__)
/* A test that says that it does not apply ends there, and is a named skip. */
#define cr_skip_test(...) (plain_say(" " __VA_ARGS__), longjmp(plain_failed, -1))

#endif
