/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the files of iovdump share. */
#ifndef IOV_ASM_DUMP_PART_H
#define IOV_ASM_DUMP_PART_H

#include "asm/dump.h"

#include "asm/base/text.h"
#include "asm/isa/catalogue.h"
#include "linker/object/manifest.h"

#include <linux/btf.h>

/* Names made printable. */
static inline void dump_name(struct iov_buf *out, const char *s) { text_safe(out, s, __builtin_strlen(s)); }

/* dump_options.c: whether the options go together; and, for those that do, what follows of them. */
enum iov_status dump_check(const struct iov_dump_options *options, const struct iov_option_list *files,
			   struct iov_sink *sink);
void dump_complete(struct iov_dump_options *options);
/* dump.c: what -p chooses. */
bool dump_wants(const struct iov_dump_options *options, const char *name);
/* Functions that are asked for and that no program shows. */
typedef void dump_function_fn(void *ud, const struct iov_prog *prog);
enum iov_status dump_functions(const struct iov_object *obj, struct iov_prog *const *progs,
			       const struct iov_dump_options *options, struct iov_arena *arena, struct iov_sink *sink,
			       dump_function_fn *each, void *ud);
/* "xdp", or "type 77" when the catalogue does not have it. */
void dump_map_type(const struct iov_map_def *map, struct iov_buf *out);
/* The name of flag bit `bit` of map_flags, or NULL. */
const char *dump_map_flag(unsigned bit);
/* One program (or function) as a listing. */
void dump_listing(const struct iov_object *obj, const struct iov_prog *prog, const struct iov_dump_options *options,
		  struct iov_arena *arena, struct iov_buf *out);
/* The slot that the instruction at slot `i` may jump to, or -1 where it is no jump or leads out of the program. */
int64_t dump_jump_target(const struct iov_prog *prog, uint32_t i);
/* The same, instruction by instruction. */
struct listing;
struct listing *listing_new(const struct iov_prog *prog, struct iov_arena *arena);
void listing_insn(struct listing *l, uint32_t at, const struct iov_dump_options *o, struct iov_buf *out);
/* dump_arrows.c: jumps as lines at the left. `insn`: the row of the instruction, not one before it. */
struct arrows;
struct arrows *arrows_new(const struct iov_prog *prog, struct iov_arena *arena);
void arrows_print(const struct arrows *a, uint32_t slot, bool insn, struct iov_buf *out);
/* dump_access.c: by slot, what a load or store reaches or a CO-RE record asks ("struct flow.port"), or NULL. */
struct dump_access {
	const char *text;
};
const struct dump_access *dump_accesses(const struct iov_object *obj, const struct iov_prog *prog,
					struct iov_arena *arena);
/* dump_cfg.c: basic blocks as one graph in Graphviz' language, program by program; dump_svg: through Graphviz. */
void dump_cfg_begin(const char *name, struct iov_buf *out);
void dump_cfg(const struct iov_prog *prog, uint32_t number, const struct iov_dump_options *options,
	      struct iov_arena *arena, struct iov_buf *out);
void dump_cfg_end(struct iov_buf *out);
enum iov_status dump_svg(const struct iov_buf *dot, struct iov_sink *sink, struct iov_buf *out);
/* dump_symbols.c, dump_json_parts.c */
const char *dump_symbol_type(uint8_t type);
const char *dump_symbol_bind(uint8_t bind);
const char *dump_symbol_section(const struct iov_object *obj, const struct iov_symbol *y); /* NULL: undefined */
const char *dump_symbol_name(const struct iov_object *obj, const struct iov_symbol *y);
const char *dump_reloc_type(uint32_t type);
void dump_symbols(const struct iov_object *obj, struct iov_buf *out);
void dump_relocs(const struct iov_object *obj, struct iov_buf *out);
enum iov_status dump_types(const struct iov_object *obj, struct iov_arena *arena, struct iov_buf *out);
void dump_json_symbols(const struct iov_object *obj, struct iov_buf *out);
void dump_json_relocs(const struct iov_object *obj, struct iov_buf *out);
void dump_json_types(const struct iov_object *obj, struct iov_buf *out);
void dump_json_listing(const struct iov_object *obj, const struct iov_prog *prog, const struct iov_dump_options *o,
		       struct iov_arena *arena, struct iov_buf *out);
void dump_maps(const struct iov_object *obj, struct iov_arena *arena, struct iov_buf *out);
void dump_programs(const struct iov_object *obj, struct iov_prog *const *progs, const struct iov_dump_options *options,
		   struct iov_buf *out);
/* The worst case of each program as recorded, or that nothing is recorded about it. */
void dump_json_costs(const struct iov_object *obj, const struct iov_manifest *manifest,
		     const struct iov_dump_options *options, struct iov_buf *out);
void dump_costs(const struct iov_object *obj, const struct iov_manifest *manifest,
		const struct iov_dump_options *options, struct iov_buf *out);
/* All that is asked for as one JSON object. progs[i]: as made by object_show, or NULL. */
enum iov_status dump_json(const struct iov_object *obj, struct iov_prog *const *progs,
			  const struct iov_manifest *manifest, const struct iov_dump_options *options,
			  struct iov_arena *arena, struct iov_sink *sink, struct iov_buf *out);
/* "bpf_map_lookup_elem", …: each helper that a program calls, once, by id. Returns how many. */
uint32_t dump_helpers(const struct iov_prog *prog, int32_t *ids, uint32_t room);

#endif
