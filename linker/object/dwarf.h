/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the files that read DWARF share. Version 4 and 5, 32-bit format, as compilers write it into relocatable
 * objects: an address is a relocation (section and offset), everything else is in place. Only what names variables and
 * says where they live is read. A mistake makes the reader `bad` for good; work is bounded by `budget`. */
#ifndef IOV_OBJECT_DWARF_H
#define IOV_OBJECT_DWARF_H

#include "linker/object/internal.h"

/* An address in a relocatable object. section 0: none (a constant, or no relocation). */
struct dwarf_addr {
	uint32_t section;
	uint64_t value; /* bytes in the section */
};

enum dwarf_class {
	DWARF_NONE, DWARF_UINT, DWARF_SINT, DWARF_ADDR, DWARF_STR, DWARF_REF, DWARF_EXPR, DWARF_OFFSET, DWARF_INDEX,
};

struct dwarf_value {
	uint8_t class;       /* enum dwarf_class */
	uint8_t form;        /* STR: says what u means; see dwarf_string */
	uint32_t section;    /* ADDR */
	uint64_t u; /* UINT, SINT; ADDR: bytes in the section; REF: offset in .debug_info; OFFSET, INDEX: into a
		       list section; EXPR: length */
	const uint8_t *expr; /* EXPR */
};

struct dwarf_abbrev {
	uint64_t code;
	uint32_t tag;
	bool children;
	const uint8_t *attrs; /* in .debug_abbrev, after the head */
};

struct dwarf_unit {
	uint64_t start, end, first_die; /* offsets in .debug_info; first_die: of the unit's own */
	uint16_t version;
	struct dwarf_abbrev *abbrevs;   /* by code */
	uint32_t abbrev_count;
	uint64_t abbrev_offset;
	uint64_t str_offsets_base, addr_base, loclists_base, rnglists_base;
	struct dwarf_addr low;          /* base address of lists */
};

struct dwarf {
	const struct iov_object *obj;
	struct iov_arena *arena;
	const struct iov_section *info, *abbrev, *str, *line, *line_str, *str_offsets, *addr, *loclists, *loc,
		*rnglists, *ranges;
	struct dwarf_unit unit;
	bool bad, oom;
	uint64_t budget;
};

/* The attributes of one DIE that matter here. */
struct dwarf_die {
	uint64_t offset, next; /* next: the DIE after it in the section */
	uint32_t tag;          /* 0: end of children */
	bool children;
	struct dwarf_value name, type, origin, specification, low_pc, high_pc, ranges, location, const_value,
		frame_base, byte_size, count, upper_bound, stmt_list, comp_dir, decl_file, decl_line, str_offsets_base,
		addr_base, loclists_base, rnglists_base;
};

/* One entry of a location or range list. */
struct dwarf_range {
	uint32_t section;
	uint64_t begin, end;  /* bytes in the section */
	const uint8_t *expr;  /* location lists */
	uint64_t expr_len;
};

/* Spend one unit of work; false, and bad, when there is none left. */
bool dwarf_spend(struct dwarf *d);
/* Units, one after the other: false at the end or when bad. Start with unit.end 0. */
bool dwarf_next_unit(struct dwarf *d);
/* The DIE at an offset of .debug_info inside the unit. */
bool dwarf_read_die(struct dwarf *d, uint64_t offset, struct dwarf_die *die);
/* Text in the arena; NULL, and oom, when it refuses. */
const char *dwarf_printf(struct dwarf *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The text of a string attribute; NULL when the value is not one. */
const char *dwarf_string(struct dwarf *d, const struct dwarf_value *v);
/* Address number `index` of the unit's part of .debug_addr. */
struct dwarf_addr dwarf_address(struct dwarf *d, uint64_t index);
/* The 8 bytes at `offset` of a section, as an address. */
struct dwarf_addr dwarf_address_at(struct dwarf *d, const struct iov_section *s, uint64_t offset);

/* Call `each` for every entry of the location (or range) list that `v` names. */
typedef void dwarf_range_fn(void *ud, const struct dwarf_range *range);
void dwarf_each_range(struct dwarf *d, const struct dwarf_value *v, bool locations, dwarf_range_fn *each, void *ud);
/* Understand a location expression. False when it is not a plain place. `frame`: fbreg means r10. */
bool dwarf_place(const struct dwarf *d, const uint8_t *expr, uint64_t len, bool frame, enum iov_var_place *place,
		 int32_t *where);

/* Sections and budget for an object; false: it has no DWARF. */
bool dwarf_open(struct dwarf *d, const struct iov_object *obj, struct iov_arena *arena);
/* The 4-byte offset at a cursor's place in section `s`, relocated. */
uint64_t dwarf_offset(struct dwarf *d, struct iov_cursor *c, const struct iov_section *s);

/* Type text and size of a type DIE; NULL and 0 when there is none. */
const char *dwarf_type_text(struct dwarf *d, const struct dwarf_value *type, unsigned depth, uint32_t *size);

#endif
