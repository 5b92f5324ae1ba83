/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Owns: the basics of connection tracking: one key for both directions of a conversation, and a small TCP state
 * machine. What to allow, for how long, and in which map the table lies is the module's own business.
 *
 * Invariant: iov_flow_canonical gives the same key for a packet and for its answer. A key has no
 * padding, so that keys can be compared and hashed as bytes. */
#ifndef IOV_CONNTRACK_H
#define IOV_CONNTRACK_H

#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <iov/cursor.h>
#include <iov/tcp.h>

/** Who talks to whom. IPv4 addresses are in their v4-mapped form, ::ffff:a.b.c.d. In a canonical key `low` is the end
 * whose address (then port) compares lower; before iov_flow_canonical it is the packet's source. */
struct iov_flow {
	__u8 low[16], high[16];
	__be16 low_port, high_port;  /**< ICMP echo: its id, at both ends */
	__u16 vlan, outer_vlan;      /**< ids, 0: none */
	__u32 proto, family;         /**< family: 4 or 6 */
} __attribute__((aligned(8)));

/** Address `addr` of the packet into one end of a flow. */
static __always_inline void iov_flow_addr4(__u8 *end, __be32 addr)
{
	__u32 *words = (__u32 *)end;

	words[0] = 0;
	words[1] = 0;
	words[2] = bpf_htonl(0xffff);
	words[3] = addr;
}

static __always_inline void iov_flow_addr6(__u8 *end, const void *addr)
{
	__builtin_memcpy(end, addr, 16);
}

/** Order of the two ends: by address, then by port. Any total order will do, so words are compared as they lie. */
static __always_inline int iov_flow_reversed(const struct iov_flow *flow)
{
	const __u64 *low = (const __u64 *)flow->low, *high = (const __u64 *)flow->high;

	if (low[0] != high[0])
		return low[0] > high[0];
	if (low[1] != high[1])
		return low[1] > high[1];
	return flow->low_port > flow->high_port;
}

/** Make the key the same for both directions. Returns 1 when the ends were swapped: the packet goes high → low. */
static __always_inline int iov_flow_canonical(struct iov_flow *flow)
{
	__u64 *low = (__u64 *)flow->low, *high = (__u64 *)flow->high, word;
	__be16 port;

	if (!iov_flow_reversed(flow))
		return 0;
	word = low[0], low[0] = high[0], high[0] = word;
	word = low[1], low[1] = high[1], high[1] = word;
	port = flow->low_port, flow->low_port = flow->high_port, flow->high_port = port;
	return 1;
}

/** One way of looking at a TCP connection from its middle. UDP and ICMP use NEW and ESTABLISHED only. */
enum iov_conn_state {
	IOV_CONN_NEW,          /**< only the opener has spoken */
	IOV_CONN_ESTABLISHED,  /**< both have */
	IOV_CONN_FIN,          /**< one side has finished */
	IOV_CONN_CLOSED,       /**< both have finished */
	IOV_CONN_RESET,
};

/** The state after a packet with these TCP flags. `reply`: it came from the end that did not open the connection;
 * `finished` collects the ends (bit 0: opener, bit 1: the other) that have sent FIN. */
static __always_inline enum iov_conn_state iov_tcp_next(enum iov_conn_state state, __u8 flags, int reply,
							__u32 *finished)
{
	if (flags & IOV_TCP_RST)
		return IOV_CONN_RESET;
	if (state == IOV_CONN_RESET)
		return state;
	if (flags & IOV_TCP_FIN)
		*finished |= reply ? 2 : 1;
	if (*finished == 3)
		return IOV_CONN_CLOSED;
	if (*finished)
		return IOV_CONN_FIN;
	return reply || state == IOV_CONN_ESTABLISHED ? IOV_CONN_ESTABLISHED : IOV_CONN_NEW;
}

#endif
