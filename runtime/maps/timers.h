/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the timers of a map's values. Their memory is taken with the map's, one for each element that may be; a struct
 * bpf_timer in a value holds the address of its own, or nothing. They run where the host says so
 * (iov_worker_run_timers), on its thread. Kernel document: uapi linux/bpf.h, bpf_timer_*.
 *
 * One lock a map, held for a few instructions, never while a callback runs; it comes after the map's own locks. A timer
 * never runs twice at a time: started while its callback runs, it waits for that to return. One whose element goes
 * meanwhile is freed then. */
#ifndef IOV_RUNTIME_MAPS_TIMERS_H
#define IOV_RUNTIME_MAPS_TIMERS_H

#include "runtime/maps/map.h"

/** What a timer calls: the program's function, in the engine that set it. */
struct timer_call {
	const struct iov_image *image;
	uint64_t (*callback)(struct iov_env *env, uint64_t fn, const uint64_t args[5]);
	uint64_t fn; /**< 0: nothing is set */
};

/** Bytes for a map of `elements`; 0 when its values have no timer. */
uint64_t timers_bytes(const struct iov_map_def *def, uint64_t elements);
void timers_init(struct iov_map *map, void *memory, uint32_t elements);

/** As the helpers: 0 or a negative errno; timers_cancel: 1 when it was waiting. `slot` is the struct bpf_timer. */
int64_t timers_new(struct iov_map *map, uint64_t *slot);
int64_t timers_set(const uint64_t *slot, const struct timer_call *call);
int64_t timers_start(const uint64_t *slot, uint64_t due);
int64_t timers_cancel(const uint64_t *slot, const struct iov_env *env);
/** The element at `value` goes, or is new: its timer with it. */
void timers_drop(struct iov_map *map, uint8_t *value);

/** Call what is due at `now`, at most as many as wait now; how many were called. */
uint64_t timers_run(struct iov_map *map, struct iov_env *env, uint64_t now);

#endif
