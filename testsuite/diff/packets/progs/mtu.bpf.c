// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// bpf_check_mtu against the port that packets come from, and one that is not there.
#include "dice.h"

SEC("xdp")
int mtu(struct xdp_md *ctx)
{
	dice += ctx->data_end - ctx->data;
	for (int i = 0; i < 8; i++) {
		__u32 length = roll(3) ? roll(2) * (65400 + roll(300)) : roll(1 << 30);

		result(0, bpf_check_mtu(ctx, roll(6) ? 0 : roll(2) ? 1 : 999999, &length,
					roll(2) ? roll(66000) : -(int)roll(100), !roll(8)));
		result(1, length);
	}
	return XDP_PASS;
}
