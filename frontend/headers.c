/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the headers compiled into the tool: the stdlib's, Clang's own, and those that a stock Debian lacks for a target
 * that is not its own (glibc's gnu/stubs-32.h, which says which functions are stubs: for BPF, nothing). */
#include "frontend/driver.h"

extern const struct iov_virtual_file headers_table[];
extern const size_t headers_count;

const struct iov_virtual_file *headers_files(size_t *count)
{
	*count = headers_count;
	return headers_table;
}
