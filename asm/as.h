/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: iovas as a library: assembly text → object bytes. Text goes in once, from front to back: statements are matched
 * against tries made from isa.def and from the table of directives, bytes are appended to sections, and whatever is not
 * known yet becomes a fixup. At the end sections are laid out (as_layout.c), fixups are resolved into bytes or
 * relocations, and an iov_object is made and written (as_object.c). */
#ifndef IOV_ASM_AS_H
#define IOV_ASM_AS_H

#include "asm/base/option.h"
#include "asm/isa/platform.h"
#include "linker/object/object.h"

struct iov_as_options {
	const struct iov_platform *platform; /**< what the target offers; NULL: nothing is checked */
	uint32_t cpu;                        /**< highest level of instructions, 1 to 4; 0: the platform's, or 4 */
	bool big_endian;
	bool optimize;                       /**< instructions may be rewritten: iovas(1) says how */
	bool no_files;                       /**< .include and .incbin are refused: text of unknown origin */
	uint64_t limit; /**< bytes that expansions, and each section, may have; 0: 1 GiB */
	struct iov_option_list include_dirs; /**< for .include and .incbin, after the including file's own folder */
	struct iov_option_list defines;      /**< "NAME=EXPRESSION" or "NAME": .set before the first line */
};

/** Assemble `text`, whose byte at `len` must be 0 and which must outlive the call. `name` is for messages and line
 * information. Every mistake is diagnosed; bytes are appended to `out` only when there is none. */
enum iov_status as_assemble(const char *text, size_t len, const char *name, const struct iov_as_options *options,
			    const struct iov_alloc *alloc, struct iov_sink *sink, struct iov_buf *out);

/** iovas itself: its option table and its work. */
struct iov_as_tool_options {
	const char *output, *platform, *cpu;
	struct iov_option_list include_dirs, defines;
	bool big_endian, little_endian, optimize;
};
extern const struct iov_option iov_as_tool_rows[];
enum iov_status as_files(void *options, const struct iov_option_list *files, struct iov_arena *arena,
			 struct iov_sink *sink);

/** One directive, for the manual page. */
struct iov_as_directive {
	const char *name, *arguments, *help; /**< "section", "NAME, \"FLAGS\", @TYPE", a sentence */
};
extern const struct iov_as_directive iov_as_directives[]; /**< ends with a row whose name is NULL */

#endif
