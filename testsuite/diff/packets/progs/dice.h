/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Numbers that depend on the packet alone, and a place for what calls return: kernel and runtime must agree on both. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

__u64 dice, calls;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} results SEC(".maps");

static __always_inline __u32 roll(__u32 sides)
{
	dice = dice * 6364136223846793005ull + 1442695040888963407ull;
	return (__u32)(dice >> 33) % sides;
}

/* What call number `which` gave, folded over all packets. */
static __always_inline void result(__u32 which, __u64 r)
{
	__u64 *sum = bpf_map_lookup_elem(&results, &which);

	if (sum)
		*sum = (*sum << 5 | *sum >> 59) ^ r;
	calls++;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
