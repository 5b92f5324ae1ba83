/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* A program for the compile-time measurement that includes the kernel's types: who connects where, and what of it comes
 * back. */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define AF_INET 2
#define ETH_P_IP 0x0800
#define TC_ACT_OK 0

struct peer {
	__u32 address;
	__u16 port, family;
};

struct seen {
	__u64 count, last, packets;
	__u32 pid, netns;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, struct peer);
	__type(value, struct seen);
} peers SEC(".maps");

static __always_inline __u32 namespace_of(struct task_struct *task)
{
	if (!bpf_core_field_exists(task->nsproxy))
		return 0;
	return BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
}

SEC("cgroup/connect4") int connecting(struct bpf_sock_addr *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct peer peer = {.address = ctx->user_ip4, .port = ctx->user_port, .family = AF_INET};
	struct seen first = {.count = 1}, *seen;

	seen = bpf_map_lookup_elem(&peers, &peer);
	if (seen) {
		__sync_fetch_and_add(&seen->count, 1);
		seen->last = bpf_ktime_get_ns();
		return 1;
	}
	first.last = bpf_ktime_get_ns();
	first.pid = BPF_CORE_READ(task, tgid);
	first.netns = namespace_of(task);
	bpf_map_update_elem(&peers, &peer, &first, BPF_ANY);
	return 1;
}

SEC("tc") int returning(struct __sk_buff *skb)
{
	void *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = (void *)(long)skb->data;
	struct iphdr *ip = (void *)(eth + 1);
	struct tcphdr *tcp = (void *)(ip + 1);
	struct peer peer = {.family = AF_INET};
	struct seen *seen;

	if ((void *)(tcp + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP))
		return TC_ACT_OK;
	if (ip->protocol != IPPROTO_TCP || ip->ihl != 5)
		return TC_ACT_OK;
	peer.address = ip->saddr;
	peer.port = tcp->source;
	seen = bpf_map_lookup_elem(&peers, &peer);
	if (seen)
		__sync_fetch_and_add(&seen->packets, 1);
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
