/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the list of kernel functions that this runtime has, by name. They are called like helpers. */
#ifndef IOV_RUNTIME_KFUNCS_H
#define IOV_RUNTIME_KFUNCS_H

#include "runtime/helpers.h"

/* clang-format off */
#define IOV_KFUNCS(X) \
	X(dynptr_from_skb) X(dynptr_from_xdp) X(dynptr_slice) X(dynptr_slice_rdwr) X(dynptr_adjust) \
	X(dynptr_is_null) X(dynptr_is_rdonly) X(dynptr_size) X(dynptr_clone) X(dynptr_copy) X(dynptr_memset) \
	X(iter_num_new) X(iter_num_next) X(iter_num_destroy) \
	X(rcu_read_lock) X(rcu_read_unlock) X(preempt_disable) X(preempt_enable) X(map_sum_elem_count) \
	X(xdp_metadata_rx_timestamp) X(xdp_metadata_rx_hash) X(xdp_metadata_rx_vlan_tag) \
	X(throw) X(obj_new) X(obj_drop) X(percpu_obj_new) X(percpu_obj_drop) X(refcount_acquire) X(list_push_front) \
	X(list_push_back) X(list_pop_front) X(list_pop_back) X(list_front) X(list_back) X(rbtree_add) \
	X(rbtree_remove) X(rbtree_first) X(rbtree_root) X(rbtree_left) X(rbtree_right)
/* clang-format on */

#define X(name) iov_helper_fn kfunc_##name;
IOV_KFUNCS(X)
#undef X

/** The function of a kernel function by name (as catalogue_is_called), or NULL when this runtime has none. */
iov_helper_fn *kfunc_find(const char *name);

#endif
