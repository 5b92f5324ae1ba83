/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: BTF types and .BTF.ext records as data, read from and written to bytes. Source: kernel document bpf/btf.rst and
 * uapi linux/btf.h. */
#ifndef IOV_OBJECT_BTF_H
#define IOV_OBJECT_BTF_H

#include "asm/base/buf.h"
#include "asm/base/diag.h"
#include "asm/base/digest.h"

/** Kinds: uapi BTF_KIND_* values (linux/btf.h). */
struct iov_btf_member { /* also: enumerators, parameters, data section entries */
	const char *name;   /**< "" when anonymous */
	uint32_t type;
	uint32_t bit_offset, bit_size; /**< struct and union members: bits; bit_size 0: not a bitfield */
	int64_t value;      /**< enumerators */
	uint32_t offset, size; /**< data section entries: bytes */
};

struct iov_btf_type {
	const char *name;   /**< "" when anonymous */
	uint8_t kind;
	bool flag;          /**< kind_flag */
	uint32_t size;      /**< bytes: INT, ENUM, STRUCT, UNION, DATASEC, FLOAT, ENUM64 */
	uint32_t type;      /**< referred type: PTR, TYPEDEF, qualifiers, FUNC, FUNC_PROTO (return), VAR, TAGs */
	uint32_t nelems, index_type; /**< ARRAY (its element type is in `type`) */
	uint8_t int_encoding, int_offset, int_bits;
	uint32_t linkage;   /**< FUNC, VAR */
	int32_t component;  /**< DECL_TAG */
	struct iov_btf_member *members;
	uint32_t count;     /**< members, parameters, enumerators, entries */
};

struct iov_btf {
	struct iov_btf_type *types; /**< [0] is void */
	uint32_t count;             /**< including void */
	const char *const *strings; /**< btf_write puts these first into the string table, in this order; NULL: none */
	uint32_t string_count;
	uint32_t *by_name, by_name_size; /**< btf.c's hash index */
	uint8_t digest[IOV_SHA256_BYTES]; /**< of the bytes, when it was read as a target (target.h); else zero */
};

struct iov_btf_line { uint32_t insn, line, col; const char *file, *text; };   /* insn: slot in the section */
struct iov_btf_func { uint32_t insn, type; };
struct iov_btf_core { uint32_t insn, type, kind; const char *access; };       /* kind: enum bpf_core_relo_kind */
/** Line records as .BTF.ext has them, checked, in this machine's byte order. */
struct iov_btf_line_run {
	const uint32_t *words;  /**< place in bytes, offsets of file and text in `strings`, line << 10 | column */
	uint32_t step, count;   /**< words of a record; records */
	uint32_t shift;         /**< slots by which the code was moved */
	const char *strings;
};
struct iov_btf_ext_section {
	const char *name;   /**< ELF section name */
	struct iov_btf_line *lines; uint32_t line_count;
	struct iov_btf_line_run *runs; uint32_t run_count; /**< of a linker: in place of `lines` */
	struct iov_btf_func *funcs; uint32_t func_count;
	struct iov_btf_core *cores; uint32_t core_count;
};
struct iov_btf_ext {
	struct iov_btf_ext_section *sections;
	uint32_t count;
};

/** Parse and check .BTF (all references in range, no cycles through values, names in the string table). */
enum iov_status btf_read(const void *bytes, size_t len, bool big_endian, const char *file, struct iov_arena *arena,
			 struct iov_sink *sink, struct iov_btf **out);
/** Parse and check .BTF.ext; `btf_bytes` is the .BTF section, whose strings it uses. `as_runs`: lines are not made data
 * of. */
enum iov_status btf_ext_read(const void *bytes, size_t len, const void *btf_bytes, size_t btf_len, bool big_endian,
			     bool as_runs, const char *file, struct iov_arena *arena, struct iov_sink *sink,
			     struct iov_btf_ext **out);
/** Line record `i` of a run. */
static inline struct iov_btf_line btf_run_line(const struct iov_btf_line_run *run, uint32_t i)
{
	const uint32_t *w = run->words + (size_t)run->step * i;

	return (struct iov_btf_line){.insn = w[0] / 8 + run->shift,
				     .line = w[3] >> 10,
				     .col = w[3] & 1023,
				     .file = run->strings + w[1],
				     .text = run->strings + w[2]};
}
/** Write both sections with one fresh string table; deterministic. `ext` may be NULL. */
enum iov_status btf_write(const struct iov_btf *btf, const struct iov_btf_ext *ext, bool big_endian,
			  const struct iov_alloc *alloc, struct iov_buf *btf_out, struct iov_buf *ext_out);
/** Renumber so that the ids depend on content alone, drop duplicates, and re-base `ext` (may be NULL): same types in
 * any order give the same bytes. *new_ids (may be NULL): by old id, for who else holds ids. Whole objects:
 * object_canonicalise. */
enum iov_status btf_canonicalise(struct iov_btf *btf, struct iov_btf_ext *ext, struct iov_arena *arena,
				 const uint32_t **new_ids);

/** Type `id`, or NULL when out of range. */
const struct iov_btf_type *btf_type(const struct iov_btf *btf, uint32_t id);
/** First type of this name and kind (0: any kind); 0 when there is none. */
uint32_t btf_find(const struct iov_btf *btf, const char *name, uint8_t kind);
/** 32-bit words that stand behind the three of a type's head in .BTF, for a type of `count` members. */
uint32_t btf_tail_words(uint8_t kind, uint32_t count);
/** Through typedefs and qualifiers. */
uint32_t btf_strip(const struct iov_btf *btf, uint32_t id);
/** "struct ", "union " or "enum ": what stands before the tag of such a type, or of a declaration of one. */
const char *btf_tag_word(const struct iov_btf_type *t);
/** What it is, or what an array of it holds, is const. */
bool btf_is_const(const struct iov_btf *btf, uint32_t id);
/** Size in bytes; -1 when it has none. */
int64_t btf_size(const struct iov_btf *btf, uint32_t id);
/** Append a C declaration of `name` with type `id` ("struct flow key[4]"). */
void btf_declare(const struct iov_btf *btf, uint32_t id, const char *name, struct iov_buf *out);
/** Append the definition of a named struct, union or enumeration with offsets; nothing for other types. */
void btf_define(const struct iov_btf *btf, uint32_t id, struct iov_buf *out);
/** Append the bytes of a value in its type: text ("{ .port = 53, .hits = 12 }") or JSON. Never reads past `len`. */
void btf_print_value(const struct iov_btf *btf, uint32_t id, const uint8_t *bytes, size_t len, bool big_endian,
		     bool json, struct iov_buf *out);

/** The types in a file of raw BTF (/sys/kernel/btf/vmlinux, or what bpftool and pahole write), either byte order. */
enum iov_status btf_of_file(const char *path, struct iov_arena *arena, struct iov_sink *sink, struct iov_btf **out);
/** The running kernel's types, or NULL with no diagnostic when /sys/kernel/btf/vmlinux cannot be read. */
struct iov_btf *btf_of_kernel(struct iov_arena *arena, struct iov_sink *sink);

#endif
