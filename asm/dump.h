/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: iovdump as a library: what an object holds, as text or JSON, into a buffer. */
#ifndef IOV_ASM_DUMP_H
#define IOV_ASM_DUMP_H

#include "asm/base/option.h"
#include "linker/object/object.h"

enum iov_cfg { IOV_CFG_NONE, IOV_CFG_DOT, IOV_CFG_SVG };

struct iov_dump_options {
	bool disassemble, maps, programs, json, no_source, manifest, cost, assembly, types, symbols, relocs, plain;
	const char *program; /**< only this one, or NULL */
	int dialect;         /**< enum iov_dialect */
	int cfg;             /**< enum iov_cfg */
};

extern const struct iov_option iov_dump_options[];

/** Append what the options ask for (nothing asked: programs and maps). Programs that cannot be shown are diagnosed;
 * the rest is there all the same, and IOV_DIAGNOSED comes back. */
enum iov_status dump_object(const struct iov_object *obj, const struct iov_dump_options *options,
			    struct iov_arena *arena, struct iov_sink *sink, struct iov_buf *out);

/** The object as assembly that iovas turns into the same object. `parts`: by object_read_parts. */
enum iov_status dump_asm(const struct iov_object *parts, const struct iov_dump_options *options,
			 struct iov_arena *arena, struct iov_sink *sink, struct iov_buf *out);

/** Read each file and print to standard output. `options`: struct iov_dump_options. */
enum iov_status dump_files(void *options, const struct iov_option_list *files, struct iov_arena *arena,
			   struct iov_sink *sink);

#endif
