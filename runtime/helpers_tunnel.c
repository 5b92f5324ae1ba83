/* SPDX-License-Identifier: Apache-2.0 */
/* A packet's tunnel metadata: what a program wants the next tunnel to do. It stays with the packet for one run. What
 * was set is read back as Linux does: for the one who reads, the other end is where the packet comes from. */
#include "runtime/packet.h"

#include <linux/bpf.h>
#include <stddef.h>

/* Flags that uapi headers have since 6.2 and 6.0. */
enum { NO_KEY = 1 << 4, GIVE_FLAGS = 1 << 4 };
enum { SET_FLAGS = BPF_F_TUNINFO_IPV6 | BPF_F_ZERO_CSUM_TX | BPF_F_DONT_FRAGMENT | BPF_F_SEQ_NUMBER |
		   NO_KEY,
       GET_FLAGS = BPF_F_TUNINFO_IPV6 | GIVE_FLAGS,
       FLOW_LABEL = 0xfffff, MOST_OPTIONS = 255 };
/* Linux' TUNNEL_* bits, as they lie in network order. */
enum { T_CSUM = 1, T_KEY = 4, T_SEQ = 8, T_DONT_FRAGMENT = 0x100, T_NO_CACHE = 0x2000,
       T_OPTIONS = 0xd800 };

/* What is kept: the key as it was given, and how. */
struct kept {
	struct bpf_tunnel_key key;
	uint32_t flags;
};
_Static_assert(sizeof(struct kept) <= sizeof(((struct iov_ctx *)0)->tunnel_key), "room for a tunnel key");

static bool known_size(uint32_t size, bool ip6)
{
	return size == sizeof(struct bpf_tunnel_key) || size == offsetof(struct bpf_tunnel_key, local_ipv6) ||
	       size == offsetof(struct bpf_tunnel_key, tunnel_label) ||
	       size == offsetof(struct bpf_tunnel_key, tunnel_ext) ||
	       (!ip6 && size == offsetof(struct bpf_tunnel_key, remote_ipv6[1]));
}

uint64_t helper_skb_set_tunnel_key(uint64_t c, uint64_t from, uint64_t size, uint64_t flags, uint64_t r5,
				   struct iov_env *env)
{
	struct iov_ctx *ctx = packet_ctx(c);
	struct kept kept = {.flags = (uint32_t)flags};
	bool ip6 = flags & BPF_F_TUNINFO_IPV6;

	(void)r5, (void)env;
	if (flags & ~(uint64_t)SET_FLAGS || !known_size((uint32_t)size, false))
		return helper_err(-EINVAL);
	memcpy(&kept.key, helper_ptr(from), (uint32_t)size);
	if ((!ip6 && kept.key.tunnel_label) || kept.key.tunnel_ext)
		return helper_err(-EINVAL);
	memcpy(ctx->tunnel_key, &kept, sizeof(kept));
	ctx->tunnel_key_size = sizeof(kept);
	ctx->tunnel_opt_size = 0;
	return 0;
}

static uint16_t tunnel_flags(uint32_t set, bool options)
{
	return htons((uint16_t)(T_NO_CACHE | (options ? T_OPTIONS : 0) |
				(set & BPF_F_DONT_FRAGMENT ? T_DONT_FRAGMENT : 0) |
				(set & BPF_F_ZERO_CSUM_TX ? 0 : T_CSUM) | (set & BPF_F_SEQ_NUMBER ? T_SEQ : 0) |
				(set & NO_KEY ? 0 : T_KEY)));
}

/* As the other end sees it. */
static struct bpf_tunnel_key turned(const struct kept *kept, uint64_t flags, bool options)
{
	struct bpf_tunnel_key key = {.tunnel_id = kept->key.tunnel_id, .tunnel_tos = kept->key.tunnel_tos,
				     .tunnel_ttl = kept->key.tunnel_ttl};

	if (flags & GIVE_FLAGS)
		key.tunnel_flags = tunnel_flags(kept->flags, options);
	if (flags & BPF_F_TUNINFO_IPV6) {
		memcpy(key.remote_ipv6, kept->key.local_ipv6, sizeof(key.remote_ipv6));
		memcpy(key.local_ipv6, kept->key.remote_ipv6, sizeof(key.local_ipv6));
		key.tunnel_label = kept->key.tunnel_label & FLOW_LABEL;
	} else {
		key.remote_ipv4 = kept->key.local_ipv4;
		key.local_ipv4 = kept->key.remote_ipv4;
	}
	return key;
}

uint64_t helper_skb_get_tunnel_key(uint64_t c, uint64_t to, uint64_t size, uint64_t flags, uint64_t r5,
				   struct iov_env *env)
{
	const struct iov_ctx *ctx = packet_ctx(c);
	struct bpf_tunnel_key key;
	struct kept kept;
	int64_t error = 0;

	(void)r5, (void)env;
	memcpy(&kept, ctx->tunnel_key, sizeof(kept));
	if (!ctx->tunnel_key_size || flags & ~(uint64_t)GET_FLAGS)
		error = -EINVAL;
	else if ((flags ^ kept.flags) & BPF_F_TUNINFO_IPV6)
		error = -EPROTO;
	else if (!known_size((uint32_t)size, kept.flags & BPF_F_TUNINFO_IPV6))
		error = -EINVAL;
	if (error) {
		memset(helper_ptr(to), 0, (uint32_t)size);
		return helper_err(error);
	}
	key = turned(&kept, flags, ctx->tunnel_opt_size);
	memcpy(helper_ptr(to), &key, (uint32_t)size);
	return 0;
}

uint64_t helper_skb_set_tunnel_opt(uint64_t c, uint64_t from, uint64_t size, uint64_t r4, uint64_t r5,
				   struct iov_env *env)
{
	struct iov_ctx *ctx = packet_ctx(c);

	(void)r4, (void)r5, (void)env;
	if (!ctx->tunnel_key_size || size & 3)
		return helper_err(-EINVAL);
	if ((uint32_t)size > MOST_OPTIONS)
		return helper_err(-ENOMEM);
	memcpy(ctx->tunnel_opt, helper_ptr(from), (uint32_t)size);
	ctx->tunnel_opt_size = (uint16_t)size;
	return 0;
}

uint64_t helper_skb_get_tunnel_opt(uint64_t c, uint64_t to, uint64_t size, uint64_t r4, uint64_t r5,
				   struct iov_env *env)
{
	const struct iov_ctx *ctx = packet_ctx(c);
	bool fits = ctx->tunnel_opt_size && (uint32_t)size >= ctx->tunnel_opt_size;

	(void)r4, (void)r5, (void)env;
	memset(helper_ptr(to), 0, (uint32_t)size);
	if (!fits)
		return helper_err(ctx->tunnel_opt_size ? -ENOMEM : -ENOENT);
	memcpy(helper_ptr(to), ctx->tunnel_opt, ctx->tunnel_opt_size);
	return ctx->tunnel_opt_size;
}
