// RUN: iovcc -O2 -Wno-address-of-packed-member -Wno-sync-alignment -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -Wno-address-of-packed-member -Wno-sync-alignment -c %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct stats {
	__u8 queue;
	__u64 packets;
#ifndef MENDED
} __attribute__((packed));
#else
};
#endif

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct stats);
} counters SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 first = 0;
	struct stats *stats = bpf_map_lookup_elem(&counters, &first);

	if (stats)
		__sync_fetch_and_add(&stats->packets, 1);
	return XDP_PASS;
}
//= STDERR
//| packed-counter.c:30:3: error: atomic access of 8 bytes at an address that is not a multiple of 8 [IOV-V036]
//|    30 |                 __sync_fetch_and_add(&stats->packets, 1);
//|       |                 ^
//|   at:   count:insn 9
//|   path: 1. packed-counter.c:29:6: `stats` is true: goes on at line 30
//|    29 |         if (stats)
//|       |             ^
//|   hint: in a structure that is not packed it stands at a multiple of 8; else align it: __attribute__((aligned(8)))
