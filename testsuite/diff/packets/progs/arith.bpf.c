// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Arithmetic of both widths on what the packet holds, written back into it: shifts, division, byte order, signs.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <iov/eth.h>

SEC("xdp")
int arith(struct xdp_md *ctx)
{
	struct iov_cursor c = IOV_CURSOR(ctx);
	__u64 *at = iov_pull(&c, 40), a, b;
	__s64 sa;
	__u32 x, y;
	__s32 sx;

	if (!at)
		return XDP_DROP;
	a = at[0], b = at[1], x = at[2], y = at[3];
	sa = a;
	sx = x;
	at[0] = a / (b | 1) + a % (b >> 7 | 1) + (a << (b & 63)) + (sa >> (y & 63));
	at[1] = (__u64)(x / (y | 1)) << 32 | (x % (y >> 5 | 1)) + (x << (y & 31)) + (sx >> (x & 31));
	at[2] = bpf_be64_to_cpu(a) ^ bpf_htonl(x) ^ bpf_htons(y) ^ (a * b) ^ -(a & b);
	at[3] = (__u64)(__s64)sx + (sa < (__s64)b) + (a < b) * 2 + (x > y) * 4 + (sx > (__s32)y) * 8 + (__s64)(__s8)a;
	at[4] = (__u64)(__s16)b * (__u32)(x * y) + (~a | b) + (x ^ ~y);
	return at[4] & 1 ? XDP_PASS : XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
