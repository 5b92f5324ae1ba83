/* SPDX-License-Identifier: Apache-2.0 */
/* Legacy packet loads (RFC 9669 section 5.6; Linux Documentation/networking/filter.rst for the negative offsets). */
#include "runtime/jit/jit.h"

enum { NET_OFF = -0x100000, LL_OFF = -0x200000, ETHERNET_HEADER = 14 };

int64_t jit_load_legacy(const struct iov_ctx *ctx, uint32_t off, uint32_t bytes)
{
	int64_t at = (int32_t)off;
	uint64_t value = 0;

	if (at < 0)
		at = at >= NET_OFF ? at - NET_OFF + ETHERNET_HEADER : at - LL_OFF;
	if (at < 0 || at + bytes > ctx->data_end - ctx->data)
		return -1;
	for (uint32_t i = 0; i < bytes; i++)
		value = value << 8 | ctx->data[at + i];
	return (int64_t)value;
}
