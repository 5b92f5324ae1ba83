/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: struct iov_object, an eBPF ELF file in memory: sections, symbols, relocations, BTF, .BTF.ext, maps, programs.
 * Reads untrusted bytes: whatever is wrong with a file ends in a diagnostic. libelf and libdw are used only in this
 * folder. Formats: the ELF and BTF documents, uapi linux/btf.h and linux/bpf.h. */
#ifndef IOV_OBJECT_OBJECT_H
#define IOV_OBJECT_OBJECT_H

#include "asm/isa/prog.h"
#include "linker/object/btf.h"

struct iov_section {
	const char *name;
	uint32_t index, type, link, info; /**< ELF section index and header fields */
	uint64_t flags, size, align, entsize;
	const uint8_t *data;              /**< size bytes; NULL for SHT_NOBITS */
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
	uint32_t type;      /**< R_BPF_* */
};

/** A program of the object: a function symbol in a section whose name is a program's. */
struct iov_object_prog {
	const char *name, *section;
	uint32_t section_index, symbol;
	uint64_t offset, size;        /**< bytes in the section */
	uint32_t type, attach_type;
	bool autoload;                /**< false: section name begins with '?' */
};

struct iov_object {
	const char *name;             /**< file name for messages */
	bool big_endian;
	struct iov_section *sections; /**< by ELF index; [0] is the null section */
	uint32_t section_count;
	struct iov_symbol *symbols;
	uint32_t symbol_count;
	struct iov_reloc *relocs;     /**< by section, then offset */
	uint32_t reloc_count;
	struct iov_btf *btf;          /**< NULL: none */
	struct iov_btf_ext *btf_ext;  /**< NULL: none */
	struct iov_map_def **maps;    /**< user maps in order of declaration, then data sections */
	uint32_t map_count;
	struct iov_object_prog *progs;
	uint32_t prog_count;
	const char *license;          /**< "" when absent */
	struct iov_arena *arena;
	void *dwarf;                  /**< program.c's own */
};

/** Read an object. `bytes` must outlive it. Everything is allocated in `arena`. */
enum iov_status object_read(const void *bytes, size_t len, const char *name, struct iov_arena *arena,
			    struct iov_sink *sink, struct iov_object **out);

/** Release what is not in the arena (libelf and libdw handles). */
void object_close(struct iov_object *obj);

/** Write an object (any iov_object, read or made): deterministic bytes. */
enum iov_status object_write(const struct iov_object *obj, struct iov_buf *out, struct iov_sink *sink);

/** True when the bytes look like an eBPF ELF object, LLVM bitcode, an archive. */
enum iov_file_kind { IOV_FILE_UNKNOWN, IOV_FILE_BPF, IOV_FILE_ELF_OTHER, IOV_FILE_BITCODE, IOV_FILE_ARCHIVE };
enum iov_file_kind object_kind(const void *bytes, size_t len);

/** Program number `index` with everything it reaches, ready for the verifier. CO-RE relocations are resolved against
 * `target` (NULL: the object's own types stand for the target's, so that nothing changes). */
enum iov_status object_prog(const struct iov_object *obj, uint32_t index, const struct iov_btf *target,
			    struct iov_arena *arena, struct iov_sink *sink, struct iov_prog **out);

#endif
