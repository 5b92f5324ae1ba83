/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what Linux sees less of than our verifier does. A class of imprecision is a rewriting of the program into what
 * Linux makes of it (a quotient is any number, a comparison that is decided already goes both ways). A class explains
 * that Linux refuses what we accept when we refuse the rewritten program too: what the class takes away was needed. So
 * an unsoundness of ours is not hidden by an instruction of some class that merely stands in the program. */
#ifndef IOV_TEST_DIFF_SEES_H
#define IOV_TEST_DIFF_SEES_H

#include "asm/isa/platform.h"
#include "asm/isa/prog.h"

enum { SEES_MAX = 4096 };

/** The class, or NULL. `prog` is accepted for `platform`. */
const char *sees_less(const struct iov_prog *prog, const struct iov_platform *platform);
/** Classes by number; NULL past the last. */
const char *sees_class(unsigned number);
/** Whether there is a function that is never entered (called nowhere, or back no times): Linux refuses such programs,
 * or trips over them. */
bool sees_unentered(const struct iov_prog *prog, const struct iov_platform *platform);

#endif
