/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what Linux sees less of than our verifier does. A class of imprecision is a rewriting of the program into what
 * Linux makes of it (a quotient is any number, a comparison that is decided already goes both ways). A class explains
 * that Linux refuses what we accept when we refuse the rewritten program too: what the class takes away was needed. So
 * an unsoundness of ours is not hidden by an instruction of some class that merely stands in the program. Some classes
 * are no rewriting but a test of the program's shape. Each has reduced programs, classes/KEY.txt. */
#ifndef IOV_TEST_DIFF_SEES_H
#define IOV_TEST_DIFF_SEES_H

#include "asm/isa/platform.h"
#include "asm/isa/prog.h"

enum { SEES_MAX = 4096, SEES_SUBS = 32 };

struct sees_class {
	const char *key, *text; /* "division", "no range for division and remainder" */
};

/** The class that explains why Linux, with the errno `error`, refuses `prog`, which is accepted for `platform`; NULL:
 * none does. */
const struct sees_class *sees_less(const struct iov_prog *prog, const struct iov_platform *platform, int error);
/** Classes by number; NULL past the last. */
const struct sees_class *sees_class(unsigned number);
/** Whether that class, alone, explains it. */
bool sees_explains(unsigned number, const struct iov_prog *prog, const struct iov_platform *platform);
/** What Linux makes of `prog` by that class. NULL: the class changes nothing, or is no rewriting. Valid until the next
 * call of any function here. */
const struct iov_prog *sees_as(unsigned number, const struct iov_prog *prog, const struct iov_platform *platform);

#endif
