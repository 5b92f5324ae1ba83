/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: iovld as a library: from its options to the file that it writes. */
#ifndef IOV_LINKER_TOOL_H
#define IOV_LINKER_TOOL_H

#include "asm/base/option.h"

struct iov_input_bytes;

struct iov_ld_options {
	const char *output, *map_file, *manifest, *emit_manifest, *update_manifest, *target_btf;
	struct iov_option_list folders, libraries, defsyms, exports, platforms, emit;
	const struct iov_input_bytes *memory; /**< inputs beside the files: what iovcc compiled in the same run */
	size_t memory_count;
	bool relocatable, gc, print_gc, icf, keep_debug, strip_debug, no_verify;
};

extern const struct iov_option iov_ld_options[];

/** Everything: `options` is a struct iov_ld_options. */
enum iov_status ld_files(void *options, const struct iov_option_list *files, struct iov_arena *arena,
			 struct iov_sink *sink);

#endif
