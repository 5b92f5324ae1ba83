// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Arrays, per-CPU arrays, hashes and per-CPU hashes as counters, and global variables of three sections.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <iov/eth.h>

struct count {
	__u64 packets, bytes;
	__u32 shortest, longest;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct count);
} by_size SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, __u64);
} by_byte SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u16);
	__type(value, struct count);
} by_proto SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 512);
	__type(key, __u32);
	__type(value, struct count);
} by_length SEC(".maps");

const volatile __u32 limit = 100;
__u64 seen, over_limit;
__u32 start_value = 7;

static __always_inline void count(struct count *c, __u32 len)
{
	c->packets++;
	c->bytes += len;
	if (!c->shortest || len < c->shortest)
		c->shortest = len;
	if (len > c->longest)
		c->longest = len;
}

SEC("xdp")
int counters(struct xdp_md *ctx)
{
	struct iov_cursor c = IOV_CURSOR(ctx);
	struct ethhdr *eth = iov_eth(&c);
	__u32 len = ctx->data_end - ctx->data, slot = len / 100, last;
	struct count none = {}, *by;
	__u64 *bytes;
	__u16 proto;

	seen++;
	start_value += len;
	if (len > limit)
		over_limit++;
	if (!eth)
		return XDP_ABORTED;
	by = bpf_map_lookup_elem(&by_size, &slot);
	if (by)
		count(by, len);
	last = eth->h_source[5] ^ eth->h_dest[5];
	bytes = bpf_map_lookup_elem(&by_byte, &last);
	if (bytes)
		*bytes += len;
	proto = bpf_ntohs(eth->h_proto);
	if (bpf_map_update_elem(&by_proto, &proto, &none, BPF_NOEXIST))
		start_value++;
	by = bpf_map_lookup_elem(&by_proto, &proto);
	if (by)
		count(by, len);
	by = bpf_map_lookup_elem(&by_length, &len);
	if (by)
		count(by, len);
	else
		bpf_map_update_elem(&by_length, &len, &none, BPF_ANY);
	return seen & 1 ? XDP_PASS : XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
