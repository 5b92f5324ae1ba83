/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers that change or copy a packet. The packet is one piece of memory between ctx->head and ctx->tail_limit; an
 * skb's bytes are always linear here, so what the kernel does to make them so is done already. */
#include "runtime/helpers.h"

#include <string.h>

enum { ETH_HEADER = 14, MAX_META = 255, XDP_TYPE = 6, MAX_PACKET = 0xffff };

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

uint64_t helper_redirect(uint64_t ifindex, uint64_t flags, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	enum { XDP_ABORTED = 0, XDP_REDIRECT = 4, TC_SHOT = 2, TC_REDIRECT = 7, INGRESS = 1 };
	bool xdp = env->image->prog->type == XDP_TYPE;

	(void)r3, (void)r4, (void)r5;
	if (flags & ~(uint64_t)(xdp ? 0 : INGRESS))
		return xdp ? XDP_ABORTED : TC_SHOT;
	env->redirect_ifindex = (uint32_t)ifindex;
	env->redirect_flags = (uint32_t)flags;
	return xdp ? XDP_REDIRECT : TC_REDIRECT;
}

/* skb: offsets count from the start of the packet as the program sees it. */
static bool skb_range(const struct iov_ctx *ctx, uint64_t offset, uint64_t len)
{
	return offset <= INT32_MAX && offset + len <= packet_len(ctx);
}

uint64_t helper_skb_load_bytes(uint64_t c, uint64_t off, uint64_t to, uint64_t len, uint64_t r5, struct iov_env *env)
{
	struct iov_ctx *ctx = ctx_of(c);

	(void)r5, (void)env;
	if (!skb_range(ctx, (uint32_t)off, (uint32_t)len)) {
		memset(helper_ptr(to), 0, (uint32_t)len);
		return helper_err(-EFAULT);
	}
	memcpy(helper_ptr(to), ctx->data + (uint32_t)off, (uint32_t)len);
	return 0;
}

uint64_t helper_skb_load_bytes_relative(uint64_t c, uint64_t off, uint64_t to, uint64_t len, uint64_t start,
					struct iov_env *env)
{
	enum { FROM_MAC = 0, FROM_NET = 1 };

	if (start > FROM_NET || (uint32_t)off > MAX_PACKET) {
		memset(helper_ptr(to), 0, (uint32_t)len);
		return helper_err(-EFAULT);
	}
	return helper_skb_load_bytes(c, (uint32_t)off + (start == FROM_NET ? ETH_HEADER : 0), to, len, 0, env);
}

uint64_t helper_skb_store_bytes(uint64_t c, uint64_t off, uint64_t from, uint64_t len, uint64_t flags,
				struct iov_env *env)
{
	enum { RECOMPUTE_CSUM = 1, INVALIDATE_HASH = 2 };
	struct iov_ctx *ctx = ctx_of(c);

	(void)env;
	if (flags & ~(uint64_t)(RECOMPUTE_CSUM | INVALIDATE_HASH))
		return helper_err(-EINVAL);
	if (!skb_range(ctx, (uint32_t)off, (uint32_t)len))
		return helper_err(-EFAULT);
	memmove(ctx->data + (uint32_t)off, helper_ptr(from), (uint32_t)len);
	if (flags & INVALIDATE_HASH)
		ctx->skb.hash = 0;
	return 0;
}

uint64_t helper_skb_pull_data(uint64_t c, uint64_t len, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r3, r4, r5, env);
	return (uint32_t)len > packet_len(ctx_of(c)) ? helper_err(-ENOMEM) : 0;
}

uint64_t helper_skb_change_tail(uint64_t c, uint64_t len, uint64_t flags, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct iov_ctx *ctx = ctx_of(c);
	uint32_t to = (uint32_t)len;

	(void)r4, (void)r5, (void)env;
	if (flags || to < ETH_HEADER || to > ctx->tail_limit - ctx->data)
		return helper_err(-EINVAL);
	if (to > packet_len(ctx))
		memset(ctx->data_end, 0, to - packet_len(ctx));
	ctx->data_end = ctx->data + to;
	ctx->skb.len = to;
	ctx->skb.hash = 0;
	return 0;
}

uint64_t helper_get_hash_recalc(uint64_t c, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r2, r3, r4, r5, env);
	return ctx_of(c)->skb.hash;
}

uint64_t helper_set_hash(uint64_t c, uint64_t hash, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r3, r4, r5, env);
	ctx_of(c)->skb.hash = (uint32_t)hash;
	return 0;
}

uint64_t helper_set_hash_invalid(uint64_t c, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r2, r3, r4, r5, env);
	ctx_of(c)->skb.hash = 0;
	return 0;
}
