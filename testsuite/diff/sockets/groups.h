/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GROUPS_H
#define GROUPS_H

#include <stdbool.h>

/** Control groups of a packet's socket beside the kernel's: prints its result lines. */
bool groups(const char *object);

#endif
