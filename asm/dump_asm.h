/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the files of iovdump --asm share. */
#ifndef IOV_ASM_DUMP_ASM_H
#define IOV_ASM_DUMP_ASM_H

#include "asm/dump_part.h"
#include "asm/types/types.h"

#include <elf.h>

/* A stretch of a code section that is printed in one piece: a function, or what stands before the first. */
struct asm_chunk {
	uint32_t section;
	uint64_t begin, end; /* bytes */
};

struct asm_dump {
	const struct iov_object *obj; /* its parts */
	struct iov_arena *arena;
	struct iov_sink *sink;
	struct iov_buf *out;
	enum iov_dialect dialect;
	const char **names; /* by symbol: what it is called in the text */
	bool *named;        /* by symbol: a relocation names this local symbol itself */
	bool *placed;       /* by symbol: it has a label in the text */
	uint32_t *by_place; /* symbols with a place, by section, value, index */
	uint32_t place_count;
	uint32_t **labels;     /* by section: generated labels by slot, 0: none; NULL: no code */
	bool *base;            /* by section: its beginning needs a label of its own */
	uint8_t *section_name; /* by section: whether its name means its symbol, once somebody asked */
	uint32_t label_count;
	struct asm_chunk *chunks;
	uint32_t chunk_count;
	struct types_printer *types;
	bool llvm, strings; /* LLVM's form; its string table has to be listed */
	const char *file;   /* of the last .line */
	bool **size_at;     /* by section: a function with a size ends at this slot */
	char text[400];     /* the last name given out */
};

/* dump_asm_names.c */
bool asm_names(struct asm_dump *d);
bool asm_mark_labels(struct asm_dump *d);
void asm_put_name(struct iov_buf *out, const char *name);
/* Labels at a place, each on its line. */
void asm_put_labels(struct asm_dump *d, uint32_t section, uint64_t offset);
/* What an address of a section is written as, so that the assembler relocates it by the section. */
void asm_put_address(struct asm_dump *d, uint32_t section, int64_t offset, struct iov_buf *out);
/* The same, by the section's name alone. */
void asm_put_base(struct asm_dump *d, uint32_t section, int64_t offset, struct iov_buf *out);
/* A symbol and an addend. */
void asm_put_symbol(struct asm_dump *d, uint32_t symbol, int64_t addend, struct iov_buf *out);
/* The first symbol with a place at or behind (section, offset): index into by_place. */
uint32_t asm_first_at(const struct asm_dump *d, uint32_t section, uint64_t offset);
bool asm_is_code(const struct iov_section *s);
bool asm_is_shown(const struct iov_object *obj, const struct iov_section *s);

/* dump_asm_code.c, dump_asm_data.c */
void asm_print_chunk(struct asm_dump *d, const struct asm_chunk *chunk);
void asm_print_data(struct asm_dump *d, const struct iov_section *s);
void asm_print_bytes(struct asm_dump *d, const uint8_t *bytes, uint64_t len);
/* ".reloc", for what the assembler would not make by itself. */
void asm_print_reloc(struct asm_dump *d, const struct iov_reloc *r, uint64_t from);

/* dump_asm_types.c */
enum iov_status asm_plan_types(struct asm_dump *d);
void asm_print_types(struct asm_dump *d);
bool asm_plan_chunks(struct asm_dump *d);

/* dump_asm.c: whether a .size line says the symbol's size. */
bool asm_has_size(const struct asm_dump *d, uint32_t symbol);

#endif
