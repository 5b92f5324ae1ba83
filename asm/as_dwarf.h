/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what .file, .loc and .cfi_* have said, between as_dwarf.c (directives) and as_dwarf_out.c (sections). */
#ifndef IOV_ASM_AS_DWARF_H
#define IOV_ASM_AS_DWARF_H

#include "asm/as_part.h"

enum { AS_LOC_IS_STMT = 1, AS_LOC_BASIC_BLOCK = 2, AS_LOC_PROLOGUE_END = 4, AS_LOC_EPILOGUE_BEGIN = 8 };

struct as_dwarf_file {
	const char *name; /* NULL: not given */
	uint32_t dir;
	uint8_t md5[16];
	bool has_md5;
};
struct as_loc {
	uint32_t section, offset; /* of the instruction, flat */
	uint32_t file, line, col, discriminator, isa;
	uint8_t flags;
	bool end; /* the rows end here */
};
struct as_frame_range {
	uint32_t section, begin, end;
	const char *at;
	bool open;
};

struct as_dwarf {
	struct as_dwarf_file *files;
	uint32_t file_count, file_room;
	const char **dirs; /* [0]: of the compilation */
	uint32_t dir_count, dir_room;
	struct as_loc loc; /* the last .loc */
	bool pending;      /* no instruction came after it yet */
	struct as_loc *locs;
	uint32_t loc_count, loc_room;
	struct as_frame_range *frames;
	uint32_t frame_count, frame_room;
	bool any_md5, any_plain;
};

/* Room for one more in an array in the arena; NULL: no memory. */
void *as_arena_room(struct as *s, void *array, uint32_t count, uint32_t *room, size_t each);

#endif
