/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the folders in which headers are looked for, from the options that Clang is given. */
#ifndef IOV_FRONTEND_SEARCH_H
#define IOV_FRONTEND_SEARCH_H

#include "asm/base/option.h"

struct search {
	struct iov_option_list quote;  /**< for #include "...", before the others */
	struct iov_option_list angled; /**< -I, -isystem, those of the system, -idirafter */
	bool no_system, no_builtin;    /**< -nostdlibinc, -nobuiltininc; -nostdinc: both */
};

/** Those of the system, after Clang's own headers, below --sysroot; NULL-terminated. NULL: no memory. */
const char *const *search_system(const struct iov_option_list *args, struct iov_arena *arena);
/** `unpacked`: where the tool's headers are on disk; NULL: where they are in the tool. */
void search_read(const struct iov_option_list *args, const char *unpacked, struct iov_arena *arena, struct search *out);
/** As clang -v lists them: what other tools ask a compiler for. */
void search_print(const struct search *s, struct iov_buf *out);

#endif
