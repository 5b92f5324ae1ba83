/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the list of helpers that this runtime has, by uapi id, and what their files share. Semantics and errno values
 * are the kernel's (uapi linux/bpf.h, bpf-helpers(7)). Arguments were checked by the verifier: pointers are good for
 * what the prototype says, and nothing else is looked at through them. */
#ifndef IOV_RUNTIME_HELPERS_H
#define IOV_RUNTIME_HELPERS_H

#include "runtime/maps/map.h"

#include <errno.h>

/* X(uapi id, name) */
/* clang-format off */
#define IOV_HELPERS(X) \
	X(1, map_lookup_elem) X(2, map_update_elem) X(3, map_delete_elem) X(5, ktime_get_ns) \
	X(6, trace_printk) X(7, get_prandom_u32) X(8, get_smp_processor_id) X(9, skb_store_bytes) \
	X(10, l3_csum_replace) X(11, l4_csum_replace) X(12, tail_call) X(23, redirect) \
	X(25, perf_event_output) X(26, skb_load_bytes) X(28, csum_diff) X(34, get_hash_recalc) \
	X(38, skb_change_tail) X(39, skb_pull_data) X(41, set_hash_invalid) X(42, get_numa_node_id) \
	X(44, xdp_adjust_head) X(48, set_hash) X(51, redirect_map) X(54, xdp_adjust_meta) \
	X(65, xdp_adjust_tail) X(68, skb_load_bytes_relative) X(87, map_push_elem) X(88, map_pop_elem) \
	X(89, map_peek_elem) X(93, spin_lock) X(94, spin_unlock) X(125, ktime_get_boot_ns) \
	X(130, ringbuf_output) X(131, ringbuf_reserve) X(132, ringbuf_submit) X(133, ringbuf_discard) \
	X(134, ringbuf_query) X(160, ktime_get_coarse_ns) X(164, for_each_map_elem) X(165, snprintf) \
	X(177, trace_vprintk) X(181, loop) X(182, strncmp) X(188, xdp_get_buff_len) X(189, xdp_load_bytes) \
	X(190, xdp_store_bytes) X(195, map_lookup_percpu_elem) X(208, ktime_get_tai_ns)
/* clang-format on */

#define X(id, name) iov_helper_fn helper_##name;
IOV_HELPERS(X)
#undef X

/** The function of a helper, or NULL when this runtime has none. */
iov_helper_fn *helper_find(uint32_t id);

#define IOV_UNUSED(...) IOV_UNUSED_(__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define IOV_UNUSED_(a, b, c, d, e, ...) ((void)(a), (void)(b), (void)(c), (void)(d), (void)(e))

static inline void *helper_ptr(uint64_t r) { return (void *)(uintptr_t)r; }
static inline uint64_t helper_err(int64_t e) { return (uint64_t)e; }

#endif
