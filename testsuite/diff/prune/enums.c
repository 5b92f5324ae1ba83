/* SPDX-License-Identifier: Apache-2.0 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

int hooks, exists, size, pages;

SEC("raw_tp/sys_enter") int enums(void *ctx)
{
	hooks = bpf_core_enum_value(enum nf_inet_hooks, NF_INET_POST_ROUTING);
	exists = bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_loop) + bpf_core_type_exists(struct bpf_map);
	size = bpf_core_type_size(struct net_device) + bpf_core_field_size(struct sk_buff, len);
	pages = PIDTYPE_TGID;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
