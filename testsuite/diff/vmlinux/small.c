/* SPDX-License-Identifier: Apache-2.0 */
/* Compiles with the small vmlinux.h inside iovcc, and with a whole one. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __be32);
	__type(value, __u64);
} seen SEC(".maps");

SEC("xdp") int addresses(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	__u64 one = 1, *count;

	if ((void *)(ip + 1) > end || eth->h_proto != bpf_htons(0x0800) || ip->protocol != IPPROTO_TCP)
		return XDP_PASS;
	count = bpf_map_lookup_elem(&seen, &ip->saddr);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&seen, &ip->saddr, &one, BPF_ANY);
	return XDP_PASS;
}

SEC("tp_btf/netif_receive_skb") int packets(__u64 *ctx)
{
	struct sk_buff *skb = (struct sk_buff *)ctx[0];

	return skb->dev->ifindex + skb->len + (skb->sk ? BPF_CORE_READ_BITFIELD(skb, ip_summed) : 0);
}

char LICENSE[] SEC("license") = "GPL";
