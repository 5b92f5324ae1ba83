/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: linking. Several eBPF objects become one: functions and variables of the same section side by side, one
 * definition for each name, one set of types. The result depends on the set of inputs, not on their order. */
#ifndef IOV_LINKER_LINK_H
#define IOV_LINKER_LINK_H

#include "asm/isa/platform.h"
#include "linker/object/object.h"

/** A symbol that the command line defines (--defsym NAME=OTHER): NAME means what OTHER, a symbol of the inputs, means.
 */
struct iov_defsym {
	const char *name;
	const char *value; /**< the other symbol */
};

struct iov_link_options {
	bool relocatable;           /**< -r: what is undefined stays so, nothing is dropped */
	bool gc;                    /**< leave out what no program reaches */
	bool icf;                   /**< one copy of static functions that are the same */
	bool keep_debug;            /**< DWARF is kept; types and lines in BTF always are */
	bool list_pieces;           /**< iov_link_result.pieces is wanted */
	const char *const *exports; /**< names that stay although no program reaches them */
	size_t export_count;
	const struct iov_defsym *defsyms;
	size_t defsym_count;
	/** Where kfuncs, kernel variables and settings may be left to the loader: the platforms have to have them all.
	 * Without platforms, any that is declared __ksym or __kconfig stays. */
	const struct iov_platform *const *platforms;
	size_t platform_count;
};

/** One function or data section of an input, for --map-file and --print-gc. */
struct iov_link_piece {
	const char *input, *section, *name; /**< file; section in the result; function, map or "" */
	uint64_t offset, size;              /**< bytes, in the result */
	bool dropped;                       /**< not reached: left out */
	const char *folded;                 /**< stands at the same place as this function of equal content, or NULL */
};

struct iov_link_result {
	struct iov_object *object;     /**< ready for object_write; points into the inputs */
	struct iov_link_piece *pieces; /**< list_pieces: what is placed, by section and offset, then what was dropped */
	size_t piece_count;
};

/** Link `inputs` (each read by object_read; they must outlive the result). Every conflict is diagnosed, not the first
 * alone. The result and all that it needs are in `arena`. */
enum iov_status link_objects(struct iov_object *const *inputs, size_t count, const struct iov_link_options *options,
			     struct iov_arena *arena, struct iov_sink *sink, struct iov_link_result *result);

#endif
