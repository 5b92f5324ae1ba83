/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* A stateful packet filter for IPv4 and IPv6 at XDP.
 *
 * It belongs where both directions of a conversation come by: on both ports of a bridge or router (load it once, attach
 * it twice, the maps are shared), or over a recording. A packet goes through these steps, each a function below:
 *
 *   parse      Ethernet, up to two VLAN tags, ARP | IPv4 with options | IPv6 with up to six extension headers,
 *              TCP | UDP | ICMP | ICMPv6. What cannot be true of an honest packet is dropped, with a reason.
 *   neighbours ARP and, from the link itself (hop limit 255 or 1), NDP and MLD pass: without them nothing works.
 *   fragments  A first fragment has to bring the whole transport header and is judged like any packet; its verdict
 *              is remembered for `fragment_seconds`. Later fragments follow that verdict; one that comes before its
 *              first is dropped, so a sender whose fragments are reordered has to send again.
 *   related    ICMP errors pass when they quote a packet of a known conversation.
 *   known      A packet of a conversation in `conns` that has not timed out passes, whatever the rules say by now:
 *              rules decide who may open conversations.
 *   new        TCP SYN, UDP, ICMP echo request and other protocols are looked up: the longest prefix of the source in
 *              rules4 or rules6 denies, allows, or names a zone whose services are looked up by protocol and port.
 *              No match: default_action. Anything else without a conversation is dropped.
 *
 * What it does not do: follow TCP sequence numbers (a forged RST ends a conversation here as it might at the end host),
 * rewrite packets, limit rates, or look into tunnels.
 *
 * Rules are data: see rules.yaml beside this file. Parameters are the `const volatile` below, set before loading.
 * Counters: `stats` by reason, `rule_stats` by rule. Events: `events` gets a record for each conversation opened and
 * each packet dropped (log_opened, log_dropped).
 *
 * Races: two CPUs may see packets of one conversation at one time. Counters are atomic; the state, the finished bits
 * and last_seen_ns are plain stores, the last one wins, and the next packet puts it right. */
#include <linux/bpf.h>
#include <linux/in.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <iov/cursor.h>
#include <iov/eth.h>
#include <iov/vlan.h>
#include <iov/ip4.h>
#include <iov/ip6.h>
#include <iov/ip6ext.h>
#include <iov/frag.h>
#include <iov/tcp.h>
#include <iov/udp.h>
#include <iov/icmp.h>
#include <iov/conntrack.h>
#include <iov/record.h>
#include "firewall.h"

#define FW_SECOND 1000000000ULL

/* Policy. */
const volatile enum fw_action default_action = FW_DENY;   /* where no rule matches: FW_DENY or FW_ALLOW */
const volatile __u32 pass_other_protocols = 0;            /* frames that are neither IP nor ARP: LLDP, STP, MPLS, … */
const volatile __u32 drop_ip4_options = 0;
const volatile __u32 check_ip4_checksum = 1;
const volatile __u32 log_opened = 1;
const volatile __u32 log_dropped = 1;

/* Seconds after the last packet until a conversation is forgotten. */
const volatile __u32 tcp_new_seconds = 30;
const volatile __u32 tcp_established_seconds = 7200;
const volatile __u32 tcp_closing_seconds = 60;
const volatile __u32 udp_new_seconds = 30;
const volatile __u32 udp_established_seconds = 180;
const volatile __u32 icmp_seconds = 30;
const volatile __u32 other_seconds = 600;
const volatile __u32 fragment_seconds = 30;

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct iov_flow);
	__type(value, struct fw_conn);
} conns SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct fw_frag_key);
	__type(value, struct fw_frag);
} frags SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 1024);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct fw_prefix4);
	__type(value, struct fw_rule);
} rules4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 1024);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct fw_prefix6);
	__type(value, struct fw_rule);
} rules6 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct fw_service);
	__type(value, struct fw_permit);
} services SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FW_MAX_RULES);
	__type(key, __u32);
	__type(value, struct fw_rule_stats);
} rule_stats SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct fw_stats);
} stats SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} events SEC(".maps") IOV_RECORD(fw_event);

/* What parsing finds out about a packet. Lives on the stack of the entry; the subprograms get its address. */
struct fw_packet {
	struct iov_flow flow;       /* low is the source, high the destination */
	struct iov_frag frag;
	__u32 length;               /* of the frame */
	__u32 payload;              /* bytes behind the last header parsed */
	__u32 rule;                 /* the rule that decided */
	__u32 tcp_flags;
	__u32 icmp;                 /* enum iov_icmp_kind */
	__u32 hop_limit;
	__u32 opens;                /* may open a conversation */
};

/* Passes, or which reason drops. */
static __always_inline int fw_passes(__u32 reason)
{
	return reason <= FW_other_protocol;
}

/* Another CPU may have written a time that is a little after our `now`: the difference is a signed number. */
static __always_inline int fw_live(__u64 since_ns, __u64 now, __u32 seconds)
{
	return (__s64)(now - since_ns) < (__s64)(seconds * FW_SECOND);
}

/* --- Parsing. FW_opened stands for "well-formed so far". ------------------------------------------------------- */

static __always_inline enum fw_reason parse_tcp(struct iov_cursor *c, struct fw_packet *p)
{
	struct tcphdr *tcp = iov_tcp(c, p->payload);

	if (!tcp)
		return FW_tcp_malformed;
	p->flow.low_port = tcp->source;
	p->flow.high_port = tcp->dest;
	p->tcp_flags = iov_tcp_flags(tcp);
	p->opens = (p->tcp_flags & (IOV_TCP_SYN | IOV_TCP_ACK)) == IOV_TCP_SYN;
	return iov_tcp_flags_ok(p->tcp_flags) ? FW_opened : FW_tcp_flags;
}

static __always_inline enum fw_reason parse_udp(struct iov_cursor *c, struct fw_packet *p)
{
	struct udphdr *udp = iov_udp(c, p->payload, iov_frag_present(&p->frag));

	if (!udp)
		return FW_udp_malformed;
	p->flow.low_port = udp->source;
	p->flow.high_port = udp->dest;
	p->opens = 1;
	return FW_opened;
}

/* NDP is believed from the link only: a router would have lowered hop limit 255. MLD is sent with 1. */
static __always_inline int icmp_from_link(const struct fw_packet *p)
{
	if (p->icmp == IOV_ICMP_NEIGHBOUR)
		return p->hop_limit == 255 && !iov_frag_present(&p->frag);
	return p->hop_limit == 1;
}

static __always_inline enum fw_reason parse_icmp(struct iov_cursor *c, struct fw_packet *p)
{
	struct iov_icmp *icmp = iov_icmp(c, p->payload);

	if (!icmp)
		return FW_icmp_malformed;
	p->icmp = p->flow.family == 4 ? iov_icmp4_kind(icmp->type) : iov_icmp6_kind(icmp->type);
	if (p->icmp == IOV_ICMP_OTHER)
		return FW_icmp_type;
	if (p->icmp == IOV_ICMP_NEIGHBOUR || p->icmp == IOV_ICMP_MULTICAST)
		return icmp_from_link(p) ? FW_neighbour : FW_icmp_malformed;
	if (p->icmp == IOV_ICMP_ERROR)
		return FW_related;
	p->flow.low_port = icmp->id;
	p->flow.high_port = icmp->id;
	p->opens = p->icmp == IOV_ICMP_REQUEST;
	return FW_opened;
}

static __always_inline enum fw_reason parse_transport(struct iov_cursor *c, struct fw_packet *p)
{
	if (!iov_frag_ok(&p->frag, p->payload, p->flow.proto))
		return FW_fragment_bad;
	if (iov_frag_later(&p->frag))
		return FW_fragment;
	if (p->flow.proto == IPPROTO_TCP)
		return parse_tcp(c, p);
	if (p->flow.proto == IPPROTO_UDP)
		return parse_udp(c, p);
	if (p->flow.proto == (p->flow.family == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6))
		return parse_icmp(c, p);
	p->opens = 1;
	return FW_opened;
}

static __always_inline enum fw_reason parse_ip4(struct iov_cursor *c, struct fw_packet *p)
{
	struct iphdr *ip = iov_ip4(c, &p->payload);

	if (!ip)
		return FW_ip4_malformed;
	if (check_ip4_checksum && !iov_ip4_checksum_ok(ip, c->end))
		return FW_ip4_checksum;
	if (drop_ip4_options && ip->ihl > 5)
		return FW_ip4_options;
	p->flow.family = 4;
	p->flow.proto = ip->protocol;
	p->hop_limit = ip->ttl;
	iov_flow_addr4(p->flow.low, ip->saddr);
	iov_flow_addr4(p->flow.high, ip->daddr);
	iov_frag_ip4(&p->frag, ip);
	if (iov_ip4_bad_source(ip->saddr) || ip->saddr == ip->daddr)
		return FW_bad_source;
	return FW_opened;
}

static __always_inline enum fw_reason ip6_ext_reason(enum iov_ip6_ext_error error)
{
	switch (error) {
	case IOV_EXT_OK:
		return FW_opened;
	case IOV_EXT_ORDER:
		return FW_ip6_ext_order;
	case IOV_EXT_ROUTING:
		return FW_ip6_routing;
	default:
		return FW_ip6_ext_malformed;
	}
}

static __always_inline enum fw_reason parse_ip6(struct iov_cursor *c, struct fw_packet *p)
{
	struct ipv6hdr *ip = iov_ip6(c, &p->payload);
	enum iov_ip6_ext_error error;

	if (!ip)
		return FW_ip6_malformed;
	p->flow.family = 6;
	p->hop_limit = ip->hop_limit;
	iov_flow_addr6(p->flow.low, &ip->saddr);
	iov_flow_addr6(p->flow.high, &ip->daddr);
	if (iov_ip6_bad_source(&ip->saddr) || !__builtin_memcmp(p->flow.low, p->flow.high, sizeof(p->flow.low)))
		return FW_bad_source;
	p->flow.proto = ip->nexthdr;
	error = iov_ip6_exts(c, &p->flow.proto, &p->payload, &p->frag);
	return ip6_ext_reason(error);
}

static __always_inline enum fw_reason parse(struct iov_cursor *c, struct fw_packet *p)
{
	struct ethhdr *eth = iov_eth(c);
	enum iov_vlan_error vlan;
	enum fw_reason reason;
	__be16 proto;

	if (!eth)
		return FW_eth_truncated;
	proto = eth->h_proto;
	vlan = iov_vlan(c, &proto, &p->flow.vlan, &p->flow.outer_vlan);
	if (vlan)
		return vlan == IOV_VLAN_TRUNCATED ? FW_vlan_truncated : FW_vlan_nesting;
	if (proto == bpf_htons(ETH_P_ARP))
		return iov_arp(c) ? FW_neighbour : FW_arp_malformed;
	if (proto == bpf_htons(ETH_P_IP))
		reason = parse_ip4(c, p);
	else if (proto == bpf_htons(ETH_P_IPV6))
		reason = parse_ip6(c, p);
	else
		return pass_other_protocols ? FW_other_protocol : FW_not_ip;
	if (reason != FW_opened)
		return reason;
	iov_settle(c);
	return parse_transport(c, p);
}

/* --- Fragments. ------------------------------------------------------------------------------------------------- */

static __always_inline void frag_key(struct fw_frag_key *key, const struct fw_packet *p)
{
	__builtin_memcpy(key->src, p->flow.low, 32);
	key->id = p->frag.id;
	key->vlan = p->flow.vlan;
	key->outer_vlan = p->flow.outer_vlan;
	key->proto = p->flow.family == 4 ? p->flow.proto : 0; /* RFC 791 counts it in, RFC 8200 does not */
	key->family = p->flow.family;
}

static __always_inline void frag_remember(const struct fw_packet *p, __u64 now, __u32 reason)
{
	struct fw_frag value = { .seen_ns = now, .rule = p->rule, .passed = fw_passes(reason) };
	struct fw_frag_key key;

	frag_key(&key, p);
	bpf_map_update_elem(&frags, &key, &value, BPF_ANY);
}

static __always_inline enum fw_reason judge_later_fragment(struct fw_packet *p, __u64 now)
{
	struct fw_frag_key key;
	struct fw_frag *first;

	frag_key(&key, p);
	first = bpf_map_lookup_elem(&frags, &key);
	if (!first || !first->passed || !fw_live(first->seen_ns, now, fragment_seconds))
		return FW_fragment_unknown;
	p->rule = first->rule;
	return FW_fragment;
}

/* --- Conversations. --------------------------------------------------------------------------------------------- */

static __always_inline __u32 conn_seconds(const struct iov_flow *flow, enum iov_conn_state state)
{
	switch (flow->proto) {
	case IPPROTO_TCP:
		if (state == IOV_CONN_ESTABLISHED)
			return tcp_established_seconds;
		return state == IOV_CONN_NEW ? tcp_new_seconds : tcp_closing_seconds;
	case IPPROTO_UDP:
		return state == IOV_CONN_NEW ? udp_new_seconds : udp_established_seconds;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return icmp_seconds;
	default:
		return other_seconds;
	}
}

static __always_inline void conn_advance(struct fw_conn *conn, const struct fw_packet *p, int reply, __u64 now)
{
	if (p->flow.proto == IPPROTO_TCP) {
		__u32 finished = conn->finished;

		conn->state = iov_tcp_next(conn->state, p->tcp_flags, reply, &finished);
		conn->finished = finished;
	} else if (reply) {
		conn->state = IOV_CONN_ESTABLISHED;
	}
	conn->last_seen_ns = now;
	__sync_fetch_and_add(&conn->packets[reply], 1);
	__sync_fetch_and_add(&conn->bytes[reply], p->length);
}

/* A SYN over a conversation that has ended opens a new one on the same ports. */
static __always_inline int conn_reopens(const struct fw_conn *conn, const struct fw_packet *p)
{
	return p->flow.proto == IPPROTO_TCP && p->opens && conn->state >= IOV_CONN_CLOSED;
}

/* FW_no_conversation where the table holds none that is alive. */
static __noinline enum fw_reason judge_known(struct fw_packet *p, __u64 now)
{
	struct iov_flow key = p->flow;
	struct fw_conn *conn;
	__u32 reversed;

	reversed = iov_flow_canonical(&key);
	conn = bpf_map_lookup_elem(&conns, &key);
	if (!conn || !fw_live(conn->last_seen_ns, now, conn_seconds(&key, conn->state)) || conn_reopens(conn, p))
		return FW_no_conversation;
	p->rule = conn->rule;
	conn_advance(conn, p, reversed != conn->opener, now);
	return FW_established;
}

static __always_inline enum fw_reason conn_open(struct fw_packet *p, __u64 now)
{
	struct fw_conn conn = { .created_ns = now, .last_seen_ns = now, .rule = p->rule };
	struct iov_flow key = p->flow;

	conn.opener = iov_flow_canonical(&key);
	conn.packets[0] = 1;
	conn.bytes[0] = p->length;
	return bpf_map_update_elem(&conns, &key, &conn, BPF_ANY) ? FW_table_full : FW_opened;
}

/* The packet that an ICMP error quotes, as a flow: its IP header and the first 8 bytes behind it (RFC 792, 4443). A
 * quoted IPv6 packet with extension headers is not followed: such an error is dropped. */
static __always_inline int quoted_flow(struct iov_cursor *c, __u32 family, struct iov_flow *flow)
{
	__be16 *ports;

	if (family == 4) {
		struct iphdr *ip = iov_pull(c, sizeof(*ip));

		if (!ip || ip->version != 4 || ip->ihl < 5 || ip->frag_off & bpf_htons(IOV_IP4_OFFSET))
			return 0;
		iov_skip(c, ip->ihl * 4 - sizeof(*ip));
		flow->proto = ip->protocol;
		iov_flow_addr4(flow->low, ip->saddr);
		iov_flow_addr4(flow->high, ip->daddr);
	} else {
		struct ipv6hdr *ip = iov_pull(c, sizeof(*ip));

		if (!ip || ip->version != 6)
			return 0;
		flow->proto = ip->nexthdr;
		iov_flow_addr6(flow->low, &ip->saddr);
		iov_flow_addr6(flow->high, &ip->daddr);
	}
	ports = iov_pull(c, 8);
	if (!ports)
		return 0;
	if (flow->proto == IPPROTO_TCP || flow->proto == IPPROTO_UDP) {
		flow->low_port = ports[0];
		flow->high_port = ports[1];
	} else if (flow->proto == IPPROTO_ICMP || flow->proto == IPPROTO_ICMPV6) {
		flow->low_port = ports[2];
		flow->high_port = ports[2];
	}
	return 1;
}

/* The error must be about a live conversation, and go to the end that sent what it quotes. It changes nothing. */
static __always_inline enum fw_reason judge_related(struct iov_cursor *c, struct fw_packet *p, __u64 now)
{
	struct iov_flow key = { .vlan = p->flow.vlan, .outer_vlan = p->flow.outer_vlan, .family = p->flow.family };
	struct fw_conn *conn;

	if (!quoted_flow(c, p->flow.family, &key))
		return FW_icmp_malformed;
	if (__builtin_memcmp(key.low, p->flow.high, sizeof(key.low)))
		return FW_no_conversation;
	iov_flow_canonical(&key);
	conn = bpf_map_lookup_elem(&conns, &key);
	if (!conn || !fw_live(conn->last_seen_ns, now, conn_seconds(&key, conn->state)))
		return FW_no_conversation;
	p->rule = conn->rule;
	return FW_related;
}

/* --- Rules. ----------------------------------------------------------------------------------------------------- */

static __always_inline const struct fw_rule *rule_of_source(const struct iov_flow *flow)
{
	if (flow->family == 4) {
		struct fw_prefix4 key = { .prefixlen = 32 };

		__builtin_memcpy(key.addr, flow->low + 12, sizeof(key.addr));
		return bpf_map_lookup_elem(&rules4, &key);
	} else {
		struct fw_prefix6 key = { .prefixlen = 128 };

		__builtin_memcpy(key.addr, flow->low, sizeof(key.addr));
		return bpf_map_lookup_elem(&rules6, &key);
	}
}

/* The service by its port, else the protocol's entry for every port. */
static __always_inline const struct fw_permit *permit_of_zone(__u32 zone, const struct iov_flow *flow)
{
	struct fw_service key = { .zone = zone, .proto = flow->proto };
	const struct fw_permit *permit;

	if (flow->proto == IPPROTO_TCP || flow->proto == IPPROTO_UDP) {
		key.port = bpf_ntohs(flow->high_port);
		permit = bpf_map_lookup_elem(&services, &key);
		if (permit)
			return permit;
		key.port = 0;
	}
	return bpf_map_lookup_elem(&services, &key);
}

static __noinline enum fw_reason judge_new(struct fw_packet *p, __u64 now)
{
	const struct fw_rule *rule = rule_of_source(&p->flow);
	enum fw_action action = default_action;

	if (rule && rule->action == FW_BY_SERVICE) {
		const struct fw_permit *permit = permit_of_zone(rule->zone, &p->flow);

		if (permit) {
			action = permit->action;
			p->rule = permit->id;
		}
	} else if (rule) {
		action = rule->action;
		p->rule = rule->id;
	}
	if (action == FW_ALLOW)
		return conn_open(p, now);
	return p->rule ? FW_denied_by_rule : FW_denied_by_default;
}

/* --- The verdict. ------------------------------------------------------------------------------------------------ */

static __always_inline enum fw_reason judge(struct iov_cursor *c, struct fw_packet *p, enum fw_reason parsed, __u64 now)
{
	enum fw_reason reason;

	if (parsed == FW_fragment)
		return judge_later_fragment(p, now);
	if (parsed == FW_related)
		return judge_related(c, p, now);
	if (parsed != FW_opened)
		return parsed;
	reason = judge_known(p, now);
	if (reason == FW_no_conversation && p->opens)
		reason = judge_new(p, now);
	if (iov_frag_first(&p->frag))
		frag_remember(p, now, reason);
	return reason;
}

static __always_inline void count(const struct fw_packet *p, __u32 reason)
{
	__u32 zero = 0, rule = p->rule;
	struct fw_rule_stats *by_rule;
	struct fw_stats *all = bpf_map_lookup_elem(&stats, &zero);

	if (all) {
		__u64 *by_reason = (__u64 *)all;

		if (reason < FW_REASON_COUNT)
			by_reason[reason]++;
		all->packets++;
		all->bytes += p->length;
	}
	if (p->flow.family == 0 || reason == FW_neighbour)
		return;
	by_rule = bpf_map_lookup_elem(&rule_stats, &rule);
	if (!by_rule)
		return;
	by_rule->packets++;
	by_rule->bytes += p->length;
	if (reason == FW_opened || reason == FW_denied_by_rule || reason == FW_denied_by_default)
		by_rule->hits++;
}

static __noinline void event_fill(struct fw_event *event, const struct fw_packet *p, __u32 reason, __u64 now)
{
	event->time_ns = now;
	event->flow = p->flow;
	event->reason = reason;
	event->rule = p->rule;
	event->length = p->length;
	event->tcp_flags = p->tcp_flags;
}

static __always_inline void report(const struct fw_packet *p, __u32 reason, __u64 now)
{
	struct fw_event *event;

	if (reason == FW_opened ? !log_opened : fw_passes(reason) || !log_dropped)
		return;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return;
	event_fill(event, p, reason, now);
	bpf_ringbuf_submit(event, 0);
}

SEC("xdp")
int firewall(struct xdp_md *ctx)
{
	struct iov_cursor c = IOV_CURSOR(ctx);
	struct fw_packet p = {};
	__u64 now = bpf_ktime_get_ns();
	enum fw_reason reason;

	p.length = c.end - c.pos;
	reason = parse(&c, &p);
	reason = judge(&c, &p, reason, now);
	count(&p, reason);
	report(&p, reason, now);
	return fw_passes(reason) ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
