/* SPDX-License-Identifier: Apache-2.0 */
#include "limits.h"

SEC("xdp") int limits(struct xdp_md *ctx)
{
	int verdict = judge(ctx); /* a comment */	int len = ctx->data_end - ctx->data;

	return len > FLOOR + TAIL && LONG_ENOUGH(ctx) ? verdict : XDP_ABORTED;
}

char LICENSE[] SEC("license") = "GPL";
