// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Sums 20 bytes of a map value that has 16.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct sums {
	__be32 part[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sums);
} tables SEC(".maps");

SEC("tc")
int fold(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct sums *sums = bpf_map_lookup_elem(&tables, &key);

	if (!sums)
		return 0;
	return bpf_csum_diff(0, 0, sums->part, sizeof(sums->part) + 4, 0) ? 2 : 0;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| checksum_size.c:28:9: error: the read through `sums` can lie outside a value of map `tables` [IOV-V026]
//|    28 |         return bpf_csum_diff(0, 0, sums->part, sizeof(sums->part) + 4, 0) ? 2 : 0;
//|       |                ^
//|   at:   fold:insn 13
//|   why:  the access covers bytes 0..19 of a value of map `tables`, which has 16
//|   path: 1. checksum_size.c:26:6: `!sums` is false: goes on at line 28
//|    26 |         if (!sums)
//|       |             ^
//|   hint: a value of map `tables` has 16 bytes: use a smaller offset or a smaller access
