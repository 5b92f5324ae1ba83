/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the verification of what was linked, and the records that say so. */
#ifndef IOV_LINKER_PROVE_H
#define IOV_LINKER_PROVE_H

#include "asm/isa/platform.h"
#include "linker/object/object.h"

/** Read the module back from `bytes`, verify each program for each platform, and put the records of what was proved
 * into the module (`bytes` is replaced). Diagnostics point into the sources; what several platforms say alike is said
 * once. IOV_DIAGNOSED when any program is rejected. */
enum iov_status prove_module(const char *name, struct iov_buf *bytes, const struct iov_platform *const *platforms,
			     size_t platform_count, struct iov_arena *arena, struct iov_sink *sink);

#endif
