/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the test of the classes (sees.h) themselves. */
#ifndef IOV_TEST_DIFF_CLASSES_H
#define IOV_TEST_DIFF_CLASSES_H

#include "testsuite/diff/verify/sees.h"

/** Each program of FOLDER/KEY.txt: we accept it, the live kernel refuses it, the class KEY explains that and no other
 * one does, and what Linux makes of the program is refused by Linux too. Prints result lines; how many failed. */
unsigned classes_test(const char *folder, const struct iov_platform *platform);

/** A program that both accept: Linux must accept what a class makes of it, or the class takes away what Linux sees.
 * The class that does, or NULL. */
const struct sees_class *classes_takes_too_much(const struct iov_prog *prog, const struct iov_platform *platform);

/** For a person: each program of the file, what every class makes of it, and both verdicts on all of them. */
bool classes_tell(const char *file, const struct iov_platform *platform);

#endif
