/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers that make a socket buffer longer or shorter: at the ends, inside for encapsulation, VLAN tags. What is new is
 * zeros. Linux takes new memory where the room does not do; here there is what the host gave: -ENOMEM beyond it.
 * A VLAN tag waits in the context, outside the bytes, until a second one is pushed: as in Linux. */
#include "runtime/packet.h"

#include <linux/bpf.h>
#include <stdlib.h>

/* Flags that uapi headers have since 6.3. */
enum { DECAP_IP4 = 1 << 7, DECAP_IP6 = 1 << 8, DECAP = DECAP_IP4 | DECAP_IP6 };
enum { VLAN_TAG = 4, MAC_ADDRESSES = 12, MOST_DIFFERENCE = 0xfff };

uint16_t packet_protocol(const uint8_t *frame, uint64_t len)
{
	const uint8_t *at = frame + PACKET_ETH_HEADER - 2;
	uint16_t protocol;

	if (len < PACKET_ETH_HEADER)
		return 0;
	memcpy(&protocol, at, sizeof(protocol));
	if (at[0] >= 0x06)
		return protocol;
	/* An 802.3 length: ETH_P_802_2, or ETH_P_802_3 where Novell's FF FF follows. */
	return htons(len >= PACKET_ETH_HEADER + 2 && at[2] == 0xff && at[3] == 0xff ? 0x0001 : 0x0004);
}

uint16_t packet_inner_protocol(const struct iov_ctx *ctx)
{
	enum { MOST_TAGS = 8 };
	uint16_t protocol = (uint16_t)ctx->skb.protocol;
	uint64_t at = PACKET_ETH_HEADER; /* from the start of the packet, as Linux, whatever the layer */

	for (int tags = 1; packet_is_vlan(protocol); tags++, at += VLAN_TAG) {
		if (at + VLAN_TAG > packet_len(ctx) || tags == MOST_TAGS)
			return 0;
		memcpy(&protocol, ctx->data + at + 2, sizeof(protocol));
	}
	return protocol;
}

/* `len` zeros at `off`; what lies before them moves towards the head, and the link and network headers with it. */
static int64_t push(struct iov_ctx *ctx, uint32_t off, uint32_t len)
{
	bool same = ctx->trans == ctx->net;

	if (ctx->data - ctx->head < (int64_t)len || off > packet_len(ctx))
		return -ENOMEM;
	memmove(ctx->data - len, ctx->data, off);
	ctx->data -= len;
	memset(ctx->data + off, 0, len);
	ctx->mac -= len;
	ctx->net -= len;
	ctx->trans = same ? ctx->net : ctx->trans;
	packet_moved(ctx);
	return 0;
}

static int64_t pop(struct iov_ctx *ctx, uint32_t off, uint32_t len)
{
	bool same = ctx->trans == ctx->net;

	if ((uint64_t)off + len > packet_len(ctx))
		return -ENOMEM;
	memmove(ctx->data + len, ctx->data, off);
	ctx->data += len;
	ctx->mac += len;
	ctx->net += len;
	ctx->trans = same ? ctx->net : ctx->trans;
	packet_moved(ctx);
	return 0;
}

/* --- The ends. --------------------------------------------------------------------------------------------------- */

uint64_t helper_skb_change_tail(uint64_t c, uint64_t len, uint64_t flags, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct iov_ctx *ctx = packet_ctx(c);
	const uint8_t *least = ctx->trans ? ctx->trans : ctx->net;
	uint32_t to = (uint32_t)len;

	(void)r4, (void)r5, (void)env;
	if (flags || (int64_t)to < least - ctx->data || to > ctx->tail_limit - ctx->data)
		return helper_err(-EINVAL);
	if (ctx->encapsulated)
		return helper_err(-PACKET_ENOTSUPP);
	if (to > packet_len(ctx))
		memset(ctx->data_end, 0, to - packet_len(ctx));
	ctx->data_end = ctx->data + to;
	ctx->skb.len = to;
	return 0;
}

uint64_t helper_skb_change_head(uint64_t c, uint64_t by, uint64_t flags, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct iov_ctx *ctx = packet_ctx(c);
	uint32_t room = (uint32_t)by;

	(void)r4, (void)r5, (void)env;
	if (flags || (int32_t)room < 0)
		return helper_err(-EINVAL);
	if (ctx->data - ctx->head < (int64_t)room)
		return helper_err(-ENOMEM);
	ctx->data -= room;
	memset(ctx->data, 0, room);
	ctx->mac = ctx->data;
	packet_moved(ctx);
	return 0;
}

/* --- Inside. ----------------------------------------------------------------------------------------------------- */

uint64_t helper_skb_change_proto(uint64_t c, uint64_t proto, uint64_t flags, uint64_t r4, uint64_t r5,
				 struct iov_env *env)
{
	enum { DIFFERENCE = PACKET_IP6_HEADER - PACKET_IP4_HEADER };
	struct iov_ctx *ctx = packet_ctx(c);
	uint32_t off = (uint32_t)(ctx->net - ctx->mac), from = ctx->skb.protocol, to = (uint16_t)proto;
	int64_t error = -PACKET_ENOTSUPP;

	(void)r4, (void)r5, (void)env;
	if (flags)
		return helper_err(-EINVAL);
	if (from == htons(PACKET_IP4) && to == htons(PACKET_IP6))
		error = push(ctx, off, DIFFERENCE);
	else if (from == htons(PACKET_IP6) && to == htons(PACKET_IP4))
		error = pop(ctx, off, DIFFERENCE);
	if (!error) {
		ctx->skb.protocol = to;
		packet_set_hash(ctx, 0, false);
	}
	return helper_err(error);
}

static uint32_t base_header(const struct iov_ctx *ctx)
{
	return ctx->skb.protocol == htons(PACKET_IP4) ? PACKET_IP4_HEADER : PACKET_IP6_HEADER;
}

/* Headers go around the packet: -errno when the flags do not fit together. */
static int64_t check_encap(const struct iov_ctx *ctx, uint32_t len, uint64_t flags)
{
	uint32_t inner_mac = (uint32_t)(flags >> BPF_ADJ_ROOM_ENCAP_L2_SHIFT);

	if (flags & BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 && flags & BPF_F_ADJ_ROOM_ENCAP_L3_IPV6)
		return -EINVAL;
	if (flags & BPF_F_ADJ_ROOM_ENCAP_L4_GRE && flags & BPF_F_ADJ_ROOM_ENCAP_L4_UDP)
		return -EINVAL;
	if (flags & BPF_F_ADJ_ROOM_ENCAP_L2_ETH && inner_mac < PACKET_ETH_HEADER)
		return -EINVAL;
	if (ctx->encapsulated)
		return -EALREADY;
	return inner_mac > len ? -EINVAL : 0;
}

static int64_t grow(struct iov_ctx *ctx, uint32_t off, uint32_t len, uint64_t flags)
{
	bool encap = flags & (BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 | BPF_F_ADJ_ROOM_ENCAP_L3_IPV6);
	bool ip6 = flags & BPF_F_ADJ_ROOM_ENCAP_L3_IPV6;
	int64_t error = encap ? check_encap(ctx, len, flags) : 0;

	if (!error)
		error = push(ctx, off, len);
	if (error || !encap)
		return error;
	ctx->encapsulated = true;
	if (flags & (BPF_F_ADJ_ROOM_ENCAP_L4_GRE | BPF_F_ADJ_ROOM_ENCAP_L4_UDP))
		ctx->trans = ctx->net + (ip6 ? PACKET_IP6_HEADER : PACKET_IP4_HEADER);
	ctx->skb.protocol = htons(ip6 ? PACKET_IP6 : PACKET_IP4);
	return 0;
}

static int64_t shrink(struct iov_ctx *ctx, uint32_t off, uint32_t len, uint64_t flags)
{
	int64_t error;

	if (flags & ~(uint64_t)(BPF_F_ADJ_ROOM_FIXED_GSO | DECAP | BPF_F_ADJ_ROOM_NO_CSUM_RESET))
		return -EINVAL;
	error = pop(ctx, off, len);
	if (!error && flags & DECAP_IP4)
		ctx->skb.protocol = htons(PACKET_IP4);
	else if (!error && flags & DECAP_IP6)
		ctx->skb.protocol = htons(PACKET_IP6);
	return error;
}

/* Bytes that must be left of the network packet when it shrinks; below 0: -errno. */
static int64_t least_left(const struct iov_ctx *ctx, bool shrinks, uint64_t flags)
{
	uint64_t decap = flags & DECAP;

	if (!decap)
		return base_header(ctx);
	if (!shrinks || decap == DECAP)
		return -EINVAL;
	return decap == DECAP_IP4 ? PACKET_IP4_HEADER : PACKET_IP6_HEADER;
}

uint64_t helper_skb_adjust_room(uint64_t c, uint64_t difference, uint64_t mode, uint64_t flags, uint64_t r5,
				struct iov_env *env)
{
	const uint64_t known = BPF_F_ADJ_ROOM_FIXED_GSO | BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 | BPF_F_ADJ_ROOM_ENCAP_L3_IPV6 |
			       BPF_F_ADJ_ROOM_ENCAP_L4_GRE | BPF_F_ADJ_ROOM_ENCAP_L4_UDP |
			       BPF_F_ADJ_ROOM_NO_CSUM_RESET | BPF_F_ADJ_ROOM_ENCAP_L2_ETH |
			       DECAP |
			       (uint64_t)BPF_ADJ_ROOM_ENCAP_L2_MASK << BPF_ADJ_ROOM_ENCAP_L2_SHIFT;
	struct iov_ctx *ctx = packet_ctx(c);
	bool shrinks = (int32_t)difference < 0;
	uint32_t by = shrinks ? -(uint32_t)difference : (uint32_t)difference, off = (uint32_t)(ctx->net - ctx->mac);
	int64_t left = ctx->data_end - ctx->net, least, error;

	(void)r5, (void)env;
	if (flags & ~known)
		return helper_err(-EINVAL);
	if (by > MOST_DIFFERENCE)
		return helper_err(-EFAULT);
	if ((ctx->skb.protocol != htons(PACKET_IP4) && ctx->skb.protocol != htons(PACKET_IP6)) ||
	    (uint32_t)mode > BPF_ADJ_ROOM_MAC)
		return helper_err(-PACKET_ENOTSUPP);
	if ((uint32_t)mode == BPF_ADJ_ROOM_NET)
		off += base_header(ctx);
	least = least_left(ctx, shrinks, flags);
	if (least < 0)
		return helper_err(least);
	if (shrinks && ((int64_t)by >= left || left - by < least))
		return helper_err(-PACKET_ENOTSUPP);
	error = shrinks ? shrink(ctx, off, by, flags) : grow(ctx, off, by, flags);
	if (!error && !(flags & BPF_F_ADJ_ROOM_NO_CSUM_RESET))
		ctx->csum_level = -1;
	return helper_err(error);
}

/* --- VLAN tags. -------------------------------------------------------------------------------------------------- */

static void keep_tag(struct iov_ctx *ctx, uint16_t proto, uint16_t tci)
{
	ctx->skb.vlan_present = 1;
	ctx->skb.vlan_proto = proto;
	ctx->skb.vlan_tci = tci;
}

uint64_t helper_skb_vlan_push(uint64_t c, uint64_t proto, uint64_t tci, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct iov_ctx *ctx = packet_ctx(c);
	uint16_t outer = packet_is_vlan((uint16_t)proto) ? (uint16_t)proto : htons(PACKET_VLAN), tag[2];
	int64_t error;

	(void)r4, (void)r5, (void)env;
	if (ctx->skb.vlan_present) {
		uint8_t *net = ctx->net;

		if (packet_len(ctx) < PACKET_ETH_HEADER)
			return helper_err(-ENOMEM);
		error = push(ctx, MAC_ADDRESSES, VLAN_TAG);
		if (error)
			return helper_err(error);
		ctx->net = net - VLAN_TAG;
		tag[0] = (uint16_t)ctx->skb.vlan_proto;
		tag[1] = htons((uint16_t)ctx->skb.vlan_tci);
		memcpy(ctx->data + MAC_ADDRESSES, tag, sizeof(tag));
		ctx->skb.protocol = ctx->skb.vlan_proto;
	}
	keep_tag(ctx, outer, (uint16_t)tci);
	return 0;
}

/* The tag that lies in the bytes. */
static int64_t take_tag(struct iov_ctx *ctx, uint16_t *tci)
{
	uint8_t *net = ctx->net;

	if (packet_len(ctx) < PACKET_ETH_HEADER + VLAN_TAG)
		return -ENOMEM;
	memcpy(tci, ctx->data + PACKET_ETH_HEADER, sizeof(*tci));
	*tci = ntohs(*tci);
	pop(ctx, MAC_ADDRESSES, VLAN_TAG);
	ctx->net = net - ctx->data < PACKET_ETH_HEADER ? ctx->data + PACKET_ETH_HEADER : net;
	ctx->skb.protocol = packet_protocol(ctx->data, packet_len(ctx));
	return 0;
}

uint64_t helper_skb_vlan_pop(uint64_t c, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct iov_ctx *ctx = packet_ctx(c);
	uint16_t tci = 0, proto;
	int64_t error = 0;

	IOV_UNUSED(r2, r3, r4, r5, env);
	if (ctx->skb.vlan_present)
		ctx->skb.vlan_present = ctx->skb.vlan_proto = ctx->skb.vlan_tci = 0;
	else if (packet_is_vlan(ctx->skb.protocol))
		error = take_tag(ctx, &tci);
	if (error || !packet_is_vlan(ctx->skb.protocol))
		return helper_err(error);
	proto = (uint16_t)ctx->skb.protocol;
	error = take_tag(ctx, &tci);
	if (!error)
		keep_tag(ctx, proto, tci);
	return helper_err(error);
}

/* --- Below the link layer. --------------------------------------------------------------------------------------- */

static void sum_ip4(uint8_t *ip)
{
	uint32_t sum = 0;
	uint16_t word;

	for (int i = 0; i < (ip[0] & 15) * 4; i += 2) {
		memcpy(&word, ip + i, sizeof(word));
		sum += word;
	}
	sum = (sum & 0xffff) + (sum >> 16);
	word = (uint16_t)~(sum + (sum >> 16));
	memcpy(ip + 10, &word, sizeof(word));
}

/* IP headers alone: segment routing belongs to Linux' own tables. */
uint64_t helper_lwt_push_encap(uint64_t c, uint64_t type, uint64_t from, uint64_t len, uint64_t r5, struct iov_env *env)
{
	enum { MOST = 256, UDP_HEADER = 8 };
	struct iov_ctx *ctx = packet_ctx(c);
	uint32_t size = (uint32_t)len, least;
	uint8_t header[MOST]; /* a copy: another thread may be changing what lies in a map */
	bool ip4;

	(void)r5, (void)env;
	if ((uint32_t)type != BPF_LWT_ENCAP_IP || size < PACKET_IP4_HEADER || size > MOST)
		return helper_err(-EINVAL);
	memcpy(header, helper_ptr(from), size);
	ip4 = header[0] >> 4 == 4;
	if (!ip4 && header[0] >> 4 != 6)
		return helper_err(-EINVAL);
	least = ip4 ? (header[0] & 15u) * 4 : PACKET_IP6_HEADER;
	if (size < least || (header[ip4 ? 9 : 6] == IPPROTO_UDP && size < least + UDP_HEADER))
		return helper_err(-EINVAL);
	if (ctx->data - ctx->head < (int64_t)size)
		return helper_err(-ENOMEM);
	ctx->data -= size;
	ctx->net = ctx->data;
	ctx->encapsulated = true;
	memcpy(ctx->data, header, size);
	if (ip4 && !ctx->data[10] && !ctx->data[11])
		sum_ip4(ctx->data);
	ctx->skb.protocol = htons(ip4 ? PACKET_IP4 : PACKET_IP6);
	packet_set_hash(ctx, 0, false);
	packet_moved(ctx);
	return 0;
}
