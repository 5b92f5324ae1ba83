/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: files on their way into a link: objects as they are, members of archives where something needs them. */
#ifndef IOV_LINKER_INPUTS_H
#define IOV_LINKER_INPUTS_H

#include "asm/base/option.h"
#include "asm/base/output.h"
#include "linker/object/object.h"

struct iov_inputs {
	struct iov_object **objects;
	size_t count;
};

/** A file that exists only in memory. */
struct iov_input_bytes {
	const char *name;
	const uint8_t *data;
	size_t len;
};

/** Read `files` and look for the libraries `names` (without "lib" and ".a") in `folders`. Members of archives are taken
 * when they define a name that another object needs, whatever the order on the command line, until nothing more is
 * needed; `roots` are names that are needed from the start. `memory` comes before the files. Objects live in `arena`.
 * Every file that cannot be read is diagnosed. */
enum iov_status inputs_read(const struct iov_input_bytes *memory, size_t memory_count,
			    const struct iov_option_list *files, const struct iov_option_list *folders,
			    const struct iov_option_list *names, const struct iov_option_list *roots, bool drop_debug,
			    struct iov_arena *arena, struct iov_sink *sink, struct iov_inputs *out);

#endif
