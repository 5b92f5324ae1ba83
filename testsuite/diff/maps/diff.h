/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the comparison of maps share (main.c). */
#ifndef DIFF_MAPS_H
#define DIFF_MAPS_H

#include "runtime/maps/map.h"

#include <linux/bpf.h>
#include <stdio.h>

enum { MAX_CPUS = 64 };

/* A map of the kernel's and ours, with one definition. */
struct sides {
	const struct iov_map_def *def;
	struct iov_map *map;
	int fd;
	size_t value_size; /* bytes of all CPUs */
};

/** bpf(2): the result or a negative errno. */
int64_t kernel(int cmd, union bpf_attr *attr);
int64_t on_elem(const struct sides *s, int cmd, const void *key, const void *value, uint64_t flags);
/** A map of the kernel's: its file, or a negative errno. */
int create(const struct iov_map_def *def);
/** Whether the two answers differ, which is printed. */
bool differ(const struct sides *s, const char *what, int64_t want, int64_t got);

static inline bool is_queue(const struct iov_map_def *def) { return !def->key_size; }

/** Definitions that both take, one of each type. */
extern const struct iov_map_def plain_maps[];
extern const size_t plain_count;

bool definitions(void);
bool tables(void);
bool nested(void);
bool batches_refused(void);

#endif
