/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the language for types and their records in assembly (HACKING.md, "Types and records in assembly"): `.btf`
 * blocks, `.line`, `.core`, `.btf_func`, `.map`, … as the assembler hands them over, and the same language as iovdump
 * prints it. Nothing here knows the assembler's lexer: a directive comes as text with its place.
 *
 * Statements are kept as syntax until types_finish, which has the whole file: what a type is called may be declared
 * after its use. Records are tied to places in sections. */
#ifndef IOV_ASM_TYPES_TYPES_H
#define IOV_ASM_TYPES_TYPES_H

#include "linker/object/object.h"

struct types;

/** The operands of a directive, or a block; comments may still be in it. It must stay in place until types_finish. */
struct types_text {
	const char *s;
	size_t len; /**< bytes */
};

/** Where a piece of text stands, for messages. */
typedef struct iov_span types_span_fn(void *ud, const char *at, size_t len);

/** A place in a section of the object that is being made. */
struct types_at {
	uint32_t section; /**< ELF index */
	uint64_t offset;  /**< bytes, in the caller's count: types_finish asks for the final one */
};
typedef uint64_t types_address_fn(void *ud, struct types_at at);

struct types *types_open(struct iov_arena *arena, struct iov_sink *sink, types_span_fn *span, void *ud);

/** What stands between `.btf` and `.endbtf`. Errors are diagnosed, each once, and parsing goes on after them. */
enum iov_status types_block(struct types *t, const struct types_text *text);

/** `.line`, `.core`, `.btf_func`, `.btf_auto`, `.btf_form`, `.btf_string`: `name` without the dot. `at`: the next
 * instruction. */
enum iov_status types_directive(struct types *t, const char *name, const struct types_text *operands,
				struct types_at at);

/** Size and alignment of variable `name`, when what was declared so far says it; false otherwise. */
bool types_variable(struct types *t, const char *name, uint64_t *size, uint64_t *align);

/** Whether a function of this name is declared so far. */
bool types_declares(const struct types *t, const char *function);

/** Whether anything was declared, and whether lines of the assembly text itself are wanted (no `.line`, no `.btf_auto
 * off`). */
bool types_any(const struct types *t);
bool types_wants_lines(const struct types *t);

/** A line record that the assembler makes from its text: to be called in the order of places. Strings must stay. */
void types_source_line(struct types *t, struct types_at at, const char *file, uint32_t line, uint32_t col,
		       const char *text);

/** Where function and CO-RE records stand: instructions that have to stay. */
void types_places(const struct types *t, void (*each)(void *ud, struct types_at at, bool function), void *ud);
/** Instructions were taken away: of line records that came to one place the last is kept, and those that nothing
 * follows are dropped. */
void types_join_lines(struct types *t);

/** At the end, when obj's sections, symbols and relocations (other than those of .BTF) are final: fills obj->btf and
 * obj->btf_ext; with `.btf_form llvm` the sections .BTF and .BTF.ext themselves, with relocations, and obj->raw_types
 * is set. */
enum iov_status types_finish(struct types *t, struct iov_object *obj, types_address_fn *address, void *ud);

/** The same language, printed. What has to be said by label is found out while printing: print everything that refers
 * to types once into a buffer that is thrown away, then again. */
struct types_printer;
struct types_printer *types_printer_new(const struct iov_btf *btf, const struct iov_object *obj, bool llvm,
					struct iov_arena *arena);
/** The statements of a .btf block that give exactly `btf`. */
void types_print_block(struct types_printer *p, struct iov_buf *out);
/** A type as it is written in a record: "struct sk_buff", "@7". */
void types_print_reference(struct types_printer *p, uint32_t id, struct iov_buf *out);
/** A function or variable, likewise: "count", "@7". */
void types_print_value(struct types_printer *p, uint32_t id, struct iov_buf *out);
/** The operands of .core and .line. */
void types_print_core(struct types_printer *p, const struct iov_btf_core *core, struct iov_buf *out);
/** What types_variable will say of a variable once the block was read: its size. */
bool types_print_size(struct types_printer *p, const char *variable, uint64_t *size);
void types_print_string(const char *text, struct iov_buf *out);
/** What is in the way, or NULL. Memory that was refused: IOV_NOMEM. */
enum iov_status types_printed(const struct types_printer *p, const char **cannot);

/** A CO-RE record in words: "byte_off of struct sk_buff.len". */
void types_core_text(const struct iov_btf *btf, const struct iov_btf_core *core, struct iov_buf *out);

#endif
