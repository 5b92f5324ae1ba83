// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct account {
	struct bpf_spin_lock lock;
	__u32 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct account);
} accounts SEC(".maps");

SEC("xdp")
int charge(struct xdp_md *ctx)
{
	__u32 key = 0, length = ctx->data_end - ctx->data;
	struct account *account = bpf_map_lookup_elem(&accounts, &key);

	if (!account)
		return XDP_PASS;
	bpf_spin_lock(&account->lock);
	if (account->bytes < length) {
		bpf_spin_unlock(&account->lock);
		return XDP_DROP;
	}
	account->bytes -= length;
	bpf_spin_unlock(&account->lock);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
