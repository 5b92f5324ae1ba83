// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Checks the Ethernet header; a tagged frame has four bytes more, which nobody checked.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct vlan_hdr {
	__be16 tci;
	__be16 proto;
};

SEC("xdp")
int drop_vlan_7(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct vlan_hdr *vlan = (void *)(eth + 1);

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(ETH_P_8021Q))
		return XDP_PASS;
	if ((bpf_ntohs(vlan->tci) & 0xfff) == 7)
		return XDP_DROP;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| vlan_unchecked.c:27:7: error: the check against data_end is too short for `vlan`: 14 bytes are checked, 16 are needed [IOV-V024]
//|    27 |         if ((bpf_ntohs(vlan->tci) & 0xfff) == 7)
//|       |              ^
//|   at:   drop_vlan_7:insn 11
//|   why:  reading 2 bytes at offset 14 needs 16 bytes; on this path 14 are known to exist
//|   path: 1. vlan_unchecked.c:23:6: `(void *)(eth + 1) > data_end` is false: goes on at line 25
//|    23 |         if ((void *)(eth + 1) > data_end)
//|       |             ^
//|         2. vlan_unchecked.c:25:6: `eth->h_proto != bpf_htons(ETH_P_8021Q)` is false: goes on at line 27
//|    25 |         if (eth->h_proto != bpf_htons(ETH_P_8021Q))
//|       |             ^
//|   hint: before it, write: `if ((void *)(vlan + 1) > data_end) return …;`
