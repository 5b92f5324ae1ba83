/* SPDX-License-Identifier: Apache-2.0 */
/* The hash of a packet's flow: addresses, protocol and ports, the same in both directions; fragments without ports.
 * Every byte is looked at only when the packet has it. */
#include "runtime/packet.h"

enum { TCP = 6, UDP = 17, SCTP = 132, UDP_LITE = 136 };

struct flow {
	uint64_t ends[2][3]; /* address, port of each end */
	uint32_t protocol;
};

static uint64_t mix(uint64_t h, uint64_t word)
{
	unsigned __int128 product = (unsigned __int128)(h ^ word ^ 0x9e3779b97f4a7c15u) * 0xd6e8feb86659fd93u;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static void ports(struct flow *f, const uint8_t *at, uint64_t left)
{
	bool has = f->protocol == TCP || f->protocol == UDP || f->protocol == SCTP || f->protocol == UDP_LITE;

	for (int end = 0; has && left >= 4 && end < 2; end++)
		f->ends[end][2] = (uint64_t)at[end * 2] << 8 | at[end * 2 + 1];
}

static void ip4(struct flow *f, const uint8_t *ip, uint64_t left)
{
	uint32_t header;

	if (left < PACKET_IP4_HEADER)
		return;
	header = (ip[0] & 15u) * 4;
	memcpy(&f->ends[0][0], ip + 12, 4);
	memcpy(&f->ends[1][0], ip + 16, 4);
	f->protocol = ip[9];
	if (header >= PACKET_IP4_HEADER && header <= left && !((ip[6] << 8 | ip[7]) & 0x3fff))
		ports(f, ip + header, left - header);
}

static void ip6(struct flow *f, const uint8_t *ip, uint64_t left)
{
	if (left < PACKET_IP6_HEADER)
		return;
	memcpy(f->ends[0], ip + 8, 16);
	memcpy(f->ends[1], ip + 24, 16);
	f->protocol = ip[6];
	ports(f, ip + PACKET_IP6_HEADER, left - PACKET_IP6_HEADER);
}

uint32_t packet_flow_hash(const struct iov_ctx *ctx, uint64_t seed)
{
	uint64_t left = packet_left(ctx, ctx->net), ends[2], h;
	struct flow f = {.protocol = 0};

	if (ctx->skb.protocol == htons(PACKET_IP4))
		ip4(&f, ctx->net, left);
	else if (ctx->skb.protocol == htons(PACKET_IP6))
		ip6(&f, ctx->net, left);
	for (int end = 0; end < 2; end++)
		ends[end] = mix(mix(mix(seed, f.ends[end][0]), f.ends[end][1]), f.ends[end][2]);
	h = mix(mix(seed ^ f.protocol, ends[0] + ends[1]), ctx->skb.protocol);
	return (uint32_t)(h >> 32) ? (uint32_t)(h >> 32) : 1;
}
