/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: BTF for the kernel, made from what an iov_prog says. */
#ifndef IOV_DIFF_REJECTS_TYPES_H
#define IOV_DIFF_REJECTS_TYPES_H

#include "asm/isa/platform.h"
#include "asm/isa/prog.h"

#include <linux/bpf.h>

/** A BTF descriptor (the caller closes it) with the types of the map's key and value, special fields included; -1: one
 * of them cannot be made here, or the kernel refuses it. */
int types_of_map(const struct iov_map_def *m, uint32_t *key, uint32_t *value);
/** The same with a record for each function of the program. */
int types_of_prog(const struct iov_prog *prog, struct bpf_func_info *info);
/** The id of a kernel function in the running kernel's types; -1: it has none. */
int types_kernel_function(const char *name);

#endif
