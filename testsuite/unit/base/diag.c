/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/base/diag.h"

#include <criterion/criterion.h>
#include <string.h>

Test(diag, strings_are_copied)
{
	char file[] = "a.c", text[] = "line", message[] = "msg";
	struct iov_sink sink;
	struct iov_diag *d;

	sink_init(&sink, NULL);
	d = diag_add(&sink, DIAG_FILE_READ, (struct iov_span){.file = file, .text = text, .insn = -1}, "%s", message);
	diag_hint(d, "%s", message);
	memset(file, 'x', 3);
	memset(text, 'x', 4);
	memset(message, 'x', 3);
	cr_assert_str_eq(sink.first->span.file, "a.c");
	cr_assert_str_eq(sink.first->span.text, "line");
	cr_assert_str_eq(sink.first->message, "msg");
	cr_assert_str_eq(sink.first->notes->text, "msg");
	sink_free(&sink);
	cr_assert_null(sink.first);
}

static void *refuse(void *ud, void *ptr, size_t old, size_t size)
{
	(void)ud, (void)ptr, (void)old, (void)size;
	return NULL;
}

Test(diag, without_memory_errors_still_count)
{
	static const struct iov_alloc none = {refuse, NULL};
	struct iov_sink sink;
	struct iov_diag *d;

	sink_init(&sink, &none);
	d = diag_add(&sink, DIAG_FILE_READ, IOV_NOWHERE, "lost");
	cr_assert_not_null(d);
	diag_hint(d, "goes nowhere");
	cr_assert(sink.oom);
	cr_assert_eq(sink.errors, 1);
	cr_assert_null(sink.first);
	sink_free(&sink);
}

Test(diag, codes_are_unique_well_formed_and_found)
{
	for (int i = 0; i < DIAG_COUNT; i++) {
		const char *code = diag_code((enum iov_diag_id)i);

		cr_expect_eq(strlen(code), 8, "%s", code);
		cr_expect(!strncmp(code, "IOV-", 4) && strchr("BCSWGOALVRYI", code[4]), "%s", code);
		cr_expect_eq(strspn(code + 5, "0123456789"), 3, "%s", code);
		cr_expect_eq((int)diag_by_code(code), i, "%s stands twice in the catalogue", code);
	}
	cr_assert_eq(diag_by_code("iov-b002"), DIAG_FILE_READ);
	cr_assert_eq(diag_by_code("IOV-Z999"), DIAG_COUNT);
}

Test(diag, the_catalogue_explains_itself)
{
	for (int i = 0; i < DIAG_COUNT; i++) {
		const char *title = diag_title((enum iov_diag_id)i), *text = diag_explanation((enum iov_diag_id)i);

		cr_expect(strlen(title) > 5 && strlen(title) < 80, "%s", diag_code((enum iov_diag_id)i));
		cr_expect_neq(title[strlen(title) - 1], '.', "%s: a title ends without a full stop", title);
		cr_expect_gt(strlen(text), 40, "%s: too short to explain anything", diag_code((enum iov_diag_id)i));
	}
}

/* Rules of the C subset and warnings: a wrong line as an example, and what to write instead, or how to turn it off. */
Test(diag, rules_have_an_example_and_a_way_out)
{
	for (int i = 0; i < DIAG_COUNT; i++) {
		const char *code = diag_code((enum iov_diag_id)i), *text = diag_explanation((enum iov_diag_id)i),
			   *example;

		if (code[4] != 'S' && code[4] != 'W')
			continue;
		example = strstr(text, "\n    ");
		cr_expect_not_null(example, "%s has no example", code);
		cr_expect(example && strchr(example + 1, '\n'), "%s ends with its example", code);
		cr_expect_geq(strlen(text), 150, "%s", code);
		cr_expect(code[4] == 'S' ? strstr(text, "/* error") != NULL : strstr(text, "-Wno-iov-") != NULL, "%s",
			  code);
	}
}

Test(diag, warnings_become_errors_when_asked)
{
	struct iov_sink sink;
	int warning = -1;

	for (int i = 0; i < DIAG_COUNT && warning < 0; i++)
		warning = diag_severity((enum iov_diag_id)i) == IOV_WARNING ? i : -1;
	if (warning < 0)
		cr_skip("the catalogue has no warning yet");
	sink_init(&sink, NULL);
	diag_add(&sink, (enum iov_diag_id)warning, IOV_NOWHERE, "w");
	cr_assert_eq(sink.warnings, 1);
	sink.werror = true;
	diag_add(&sink, (enum iov_diag_id)warning, IOV_NOWHERE, "w");
	cr_assert_eq(sink.errors, 1);
	cr_assert_eq(sink.first->next->severity, IOV_ERROR);
	sink_free(&sink);
}
