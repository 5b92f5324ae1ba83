// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// CFLAGS: -mcpu=v4
// Instructions of version 4: signed division and modulo, sign-extending moves and loads, unconditional swaps.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <iov/eth.h>

SEC("xdp")
int arith4(struct xdp_md *ctx)
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
	at[0] = sa / (__s64)(b | 1) + sa % (__s64)(b >> 7 | 1);
	at[1] = (__u64)(sx / (__s32)(y | 1)) << 32 | (__u32)(sx % (__s32)(y >> 5 | 1));
	at[2] = __builtin_bswap64(a) ^ __builtin_bswap32(x) ^ __builtin_bswap16(y);
	at[3] = (__u64)(__s64)sx + (__s64)(__s8)a + (__s64)(__s16)b + (__u32)(__s32)(__s8)x;
	at[4] = *(volatile __s8 *)at + *(volatile __s16 *)(at + 1) + *(volatile __s32 *)(at + 2);
	return at[4] & 1 ? XDP_PASS : XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
