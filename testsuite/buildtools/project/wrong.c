/* SPDX-License-Identifier: Apache-2.0 */
#include "limits.h"

SEC("xdp") int wrong(struct xdp_md *ctx)
{
	__u8 *data = (void *)(long)ctx->data;

	return FLOOR + /* nobody has looked where the packet ends */ data[FLOOR];
}
