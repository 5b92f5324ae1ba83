/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers of XDP programs that change or copy a packet. The packet is one piece of memory between ctx->head and
 * ctx->tail_limit. */
#include "runtime/helpers.h"

#include <string.h>

enum { ETH_HEADER = 14, MAX_META = 255, MAX_PACKET = 0xffff };

static struct iov_ctx *ctx_of(uint64_t r) { return helper_ptr(r); }
static uint64_t packet_len(const struct iov_ctx *ctx) { return (uint64_t)(ctx->data_end - ctx->data); }

uint64_t helper_xdp_adjust_head(uint64_t c, uint64_t delta, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct iov_ctx *ctx = ctx_of(c);
	int64_t by = (int32_t)delta, meta = ctx->data - ctx->data_meta, at = ctx->data - ctx->head + by;

	IOV_UNUSED(r3, r4, r5, env);
	if (at < meta || at > ctx->data_end - ctx->head - ETH_HEADER)
		return helper_err(-EINVAL);
	if (meta)
		memmove(ctx->data_meta + by, ctx->data_meta, (size_t)meta);
	ctx->data_meta += by;
	ctx->data += by;
	return 0;
}

uint64_t helper_xdp_adjust_meta(uint64_t c, uint64_t delta, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct iov_ctx *ctx = ctx_of(c);
	int64_t by = (int32_t)delta, at = ctx->data_meta - ctx->head + by, size = ctx->data - ctx->data_meta - by;

	IOV_UNUSED(r3, r4, r5, env);
	if (at < 0 || size < 0)
		return helper_err(-EINVAL);
	if (size & 3 || size > MAX_META)
		return helper_err(-EACCES);
	ctx->data_meta += by;
	return 0;
}

uint64_t helper_xdp_adjust_tail(uint64_t c, uint64_t delta, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct iov_ctx *ctx = ctx_of(c);
	int64_t by = (int32_t)delta, len = ctx->data_end - ctx->data + by;

	IOV_UNUSED(r3, r4, r5, env);
	if (len < ETH_HEADER || len > ctx->tail_limit - ctx->data)
		return helper_err(-EINVAL);
	if (by > 0)
		memset(ctx->data_end, 0, (size_t)by);
	ctx->data_end += by;
	return 0;
}

uint64_t helper_xdp_get_buff_len(uint64_t c, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r2, r3, r4, r5, env);
	return packet_len(ctx_of(c));
}

static int64_t xdp_range(const struct iov_ctx *ctx, uint32_t offset, uint32_t len)
{
	if (offset > MAX_PACKET || len > MAX_PACKET)
		return -EFAULT;
	return offset + len > packet_len(ctx) ? -EINVAL : 0;
}

uint64_t helper_xdp_load_bytes(uint64_t c, uint64_t offset, uint64_t to, uint64_t len, uint64_t r5, struct iov_env *env)
{
	struct iov_ctx *ctx = ctx_of(c);
	int64_t error = xdp_range(ctx, (uint32_t)offset, (uint32_t)len);

	(void)r5, (void)env;
	if (!error)
		memcpy(helper_ptr(to), ctx->data + (uint32_t)offset, (uint32_t)len);
	return helper_err(error);
}

uint64_t helper_xdp_store_bytes(uint64_t c, uint64_t offset, uint64_t from, uint64_t len, uint64_t r5,
				struct iov_env *env)
{
	struct iov_ctx *ctx = ctx_of(c);
	int64_t error = xdp_range(ctx, (uint32_t)offset, (uint32_t)len);

	(void)r5, (void)env;
	if (!error)
		memmove(ctx->data + (uint32_t)offset, helper_ptr(from), (uint32_t)len);
	return helper_err(error);
}
