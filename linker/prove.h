/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the verification of what was linked, and the records that say so. */
#ifndef IOV_LINKER_PROVE_H
#define IOV_LINKER_PROVE_H

#include "asm/isa/platform.h"
#include "linker/module.h"

/** What a module is held against. */
struct iov_proof_options {
	const char *name; /**< of the module, for messages */
	const struct iov_platform *const *platforms;
	size_t platform_count;            /**< 0: nothing is verified */
	const char *target_btf;           /**< what CO-RE is resolved against; NULL: what each platform says */
	struct iov_module_desc *manifest; /**< NULL: none */
};

/** Read the module back from `bytes`, hold it against its manifest, verify each program for each platform, and put the
 * records of what was proved, and the manifest itself, into the module (`bytes` is replaced). Diagnostics point into
 * the sources; what several platforms say alike is said once. IOV_DIAGNOSED when any program is rejected or anything
 * differs from the manifest. */
enum iov_status prove_module(const struct iov_proof_options *how, struct iov_buf *bytes, struct iov_arena *arena,
			     struct iov_sink *sink);

#endif
