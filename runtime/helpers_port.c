/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers about where packets go: redirection, copies sent elsewhere, and what the host's ports, routes and neighbours
 * say (iov_worker_set_network). Without any there is no port: -ENODEV. */
#include "runtime/network.h"
#include "runtime/packet.h"

#include <linux/bpf.h>
#include <sys/socket.h>

enum { XDP_TYPE = 6, TC_SHOT = 2, TC_REDIRECT = 7, LOCAL_TABLE = 255, MAIN_TABLE = 254,
       DEFAULT_TABLE = 253 };

static uint64_t redirect_skb(uint64_t ifindex, uint64_t flags, struct iov_env *env)
{
	env->redirect_ifindex = (uint32_t)ifindex;
	env->redirect_flags = (uint32_t)flags;
	return TC_REDIRECT;
}

uint64_t helper_redirect(uint64_t ifindex, uint64_t flags, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	(void)r3, (void)r4, (void)r5;
	if (env->image->prog->type != XDP_TYPE)
		return flags & ~(uint64_t)BPF_F_INGRESS ? TC_SHOT : redirect_skb(ifindex, flags, env);
	if (flags)
		return XDP_ABORTED;
	redirect_skb(ifindex, 0, env);
	return XDP_REDIRECT;
}

uint64_t helper_redirect_peer(uint64_t ifindex, uint64_t flags, uint64_t r3, uint64_t r4, uint64_t r5,
			      struct iov_env *env)
{
	(void)r3, (void)r4, (void)r5;
	return flags ? TC_SHOT : redirect_skb(ifindex, 0, env);
}

uint64_t helper_redirect_neigh(uint64_t ifindex, uint64_t params, uint64_t size, uint64_t flags, uint64_t r5,
			       struct iov_env *env)
{
	(void)params, (void)r5;
	if (flags || ((int32_t)size && (uint32_t)size < sizeof(struct bpf_redir_neigh)))
		return TC_SHOT;
	return redirect_skb(ifindex, 0, env);
}

uint64_t helper_clone_redirect(uint64_t c, uint64_t ifindex, uint64_t flags, uint64_t r4, uint64_t r5,
			       struct iov_env *env)
{
	const struct iov_ctx *ctx = packet_ctx(c);

	(void)r4, (void)r5;
	if (flags & ~(uint64_t)BPF_F_INGRESS || !env->send ||
	    (env->network && !network_port(env->network, (uint32_t)ifindex)))
		return helper_err(-EINVAL);
	return helper_err(env->send(env->send_ud, (uint32_t)ifindex, flags & BPF_F_INGRESS, ctx->data,
				    packet_len(ctx)));
}

/* --- Frames and MTUs. -------------------------------------------------------------------------------------------- */

static uint32_t port_of(const struct iov_env *env, const struct iov_ctx *ctx, uint32_t ifindex)
{
	if (ifindex)
		return ifindex;
	return env->image->prog->type == XDP_TYPE ? ctx->xdp.ingress_ifindex : ctx->skb.ifindex;
}

uint64_t helper_check_mtu(uint64_t c, uint64_t ifindex, uint64_t length, uint64_t difference, uint64_t flags,
			  struct iov_env *env)
{
	const struct iov_ctx *ctx = packet_ctx(c);
	bool xdp = env->image->prog->type == XDP_TYPE;
	const struct iov_port *port = network_port(env->network, port_of(env, ctx, (uint32_t)ifindex));
	uint32_t *mtu = helper_ptr(length);
	uint32_t size;

	if (flags & ~(uint64_t)(xdp ? 0 : BPF_MTU_CHK_SEGS) || (flags && ((int32_t)difference || *mtu)))
		return helper_err(-EINVAL);
	if (!port)
		return helper_err(-ENODEV);
	/* Lengths are an int of Linux', which may go over. */
	size = (*mtu ? *mtu + PACKET_ETH_HEADER : (uint32_t)packet_len(ctx)) + (uint32_t)difference;
	*mtu = port->mtu;
	return (int32_t)size > (int32_t)(port->mtu + PACKET_ETH_HEADER) ? BPF_MTU_CHK_RET_FRAG_NEEDED :
									   BPF_MTU_CHK_RET_SUCCESS;
}

/* --- Routes. ----------------------------------------------------------------------------------------------------- */

static uint8_t *destination(struct bpf_fib_lookup *p)
{
	return p->family == AF_INET ? (uint8_t *)&p->ipv4_dst : (uint8_t *)p->ipv6_dst;
}

/* Link-local and multicast addresses of IPv6 are never forwarded, nor is the loopback's. */
static bool stays_on_link(const uint32_t *ip6)
{
	static const uint8_t loopback[16] = {[15] = 1};
	const uint8_t *at = (const uint8_t *)ip6;

	return !memcmp(at, loopback, sizeof(loopback)) || at[0] == 0xff || (at[0] == 0xfe && (at[1] & 0xc0) == 0x80);
}

static int64_t to_neighbour(const struct iov_network *n, const struct iov_port *out, struct bpf_fib_lookup *p)
{
	const uint8_t *mac = network_neighbour(n, p->family == AF_INET ? 4 : 6, out->ifindex, destination(p));

	if (!mac)
		return BPF_FIB_LKUP_RET_NO_NEIGH;
	memcpy(p->dmac, mac, sizeof(p->dmac));
	memcpy(p->smac, out->mac, sizeof(p->smac));
	return BPF_FIB_LKUP_RET_SUCCESS;
}

static int64_t set_source(const struct iov_route *route, struct bpf_fib_lookup *p)
{
	static const uint8_t none[16];
	size_t size = p->family == AF_INET ? 4 : 16;

	if (!memcmp(route->source, none, size) && p->family == AF_INET6)
		return BPF_FIB_LKUP_RET_NO_SRC_ADDR;
	memcpy(p->family == AF_INET ? (void *)&p->ipv4_src : (void *)p->ipv6_src, route->source, size);
	return BPF_FIB_LKUP_RET_SUCCESS;
}

/* The order of what is written and what ends the lookup is Linux'. */
static int64_t follow(const struct iov_network *n, const struct iov_route *route, struct bpf_fib_lookup *p,
		      uint32_t flags, bool check_mtu)
{
	const struct iov_port *out = network_port(n, route->ifindex);
	uint32_t mtu = 0;
	int64_t error;

	if (!out)
		return BPF_FIB_LKUP_RET_NOT_FWDED;
	if (check_mtu) {
		mtu = route->mtu ? route->mtu : out->mtu;
		if (p->tot_len > mtu) {
			p->mtu_result = (uint16_t)mtu;
			return BPF_FIB_LKUP_RET_FRAG_NEEDED;
		}
	}
	p->rt_metric = route->metric;
	p->ifindex = out->ifindex;
	error = flags & BPF_FIB_LOOKUP_SRC ? set_source(route, p) : 0;
	if (error)
		return error;
	if (route->gateway_family == 6)
		p->family = AF_INET6;
	if (route->gateway_family)
		memcpy(destination(p), route->gateway, route->gateway_family == 4 ? 4 : 16);
	error = flags & BPF_FIB_LOOKUP_SKIP_NEIGH ? 0 : to_neighbour(n, out, p);
	if (error)
		return error;
	p->h_vlan_TCI = p->h_vlan_proto = 0;
	if (mtu)
		p->mtu_result = (uint16_t)mtu;
	return BPF_FIB_LKUP_RET_SUCCESS;
}

static const struct iov_route *find_route(const struct iov_network *n, struct bpf_fib_lookup *p, uint32_t flags)
{
	static const uint32_t in_turn[] = {LOCAL_TABLE, MAIN_TABLE, DEFAULT_TABLE};
	/* Where a packet leaves binds a lookup of IPv4 alone. */
	uint32_t out = flags & BPF_FIB_LOOKUP_OUTPUT && p->family == AF_INET ? p->ifindex : 0, table = MAIN_TABLE;
	uint8_t family = p->family == AF_INET ? 4 : 6;
	const struct iov_route *route = NULL;

	for (size_t i = 0; !(flags & BPF_FIB_LOOKUP_DIRECT) && !route && i < 3; i++)
		route = network_route(n, family, in_turn[i], destination(p), out);
	if (!(flags & BPF_FIB_LOOKUP_DIRECT))
		return route;
	if (flags & BPF_FIB_LOOKUP_TBID) {
		table = p->tbid;
		p->tbid = 0;
	}
	return network_route(n, family, table, destination(p), out);
}

static int64_t look_up(const struct iov_network *n, struct bpf_fib_lookup *p, uint32_t flags, bool check_mtu)
{
	static const uint8_t answers[] = {
		[IOV_ROUTE_UNICAST] = BPF_FIB_LKUP_RET_SUCCESS, [IOV_ROUTE_LOCAL] = BPF_FIB_LKUP_RET_NOT_FWDED,
		[IOV_ROUTE_BLACKHOLE] = BPF_FIB_LKUP_RET_BLACKHOLE,
		[IOV_ROUTE_UNREACHABLE] = BPF_FIB_LKUP_RET_UNREACHABLE,
		[IOV_ROUTE_PROHIBIT] = BPF_FIB_LKUP_RET_PROHIBIT,
	};
	const struct iov_port *in = network_port(n, p->ifindex);
	const struct iov_route *route;

	if (p->family == AF_INET6 && (stays_on_link(p->ipv6_dst) || stays_on_link(p->ipv6_src)))
		return BPF_FIB_LKUP_RET_NOT_FWDED;
	if (!in)
		return -ENODEV;
	if (!in->forwards)
		return BPF_FIB_LKUP_RET_FWD_DISABLED;
	route = find_route(n, p, flags);
	if (!route || route->kind >= sizeof(answers))
		return BPF_FIB_LKUP_RET_NOT_FWDED;
	return route->kind == IOV_ROUTE_UNICAST ? follow(n, route, p, flags, check_mtu) : answers[route->kind];
}

uint64_t helper_fib_lookup(uint64_t c, uint64_t params, uint64_t size, uint64_t flags, uint64_t r5, struct iov_env *env)
{
	const uint32_t known = BPF_FIB_LOOKUP_DIRECT | BPF_FIB_LOOKUP_OUTPUT | BPF_FIB_LOOKUP_SKIP_NEIGH |
			       BPF_FIB_LOOKUP_TBID | BPF_FIB_LOOKUP_SRC | 32 /* BPF_FIB_LOOKUP_MARK */;
	const struct iov_ctx *ctx = packet_ctx(c);
	bool xdp = env->image->prog->type == XDP_TYPE, check_mtu;
	const struct iov_port *out;
	struct bpf_fib_lookup p; /* a copy: another thread may be changing what lies in a map */
	int64_t answer;

	(void)r5;
	if ((int32_t)size < (int32_t)sizeof(p) || (uint32_t)flags & ~known)
		return helper_err(-EINVAL);
	memcpy(&p, helper_ptr(params), sizeof(p));
	if (p.family != AF_INET && p.family != AF_INET6)
		return helper_err(-EAFNOSUPPORT);
	check_mtu = xdp || p.tot_len;
	answer = look_up(env->network, &p, (uint32_t)flags, check_mtu);
	out = network_port(env->network, p.ifindex);
	if (answer == BPF_FIB_LKUP_RET_SUCCESS && !check_mtu)
		p.mtu_result = (uint16_t)out->mtu;
	memcpy(helper_ptr(params), &p, sizeof(p));
	if (answer != BPF_FIB_LKUP_RET_SUCCESS || check_mtu)
		return helper_err(answer);
	return packet_len(ctx) > (uint64_t)out->mtu + PACKET_ETH_HEADER ? BPF_FIB_LKUP_RET_FRAG_NEEDED : 0;
}
