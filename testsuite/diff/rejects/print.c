/* SPDX-License-Identifier: Apache-2.0 */
/* A program as text, on standard error. */
#include "testsuite/diff/rejects/rejects.h"

#include <stdio.h>

void print_program(const struct iov_prog *p)
{
	struct iov_buf text = {0};

	for (uint32_t i = 0; i < p->count; i += isa_is_wide(&p->insns[i]) ? 2 : 1) {
		buf_printf(&text, "    %3u: ", i);
		isa_print(&text, &p->insns[i], i, IOV_DIALECT_KERNEL, NULL);
		buf_putc(&text, '\n');
	}
	fflush(stdout);
	fprintf(stderr, "%s", buf_cstr(&text));
	buf_free(&text);
}
