/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: struct iov_object, an eBPF ELF file in memory: sections, symbols, relocations, BTF, .BTF.ext, maps, functions,
 * programs. Reads untrusted bytes with this project's own checked cursors (no libelf, no libdw, whose parsers are not
 * made for hostile input): whatever is wrong with a file ends in a diagnostic. Formats: the ELF and BTF documents, the
 * BPF ABI's relocation types, uapi linux/btf.h and linux/bpf.h. */
#ifndef IOV_OBJECT_OBJECT_H
#define IOV_OBJECT_OBJECT_H

#include "asm/isa/prog.h"
#include "linker/object/btf.h"

/** Relocation types of EM_BPF (kernel document bpf/llvm_reloc.rst). */
enum {
	IOV_R_BPF_NONE = 0,
	IOV_R_BPF_64_64 = 1,       /**< the two immediates of a 16-byte load */
	IOV_R_BPF_64_ABS64 = 2,
	IOV_R_BPF_64_ABS32 = 3,
	IOV_R_BPF_64_NODYLD32 = 4, /**< as ABS32, in .BTF and .BTF.ext */
	IOV_R_BPF_64_32 = 10,      /**< a call's immediate, in instructions */
};

struct iov_section {
	const char *name;
	uint32_t index, type, link, info; /**< ELF section index and header fields */
	uint64_t flags, size, align, entsize;
	const uint8_t *data;              /**< size bytes; NULL for SHT_NOBITS and when size is 0 */
	uint32_t first_reloc, reloc_count; /**< its relocations in iov_object.relocs, by offset */
};

struct iov_symbol {
	const char *name;
	uint32_t section;   /**< section index, or SHN_UNDEF, SHN_ABS, SHN_COMMON */
	uint64_t value, size;
	uint8_t type, bind, visibility;
};

struct iov_reloc {
	uint32_t section;   /**< the section that is patched */
	uint32_t symbol;
	uint64_t offset;    /**< bytes */
	uint32_t type;      /**< IOV_R_BPF_* */
};

/** A function: its symbol, or the whole of an executable section that has none. Functions never overlap. */
struct iov_object_func {
	const char *name;
	uint32_t section, symbol;     /**< symbol 0: none */
	uint64_t offset, size;        /**< bytes in the section, both multiples of 8 */
	uint32_t btf;                 /**< its BTF_KIND_FUNC, or 0 */
	bool local;                   /**< STB_LOCAL, or not visible outside the object */
};

/** A program of the object: a function symbol in a section whose name is a program's. */
struct iov_object_prog {
	const char *name, *section;
	uint32_t section_index, symbol, func; /**< func: index into funcs */
	uint64_t offset, size;        /**< bytes in the section */
	uint32_t type, attach_type;   /**< uapi; 0 when the section name says nothing */
	bool autoload;                /**< false: section name begins with '?' */
};

/** An undefined symbol that whoever loads the object provides. */
enum iov_extern_kind { IOV_EXTERN_KFUNC, IOV_EXTERN_KSYM, IOV_EXTERN_KCONFIG };
struct iov_object_extern {
	const char *name;
	uint32_t symbol, type;        /**< type: BTF id of its FUNC or VAR */
	enum iov_extern_kind kind;
	bool weak;
	uint32_t offset, size;        /**< IOV_EXTERN_KCONFIG: bytes in the .kconfig map */
};

/** A function's DIE: its offset in .debug_info. */
struct iov_dwarf_func {
	uint64_t die;
	uint32_t func;
};

struct iov_object {
	const char *name;             /**< file name for messages */
	bool big_endian;
	uint16_t machine;             /**< e_machine: EM_BPF, or EM_NONE in old objects */
	uint32_t elf_flags;           /**< e_flags */
	bool raw_types;               /**< object_write takes .BTF and .BTF.ext as they stand, with relocations */
	bool drop_debug;              /**< object_write leaves DWARF out (.debug_*); types and lines in BTF stay */
	struct iov_section *sections; /**< by ELF index; [0] is the null section */
	uint32_t section_count;
	struct iov_symbol *symbols;   /**< [0] is the null symbol */
	uint32_t symbol_count;
	struct iov_reloc *relocs;     /**< by section, then offset */
	uint32_t reloc_count;
	struct iov_btf *btf;          /**< NULL: none */
	struct iov_btf_raw *raw;      /**< the types as the file has them; NULL: none, or the object was made */
	struct iov_btf_ext *btf_ext;  /**< NULL: none */
	struct iov_map_def **maps;    /**< user maps in order of declaration, then data sections */
	uint32_t map_count;
	uint32_t *map_sections;       /**< by map: section index, 0 for .kconfig */
	uint64_t *map_offsets;        /**< by map: bytes in the section */
	struct iov_object_func *funcs; /**< by section, then offset */
	uint32_t func_count;
	struct iov_object_extern *externs;
	uint32_t extern_count;
	struct iov_object_prog *progs;
	uint32_t prog_count;
	const char *license;          /**< "" when absent */
	struct iov_dwarf_func *dwarf_funcs; /**< by offset; NULL: not known */
	uint32_t dwarf_func_count;
	struct iov_arena *arena;
};

/** Read an object. `bytes` must outlive it. Everything is allocated in `arena`. */
enum iov_status object_read(const void *bytes, size_t len, const char *name, struct iov_arena *arena,
			    struct iov_sink *sink, struct iov_object **out);

/** The same, without what a linker has no use for: maps, programs, externs and places of declarations stay empty, and
 * map definitions are not judged. Types stay as the file has them (`raw`); `btf` is made when object_types is called.
 * Relocations of .BTF and .BTF.ext are not read. `drop_debug` becomes the object's: DWARF is not read, and has no
 * content. What is kept of the file is copied: `bytes` need not outlive the call. */
enum iov_status object_read_to_link(const void *bytes, size_t len, const char *name, bool drop_debug,
				    struct iov_arena *arena, struct iov_sink *sink, struct iov_object **out);

/** Make `btf` of `raw`, if that has not been done. */
enum iov_status object_types(struct iov_object *obj);

/** Its parts alone, as they stand in the file: sections, symbols, relocations, types and records. No maps, functions,
 * programs, and nothing is placed or completed. `drop_debug` as above. */
enum iov_status object_read_parts(const void *bytes, size_t len, const char *name, bool drop_debug,
				  struct iov_arena *arena, struct iov_sink *sink, struct iov_object **out);

/** Release what is not in the arena. Today that is nothing; call it all the same. */
void object_close(struct iov_object *obj);

/** Renumber the object's types by content (btf_canonicalise), everywhere that it holds an id. */
enum iov_status object_canonicalise(struct iov_object *obj);

/** Write an object (any iov_object, read or made): deterministic bytes. .BTF and .BTF.ext are made from `btf` and
 * `btf_ext`; string tables, symbol table and relocation sections from their arrays; all else is kept as it is. */
enum iov_status object_write(const struct iov_object *obj, struct iov_buf *out, struct iov_sink *sink);

/** What the first bytes of a file look like. */
enum iov_file_kind { IOV_FILE_UNKNOWN, IOV_FILE_BPF, IOV_FILE_ELF_OTHER, IOV_FILE_BITCODE, IOV_FILE_ARCHIVE };
enum iov_file_kind object_kind(const void *bytes, size_t len);

/** Program number `index` with everything it reaches, ready for the verifier. CO-RE relocations are resolved against
 * `target` (NULL: the object's own types stand for the target's, so that nothing changes). The result points into the
 * object and into `arena`; both must outlive it. */
enum iov_status object_prog(const struct iov_object *obj, uint32_t index, const struct iov_btf *target,
			    struct iov_arena *arena, struct iov_sink *sink, struct iov_prog **out);

/** The same before linking: what the object only declares becomes an extern (iov_extern.unlinked, unlinked_size,
 * unknown) or a map (iov_map_def.unlinked), by its type in BTF. */
enum iov_status object_prog_unlinked(const struct iov_object *obj, uint32_t index, const struct iov_btf *target,
				     struct iov_arena *arena, struct iov_sink *sink, struct iov_prog **out);

/** Say that what is used at `where` is another object's. */
void object_undefined(struct iov_sink *sink, struct iov_span where, const char *name);

/** Function number `func`, which no program needs to call, as programs of `type` (uapi) may call it: entered by its
 * prototype (iov_prog.is_function), before linking. */
enum iov_status object_function(const struct iov_object *obj, uint32_t func, uint32_t type,
				const struct iov_btf *target, struct iov_arena *arena, struct iov_sink *sink,
				struct iov_prog **out);

/** Function number `func`, which need not be a program, for showing: symbols of other objects become externs, CO-RE
 * relocations stay as they are, variables are not looked up. */
enum iov_status object_show(const struct iov_object *obj, uint32_t func, struct iov_arena *arena, struct iov_sink *sink,
			    struct iov_prog **out);

/** Section with content (SHT_PROGBITS, SHT_NOBITS) by name, or NULL; a name means one. Function that starts at
 * (section, byte offset), or NULL. */
const struct iov_section *object_section(const struct iov_object *obj, const char *name);
const struct iov_object_func *object_func_at(const struct iov_object *obj, uint32_t section, uint64_t offset);

#endif
