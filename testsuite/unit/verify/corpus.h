/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the format of testsuite/cases/verify/ *.txt. A file holds programs (asm.h), each under a header line:
 *   === NAME: accept
 *   === NAME: reject IOV-V024 @ 5
 *   === NAME: reject IOV-V024 @ 5 linux takes WHY
 *   === NAME: reject IOV-V024 linux refuses twin WHY
 * with the diagnostic's code and, after @, the instruction slot; a `!` before an instruction says the same. Lines that
 * begin with `-` are in the rejected program alone, those with `+` in its accepted twin alone, which is called
 * NAME/mended. A line `.each A,B 1,2 3,4` makes the case once for each of its values, $A and $B standing for them;
 * several such lines multiply. WHY names a class of difference between Linux and us. */
#ifndef IOV_TEST_VERIFY_CORPUS_H
#define IOV_TEST_VERIFY_CORPUS_H

#include "testsuite/unit/verify/asm.h"

struct corpus_case {
	const char *file;
	char name[96], code[16], why[96];
	bool accept;                        /* else rejected with `code` */
	long long at;                       /* slot, -1: any */
	bool linux_differs;                 /* takes what is rejected, or refuses the twin */
	const struct iov_prog *prog, *twin; /* twin: of a rejected one, or NULL */
};

/** Every program of the file, in order; what they point at lives in `arena`. False: the file is wrong, *error says how.
 */
bool corpus_read(struct iov_arena *arena, const char *path, void (*each)(void *ud, const struct corpus_case *c),
		 void *ud, const char **error);

#endif
