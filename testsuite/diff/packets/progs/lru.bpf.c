// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// LRU hash and per-CPU LRU hash below their limit, with deletion: keys of 6 bytes.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <iov/eth.h>

struct mac {
	__u8 at[6];
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct mac);
	__type(value, __u64);
} macs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
	__uint(max_entries, 2048);
	__type(key, __u32);
	__type(value, __u64);
} lengths SEC(".maps");

SEC("xdp")
int lru(struct xdp_md *ctx)
{
	struct iov_cursor c = IOV_CURSOR(ctx);
	struct ethhdr *eth = iov_eth(&c);
	__u32 len = ctx->data_end - ctx->data;
	__u64 one = 1, *seen;
	struct mac mac;

	if (!eth)
		return XDP_DROP;
	__builtin_memcpy(mac.at, eth->h_source, sizeof(mac.at));
	mac.at[0] ^= len;
	seen = bpf_map_lookup_elem(&macs, &mac);
	if (seen)
		__sync_fetch_and_add(seen, len);
	else
		bpf_map_update_elem(&macs, &mac, &one, BPF_NOEXIST);
	if (len % 13 == 0 && bpf_map_delete_elem(&macs, &mac))
		return XDP_ABORTED;
	seen = bpf_map_lookup_elem(&lengths, &len);
	if (seen)
		*seen += 1;
	else
		bpf_map_update_elem(&lengths, &len, &one, BPF_ANY);
	return seen ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
