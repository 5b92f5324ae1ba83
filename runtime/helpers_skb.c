/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers of socket-buffer programs that copy bytes or change what goes with a packet. The bytes are always linear
 * here, so what the kernel does to make them so is done already. What asks for the packet's socket, cgroup or route
 * gets what Linux gives for a packet that has none. */
#include "runtime/packet.h"

enum { MAX_PACKET = 0xffff, MAX_CSUM_LEVEL = 3, OTHER_HOST = 3, OVERFLOW_UID = 65534, INITIAL_NETNS = 1 };

/* Offsets count from the start of the packet as the program sees it. */
static bool in_packet(const struct iov_ctx *ctx, uint64_t offset, uint64_t len)
{
	return offset <= INT32_MAX && offset + len <= packet_len(ctx);
}

uint64_t helper_skb_load_bytes(uint64_t c, uint64_t off, uint64_t to, uint64_t len, uint64_t r5, struct iov_env *env)
{
	const struct iov_ctx *ctx = packet_ctx(c);

	(void)r5, (void)env;
	if (!in_packet(ctx, (uint32_t)off, (uint32_t)len)) {
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
	const struct iov_ctx *ctx = packet_ctx(c);
	const uint8_t *from = (uint32_t)start == FROM_MAC ? ctx->mac : ctx->net;

	(void)env;
	if ((uint32_t)start > FROM_NET || (uint32_t)off > MAX_PACKET || !from ||
	    (uint64_t)(uint32_t)off + (uint32_t)len > packet_left(ctx, from)) {
		memset(helper_ptr(to), 0, (uint32_t)len);
		return helper_err(-EFAULT);
	}
	memcpy(helper_ptr(to), from + (uint32_t)off, (uint32_t)len);
	return 0;
}

uint64_t helper_skb_store_bytes(uint64_t c, uint64_t off, uint64_t from, uint64_t len, uint64_t flags,
				struct iov_env *env)
{
	enum { RECOMPUTE_CSUM = 1, INVALIDATE_HASH = 2 };
	struct iov_ctx *ctx = packet_ctx(c);

	(void)env;
	if (flags & ~(uint64_t)(RECOMPUTE_CSUM | INVALIDATE_HASH))
		return helper_err(-EINVAL);
	if (!in_packet(ctx, (uint32_t)off, (uint32_t)len))
		return helper_err(-EFAULT);
	memmove(ctx->data + (uint32_t)off, helper_ptr(from), (uint32_t)len);
	if (flags & INVALIDATE_HASH)
		packet_set_hash(ctx, 0, false);
	return 0;
}

uint64_t helper_skb_pull_data(uint64_t c, uint64_t len, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r3, r4, r5, env);
	return (uint32_t)len > packet_len(packet_ctx(c)) ? helper_err(-ENOMEM) : 0;
}

uint64_t helper_get_hash_recalc(uint64_t c, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct iov_ctx *ctx = packet_ctx(c);

	(void)r2, (void)r3, (void)r4, (void)r5;
	if (!ctx->hashed)
		packet_set_hash(ctx, packet_flow_hash(ctx, env->seed), true);
	return ctx->skb.hash;
}

uint64_t helper_set_hash(uint64_t c, uint64_t hash, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r3, r4, r5, env);
	packet_set_hash(packet_ctx(c), (uint32_t)hash, true);
	return 0;
}

uint64_t helper_set_hash_invalid(uint64_t c, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r2, r3, r4, r5, env);
	packet_set_hash(packet_ctx(c), 0, false);
	return 0;
}

uint64_t helper_skb_change_type(uint64_t c, uint64_t type, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct iov_ctx *ctx = packet_ctx(c);

	IOV_UNUSED(r3, r4, r5, env);
	if (ctx->skb.pkt_type > OTHER_HOST || (uint32_t)type > OTHER_HOST)
		return helper_err(-EINVAL);
	ctx->skb.pkt_type = (uint32_t)type;
	return 0;
}

/* The sum of the whole packet is something that only some network cards give. */
uint64_t helper_csum_update(uint64_t c, uint64_t csum, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(c, csum, r3, r4, r5);
	(void)env;
	return helper_err(-PACKET_ENOTSUPP);
}

uint64_t helper_csum_level(uint64_t c, uint64_t what, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	enum { QUERY, INC, DEC, RESET };
	int8_t *level = &packet_ctx(c)->csum_level;

	IOV_UNUSED(r3, r4, r5, env);
	switch (what) {
	case QUERY:
		return *level < 0 ? helper_err(-EACCES) : (uint64_t)*level;
	case INC:
		*level += *level < MAX_CSUM_LEVEL;
		return 0;
	case DEC:
		*level -= *level >= 0;
		return 0;
	case RESET:
		*level = -1;
		return 0;
	}
	return helper_err(-EINVAL);
}

uint64_t helper_skb_set_tstamp(uint64_t c, uint64_t time, uint64_t type, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	enum { REALTIME, MONOTONIC, TAI };
	struct iov_skb_fields *skb = &packet_ctx(c)->skb;

	(void)r4, (void)r5, (void)env;
	if (skb->protocol != htons(PACKET_IP4) && skb->protocol != htons(PACKET_IP6))
		return helper_err(-EOPNOTSUPP);
	if ((uint32_t)type > TAI || ((uint32_t)type != REALTIME && !time))
		return helper_err(-EINVAL);
	skb->tstamp = time;
	skb->tstamp_type = (uint8_t)type;
	return 0;
}

/* RFC 3168: a packet that may be marked (ECT(0), ECT(1)) or is already gets CE. */
static bool mark_ip4(uint8_t *ip)
{
	uint32_t ecn = (ip[1] + 1u) & 3, sum;
	uint16_t check;

	if (!(ecn & 2))
		return !ecn;
	memcpy(&check, ip + 10, sizeof(check));
	sum = (uint32_t)check + htons(0xfffb) + htons((uint16_t)ecn);
	sum = (sum & 0xffff) + (sum >> 16);
	check = (uint16_t)(sum + (sum >> 16));
	memcpy(ip + 10, &check, sizeof(check));
	ip[1] |= 3;
	return true;
}

static bool mark_ip6(uint8_t *ip)
{
	if (!(ip[1] & 0x30))
		return false;
	ip[1] |= 0x30;
	return true;
}

/* Linux looks behind VLAN tags for the protocol, and for its header behind the link header all the same. */
uint64_t helper_skb_ecn_set_ce(uint64_t c, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	const struct iov_ctx *ctx = packet_ctx(c);
	uint64_t left = packet_left(ctx, ctx->net);
	uint16_t protocol = packet_inner_protocol(ctx);

	IOV_UNUSED(r2, r3, r4, r5, env);
	if (protocol == htons(PACKET_IP4))
		return left >= PACKET_IP4_HEADER && mark_ip4(ctx->net);
	return protocol == htons(PACKET_IP6) && left >= PACKET_IP6_HEADER && mark_ip6(ctx->net);
}

/* --- What only Linux could know more about. ---------------------------------------------------------------------- */

#define WITHOUT_KERNEL(name, answer)                                                                                   \
	uint64_t helper_##name(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)   \
	{                                                                                                              \
		IOV_UNUSED(r1, r2, r3, r4, r5);                                                                        \
		(void)env;                                                                                             \
		return answer;                                                                                         \
	}
WITHOUT_KERNEL(get_route_realm, 0)
WITHOUT_KERNEL(get_netns_cookie, INITIAL_NETNS)

/* No packet here has been through IPsec. */
uint64_t helper_skb_get_xfrm_state(uint64_t c, uint64_t index, uint64_t to, uint64_t size, uint64_t flags,
				   struct iov_env *env)
{
	(void)c, (void)index, (void)flags, (void)env;
	memset(helper_ptr(to), 0, (uint32_t)size);
	return helper_err(-EINVAL);
}
