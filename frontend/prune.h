/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: a vmlinux.h cut down to the types that a source can reach, so that Clang parses a tenth of it. mentions.c
 * collects the words of the source and of the headers it includes; decls.c takes vmlinux.h apart into declarations;
 * prune.c follows them from those words, and gives the text of what is reached, with #line where something was left
 * out. What is missed shows as a diagnostic, and then the file is compiled again with the whole header (compile.c):
 * pruning never decides whether a source is right. */
#ifndef IOV_FRONTEND_PRUNE_H
#define IOV_FRONTEND_PRUNE_H

#include "frontend/decls.h"
#include "frontend/driver.h"
#include "frontend/words.h"

/** What the source and its headers say. Flags of the entries of `words`: */
enum {
	WORD_NAMED = 1,    /**< somewhere in the source or its headers */
	WORD_TAG = 2,      /**< after struct, union or enum there */
	WORD_DECLARED = 4, /**< in the declarations of helpers, which name more than any program uses */
};

struct mentions {
	struct word_set words;
};

/** The words of a step's source and of all that it includes but vmlinux.h. False: they cannot be known (a computed
 * #include, no memory). */
bool mentions_collect(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iov_arena *arena,
		      struct mentions *out);

/** Whether a text is what bpftool btf dump writes, and worth the trouble. */
bool prune_is_vmlinux(const char *text, size_t len);
/** The shorter text in `arena`, ended by a NUL that does not count; NULL: it cannot be made. */
const char *prune_text(const struct mentions *m, const struct decls *index, struct iov_arena *arena, size_t *out_len);

#endif
