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
	X(1, map_lookup_elem) X(2, map_update_elem) X(3, map_delete_elem) X(5, ktime_get_ns) X(6, trace_printk) \
	X(7, get_prandom_u32) X(8, get_smp_processor_id) X(9, skb_store_bytes) X(10, l3_csum_replace) \
	X(11, l4_csum_replace) X(12, tail_call) X(13, clone_redirect) X(17, get_cgroup_classid) \
	X(18, skb_vlan_push) X(19, skb_vlan_pop) X(20, skb_get_tunnel_key) X(21, skb_set_tunnel_key) \
	X(23, redirect) X(24, get_route_realm) X(25, perf_event_output) X(26, skb_load_bytes) X(28, csum_diff) \
	X(29, skb_get_tunnel_opt) X(30, skb_set_tunnel_opt) X(31, skb_change_proto) X(32, skb_change_type) \
	X(33, skb_under_cgroup) X(34, get_hash_recalc) X(38, skb_change_tail) X(39, skb_pull_data) X(40, csum_update) \
	X(41, set_hash_invalid) X(42, get_numa_node_id) X(43, skb_change_head) X(44, xdp_adjust_head) \
	X(46, get_socket_cookie) X(47, get_socket_uid) X(48, set_hash) X(50, skb_adjust_room) X(51, redirect_map) \
	X(54, xdp_adjust_meta) X(65, xdp_adjust_tail) X(66, skb_get_xfrm_state) X(68, skb_load_bytes_relative) \
	X(69, fib_lookup) X(73, lwt_push_encap) X(79, skb_cgroup_id) X(83, skb_ancestor_cgroup_id) \
	X(87, map_push_elem) X(88, map_pop_elem) X(89, map_peek_elem) X(93, spin_lock) X(94, spin_unlock) \
	X(97, skb_ecn_set_ce) X(105, strtol) X(106, strtoul) X(118, jiffies64) X(122, get_netns_cookie) \
	X(125, ktime_get_boot_ns) X(130, ringbuf_output) X(131, ringbuf_reserve) X(132, ringbuf_submit) \
	X(133, ringbuf_discard) X(134, ringbuf_query) X(135, csum_level) X(151, skb_cgroup_classid) \
	X(152, redirect_neigh) X(155, redirect_peer) X(160, ktime_get_coarse_ns) X(163, check_mtu) \
	X(164, for_each_map_elem) X(165, snprintf) X(169, timer_init) X(170, timer_set_callback) \
	X(171, timer_start) X(172, timer_cancel) X(177, trace_vprintk) X(181, loop) X(182, strncmp) \
	X(188, xdp_get_buff_len) X(189, xdp_load_bytes) X(190, xdp_store_bytes) X(192, skb_set_tstamp) \
	X(195, map_lookup_percpu_elem) X(197, dynptr_from_mem) X(198, ringbuf_reserve_dynptr) \
	X(199, ringbuf_submit_dynptr) X(200, ringbuf_discard_dynptr) X(201, dynptr_read) X(202, dynptr_write) \
	X(194, kptr_xchg) X(153, per_cpu_ptr) X(154, this_cpu_ptr) \
	X(81, get_local_storage) X(84, sk_lookup_tcp) X(85, sk_lookup_udp) X(86, sk_release) X(95, sk_fullsock) \
	X(96, tcp_sock) X(98, get_listener_sock) X(99, skc_lookup_tcp) X(107, sk_storage_get) \
	X(108, sk_storage_delete) X(124, sk_assign) X(128, sk_cgroup_id) X(129, sk_ancestor_cgroup_id) \
	X(14, get_current_pid_tgid) X(80, get_current_cgroup_id) X(120, get_ns_current_pid_tgid) \
	X(123, get_current_ancestor_cgroup_id) X(204, tcp_raw_gen_syncookie_ipv4) \
	X(205, tcp_raw_gen_syncookie_ipv6) X(206, tcp_raw_check_syncookie_ipv4) X(207, tcp_raw_check_syncookie_ipv6) \
	X(110, tcp_gen_syncookie) X(100, tcp_check_syncookie) \
	X(203, dynptr_data) X(208, ktime_get_tai_ns) X(209, user_ringbuf_drain)
/* clang-format on */

#define X(id, name) iov_helper_fn helper_##name;
IOV_HELPERS(X)
#undef X

/** The function of a helper, or NULL when this runtime has none. */
iov_helper_fn *helper_find(uint32_t id);

#define IOV_UNUSED(...) IOV_UNUSED_(__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define IOV_UNUSED_(a, b, c, d, e, ...) ((void)(a), (void)(b), (void)(c), (void)(d), (void)(e))

/** What the platform says of the program that runs. */
static inline const struct iov_prog_type *helper_type(const struct iov_env *env) { return env->image->type; }

static inline void *helper_ptr(uint64_t r) { return (void *)(uintptr_t)r; }
static inline uint64_t helper_err(int64_t e) { return (uint64_t)e; }

#endif
