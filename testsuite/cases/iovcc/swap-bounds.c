// RUN: iovcc -O2 -g --platform=linux-6.18 -c %s -o %t.o
// RUN: iovcc -O2 -g --platform=linux-6.12 -c %s -o %t.o
// EXIT: 1
// Linux 6.1 and 6.12, asked as guests, refuse this; 6.18 takes it. The way that all take is iov_left() in <iov/cursor.h>.
#include <linux/bpf.h>
#include <linux/ip.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

SEC("xdp")
int whole(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);
	__u16 length;

	if ((void *)(ip + 1) > data_end)
		return XDP_DROP;
	length = bpf_ntohs(ip->tot_len);
	if ((void *)ip + length > data_end)
		return XDP_DROP;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
//= STDERR
//| swap-bounds.c:15:26: error: `data` may move too far: r3 has no useful bound [IOV-V033]
//|    15 |         struct iphdr *ip = data + sizeof(struct ethhdr);
//|       |                                 ^
//|   at:   whole:insn 8
//|   why:  r3 may be any 64-bit number; a pointer moves by less than 2^29 bytes
//|         swap-bounds.c:20:11: linux-6.12 knows nothing of a number whose bytes were swapped
//|    20 |         length = bpf_ntohs(ip->tot_len);
//|       |                  ^
//|   path: 1. swap-bounds.c:18:6: `(void *)(ip + 1) > data_end` is false: goes on at line 20
//|    18 |         if ((void *)(ip + 1) > data_end)
//|       |             ^
//|   hint: bound the number before it is added, with an unsigned comparison: `if (len > 1500) return …;`
