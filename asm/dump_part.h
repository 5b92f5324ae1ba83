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

/* "xdp", or "type 77" when the catalogue does not have it. */
void dump_map_type(const struct iov_map_def *map, struct iov_buf *out);
/* The name of flag bit `bit` of map_flags, or NULL. */
const char *dump_map_flag(unsigned bit);
/* One program (or function) as a listing. */
void dump_listing(const struct iov_prog *prog, const struct iov_dump_options *options, struct iov_arena *arena,
		  struct iov_buf *out);
/* The object as assembly. `parts`: by object_read_parts. */
enum iov_status dump_asm(const struct iov_object *parts, const struct iov_dump_options *options,
			 struct iov_arena *arena, struct iov_sink *sink, struct iov_buf *out);
void dump_maps(const struct iov_object *obj, struct iov_arena *arena, struct iov_buf *out);
void dump_programs(const struct iov_object *obj, struct iov_prog *const *progs, struct iov_buf *out);
/* The worst case of each program as recorded, or that nothing is recorded about it. */
void dump_costs(const struct iov_object *obj, const struct iov_manifest *manifest,
		const struct iov_dump_options *options, struct iov_buf *out);
/* Programs, maps and records as one JSON object. progs[i]: as made by object_show, or NULL. */
void dump_json(const struct iov_object *obj, struct iov_prog *const *progs, const struct iov_manifest *manifest,
	       const struct iov_dump_options *options, struct iov_buf *out);
/* "bpf_map_lookup_elem", …: each helper that a program calls, once, by id. Returns how many. */
uint32_t dump_helpers(const struct iov_prog *prog, int32_t *ids, uint32_t room);

#endif
