/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the files that make an iov_prog out of an object share. */
#ifndef IOV_OBJECT_PROGRAM_H
#define IOV_OBJECT_PROGRAM_H

#include "linker/object/internal.h"

enum { UNPLACED = -1 };

struct builder {
	const struct iov_object *obj;
	const struct iov_object_prog *entry;
	struct iov_arena *arena, scratch; /* scratch: until it is built */
	struct iov_sink *sink;
	struct iov_prog *prog;
	uint32_t insn_room;
	size_t sub_room, sub_func_room;
	int64_t *func_sub;    /* by function: its index in prog->subs, or UNPLACED */
	uint32_t *sub_func;   /* by sub: its function */
	int64_t *map_index;   /* by map of the object: its index in prog->maps, or UNPLACED */
	int64_t *extern_index;
	struct iov_extern *externs;
	struct iov_poison *poisons;
	uint32_t *unplaced;
	bool show;            /* for showing: what is undefined becomes an extern */
	bool unlinked;        /* functions that are only declared become externs */
};

/* A slot of the program as a place in the object. */
struct slot {
	uint32_t func;  /* of the object */
	uint32_t slot;  /* in the program */
	uint64_t offset; /* bytes in the function's section */
};

/* The span of a slot, for diagnostics: by the line records of the object. */
struct iov_span builder_span(const struct builder *b, const struct slot *at);
/* Resolve what instruction `at` refers to, through `rel` (NULL: it has none). *callee: function that the program needs
 * because of it, or UNPLACED. */
enum iov_status refs_resolve(struct builder *b, const struct slot *at, const struct iov_reloc *rel, int64_t *callee);
/* Append function number `func`. */
enum iov_status builder_add(struct builder *b, uint32_t func);
/* Names, linkage and parameters of the subprograms; line records. */
enum iov_status subs_describe(struct builder *b);
/* A function that is only declared, from its BTF_KIND_FUNC; NULL: out of memory. */
struct iov_subprog *subs_declared(const struct builder *b, const char *name, uint32_t func);
enum iov_status lines_collect(struct builder *b);
/* CO-RE relocations of all subprograms. */
enum iov_status core_apply(struct builder *b, const struct iov_btf *target);
/* Variables and where they live. Damaged DWARF is a warning. */
enum iov_status vars_collect(struct builder *b);

#endif
