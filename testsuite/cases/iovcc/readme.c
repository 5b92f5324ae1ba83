// RUN: iovcc -O2 -g -c %s -o %t.o
// EXIT: 1
// The README's example.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int drop_icmp(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);

	if (data + sizeof(struct ethhdr) > data_end)
		return XDP_PASS;
	return ip->protocol == 1 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| readme.c:17:13: error: the check against data_end is too short for `ip`: 14 bytes are checked, 24 are needed [IOV-V024]
//|    17 |         return ip->protocol == 1 ? XDP_DROP : XDP_PASS;
//|       |                    ^
//|   at:   drop_icmp:insn 6
//|   why:  reading 1 byte at offset 23 needs 24 bytes; on this path 14 are known to exist
//|   path: 1. readme.c:15:6: `data + sizeof(struct ethhdr) > data_end` is false: goes on at line 17
//|    15 |         if (data + sizeof(struct ethhdr) > data_end)
//|       |             ^
//|   hint: before it, write: `if ((void *)(ip + 1) > data_end) return …;`
