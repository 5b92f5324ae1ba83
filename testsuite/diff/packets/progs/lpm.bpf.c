// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// A trie that the program itself fills: prefixes of several lengths from the packets' addresses, lookups, deletions.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <iov/eth.h>
#include <iov/ip4.h>

struct prefix {
	__u32 prefixlen;
	__be32 addr;
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 256);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct prefix);
	__type(value, __u32);
} routes SEC(".maps");

__u64 found, missing, deleted;

SEC("xdp")
int lpm(struct xdp_md *ctx)
{
	struct iov_cursor c = IOV_CURSOR(ctx);
	struct ethhdr *eth = iov_eth(&c);
	struct prefix key = { .prefixlen = 32 };
	__u32 payload, *value, count;
	struct iphdr *ip;

	if (!eth || eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_DROP;
	ip = iov_ip4(&c, &payload);
	if (!ip)
		return XDP_DROP;
	key.addr = ip->saddr;
	value = bpf_map_lookup_elem(&routes, &key);
	if (value) {
		found++;
		*value += 1;
	} else {
		missing++;
	}
	key.prefixlen = 8 + (payload & 31);
	if (key.prefixlen > 32)
		key.prefixlen = 32;
	key.addr = ip->daddr;
	count = key.prefixlen;
	if (payload % 5 == 0)
		deleted += bpf_map_delete_elem(&routes, &key) == 0;
	else
		bpf_map_update_elem(&routes, &key, &count, payload & 1 ? BPF_ANY : BPF_NOEXIST);
	return value ? XDP_PASS : XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
