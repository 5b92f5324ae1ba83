/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the language for types and their records in assembly (HACKING.md, "Types and records in assembly"): `.btf`
 * blocks, `.line`, `.core`, `.btf_func`, `.map`, … as the assembler hands them over, and the same language as iovdump
 * prints it. Nothing here knows the assembler's lexer: a directive comes as text with its place.
 *
 * Statements are kept as syntax until types_finish, which has the whole file: what a type is called may be declared
 * after its use. Records are tied to (section, offset) and move with types_moved. */
#ifndef IOV_ASM_TYPES_TYPES_H
#define IOV_ASM_TYPES_TYPES_H

#include "linker/object/object.h"

struct types;

/** The operands of a directive, or a block; comments may still be in it. */
struct types_text {
	const char *file;
	uint32_t line, col; /**< of s[0], 1-based */
	const char *s;
	size_t len;         /**< bytes */
};

/** A place in a section of the object that is being made. */
struct types_at {
	uint32_t section; /**< the caller's number; types_finish gets the table that turns it into an ELF index */
	uint64_t offset;  /**< bytes */
};

struct types *types_new(struct iov_arena *arena, struct iov_sink *sink);

/** What stands between `.btf` and `.endbtf`. Errors are diagnosed, each once, and parsing goes on after them. */
enum iov_status types_block(struct types *t, const struct types_text *text);

/** `.line`, `.core`, `.btf_func`, `.btf_auto`, `.btf_form`, `.btf_string`: `name` without the dot. `at`: the next
 * instruction. False: not a directive of this part. */
bool types_directive(struct types *t, const char *name, const struct types_text *operands, struct types_at at);

/** What stands at or after `at` moved by `by` bytes (relaxation). */
void types_moved(struct types *t, struct types_at at, int64_t by);

/** Size and alignment of variable `name`, when what was declared so far says it; false otherwise. */
bool types_variable(struct types *t, const char *name, uint64_t *size, uint64_t *align);

/** The line record for instructions of a file without `.line`: the assembler calls it for each instruction. */
void types_source_line(struct types *t, struct types_at at, const char *file, uint32_t line, uint32_t col,
		       const char *text, size_t len);

/** At the end, when obj's sections, symbols and relocations (other than those of .BTF) are final: obj->btf and
 * obj->btf_ext, or, with `.btf_form llvm`, the contents and relocations of the sections .BTF and .BTF.ext themselves.
 * sections[i]: ELF index of the caller's section i. */
enum iov_status types_finish(struct types *t, struct iov_object *obj, const uint32_t *sections);

/** The same language, printed: a `.btf` block that gives exactly `btf`. */
enum iov_status types_print(const struct iov_btf *btf, struct iov_arena *arena, struct iov_sink *sink,
			    struct iov_buf *out);

#endif
