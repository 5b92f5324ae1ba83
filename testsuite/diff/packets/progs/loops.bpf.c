// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Bounded loops over the packet: the Internet checksum of up to 200 words, a byte search, a histogram on the stack.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <iov/eth.h>

#define WORDS 200

__u64 sums, found_at, most;

static __always_inline __u32 checksum(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	__u16 *word = (void *)(long)ctx->data;
	__u32 sum = 0;

	for (int i = 0; i < WORDS; i++, word++) {
		if ((void *)(word + 1) > end)
			break;
		sum += *word;
	}
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

static __always_inline __u32 search(struct xdp_md *ctx, __u8 what)
{
	void *end = (void *)(long)ctx->data_end;
	__u8 *at = (void *)(long)ctx->data;
	__u32 i;

	for (i = 0; i < 64; i++)
		if ((void *)(at + i + 1) > end || at[i] == what)
			break;
	return i;
}

SEC("xdp")
int loops(struct xdp_md *ctx)
{
	struct iov_cursor c = IOV_CURSOR(ctx);
	__u8 bins[16] = {}, *head = iov_pull(&c, 48);
	__u32 i, max = 0;

	sums += checksum(ctx);
	found_at += search(ctx, 0x45);
	if (!head)
		return XDP_DROP;
	for (i = 0; i < 48; i++)
		bins[head[i] & 15]++;
	for (i = 0; i < 16; i++)
		if (bins[i] > max)
			max = bins[i];
	most += max;
	return max > 10 ? XDP_PASS : XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
