/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the types of targets, which CO-RE relocations are resolved against (--target-btf, a platform's target_btf). */
#ifndef IOV_OBJECT_TARGET_H
#define IOV_OBJECT_TARGET_H

#include "linker/object/btf.h"

/** The file that a target's types are read from. */
const char *target_path(const char *name);
/** Read a target's types: "auto" is the running kernel; else a file of BTF, or an ELF64 file with a section .BTF. They
 * live in `arena`. */
enum iov_status target_read(const char *name, struct iov_arena *arena, struct iov_sink *sink, struct iov_btf **out);

/** Targets that were read, each once. Zero-initialised is empty. */
struct iov_target {
	const char *name;
	const struct iov_btf *btf;
	struct iov_target *next;
};
struct iov_targets {
	struct iov_target *first;
};

/** The types of target `name`, read when it is new; NULL as name gives NULL. `name` and `arena` outlive the list. */
enum iov_status targets_find(struct iov_targets *t, const char *name, struct iov_arena *arena, struct iov_sink *sink,
			     const struct iov_btf **out);

#endif
