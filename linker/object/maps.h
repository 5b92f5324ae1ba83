/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the three ways to declare a map (maps.c: BTF; maps_legacy.c: struct bpf_map_def; maps_data.c: sections of
 * variables) share. */
#ifndef IOV_OBJECT_MAPS_H
#define IOV_OBJECT_MAPS_H

#include "linker/object/internal.h"

struct map_reader {
	struct iov_object *obj;
	struct iov_sink *sink;
	uint32_t section; /* the one being read */
	uint32_t room;    /* maps allocated */
};

/* Append a map that stands at `offset` bytes of `section` (0: nowhere). */
enum iov_status map_add(struct map_reader *r, struct iov_map_def *map, uint32_t section, uint64_t offset);

/* The map that variable `var` of section .maps declares, which another object defines: nothing of its content. */
enum iov_status map_declared(const struct iov_object *obj, uint32_t var, struct iov_arena *arena, struct iov_sink *sink,
			     struct iov_map_def **out);
/* Special fields of its values and of those of its inner map. */
enum iov_status map_find_fields(const struct iov_btf *btf, struct iov_map_def *map, struct iov_arena *arena);

enum iov_status maps_read_btf(struct map_reader *r);
enum iov_status maps_read_legacy(struct map_reader *r);
enum iov_status maps_read_data(struct map_reader *r);

#endif
