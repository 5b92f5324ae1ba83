/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the helpers of socket-buffer programs share about the packet in a struct iov_ctx. */
#ifndef IOV_RUNTIME_PACKET_H
#define IOV_RUNTIME_PACKET_H

#include "runtime/helpers.h"

#include <arpa/inet.h>
#include <string.h>

enum { PACKET_ETH_HEADER = 14, PACKET_IP4_HEADER = 20, PACKET_IP6_HEADER = 40, PACKET_ENOTSUPP = 524 };
enum { PACKET_IP4 = 0x0800, PACKET_IP6 = 0x86dd, PACKET_VLAN = 0x8100, PACKET_QINQ = 0x88a8 };

static inline struct iov_ctx *packet_ctx(uint64_t r) { return helper_ptr(r); }
static inline uint64_t packet_len(const struct iov_ctx *ctx) { return (uint64_t)(ctx->data_end - ctx->data); }
/** Bytes from `at` to the packet's end. */
static inline uint64_t packet_left(const struct iov_ctx *ctx, const uint8_t *at)
{
	return at && at < ctx->data_end ? (uint64_t)(ctx->data_end - at) : 0;
}
static inline bool packet_is_vlan(uint32_t protocol)
{
	return protocol == htons(PACKET_VLAN) || protocol == htons(PACKET_QINQ);
}

/** The bounds of the packet have changed: what is derived from them. Metadata does not survive. */
static inline void packet_moved(struct iov_ctx *ctx)
{
	ctx->data_meta = ctx->data;
	ctx->skb.len = (uint32_t)packet_len(ctx);
}

/** A frame that has just come in: what a context says of its headers. */
static inline void packet_arrives(struct iov_ctx *ctx)
{
	ctx->mac = ctx->data;
	ctx->net = ctx->data + (packet_len(ctx) < PACKET_ETH_HEADER ? packet_len(ctx) : PACKET_ETH_HEADER);
	ctx->trans = NULL;
	ctx->csum_level = -1;
	ctx->hashed = ctx->encapsulated = false;
	ctx->tunnel_key_size = ctx->tunnel_opt_size = 0;
}

static inline void packet_set_hash(struct iov_ctx *ctx, uint32_t hash, bool known)
{
	ctx->skb.hash = hash;
	ctx->hashed = known;
}

/** EtherType, in network order, as Linux sets it when a frame comes in (eth_type_trans); 0: no whole header. */
uint16_t packet_protocol(const uint8_t *frame, uint64_t len);
/** The protocol behind the VLAN tags that follow the link header; 0 when there are too many, or no whole one. */
uint16_t packet_inner_protocol(const struct iov_ctx *ctx);
/** Sum of the flow's addresses and ports, the same in both directions; never 0. */
uint32_t packet_flow_hash(const struct iov_ctx *ctx, uint64_t seed);

#endif
