/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Owns: what the firewall shares with whoever fills its maps and reads its events: keys, values, reasons. C programs
 * may include it as it is; everyone else finds the same types in the object's BTF. */
#ifndef IOV_FIREWALL_H
#define IOV_FIREWALL_H

#include <linux/types.h>
#include <iov/conntrack.h>

#define FW_MAX_RULES 256

enum fw_action {
	FW_DENY,
	FW_ALLOW,
	FW_BY_SERVICE,    /**< ask `services` what this zone may open */
};

/** Value of rules4 and rules6: what to do with new conversations from a source prefix. */
struct fw_rule {
	enum fw_action action;
	__u32 id;         /**< slot in rule_stats, below FW_MAX_RULES; 0 is the default policy's */
	__u32 zone;       /**< FW_BY_SERVICE: whose services */
};

struct fw_prefix4 {
	__u32 prefixlen;
	__u8 addr[4];
};

struct fw_prefix6 {
	__u32 prefixlen;
	__u8 addr[16];
};

/** Key of services: what a zone may open. Port 0 is every port of the protocol. */
struct fw_service {
	__u32 zone;
	__u16 port;       /**< destination port, in host order; ICMP: 0 */
	__u16 proto;      /**< 6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6, others by number */
};

/** Value of services. */
struct fw_permit {
	enum fw_action action;
	__u32 id;
};

struct fw_rule_stats {
	__u64 packets, bytes;    /**< of the whole conversation, both directions */
	__u64 hits;              /**< new conversations decided */
};

/** Value of conns, the connection table. */
struct fw_conn {
	__u64 created_ns, last_seen_ns;
	__u64 packets[2], bytes[2];   /**< [0] from the opener, [1] from the other end */
	__u32 rule;
	enum iov_conn_state state;
	__u32 opener;                 /**< 0: the low end opened it, 1: the high end */
	__u32 finished;               /**< ends that have sent FIN: bit 0 the opener, bit 1 the other */
};

/** Key and value of frags: the first fragment's verdict, for the later ones. */
struct fw_frag_key {
	__u8 src[16], dst[16];
	__be32 id;
	__u16 vlan, outer_vlan;
	__u32 proto, family;
} __attribute__((aligned(8)));

struct fw_frag {
	__u64 seen_ns;
	__u32 rule;
	__u32 passed;
};

/** Why a packet passed or was dropped: described once, used for the enum, for the counters and by whoever prints them.
 * X(name, passes, text) */
#define FW_REASONS(X)                                                                                        \
	X(established, 1, "belongs to a known conversation")                                                 \
	X(opened, 1, "opens a conversation that a rule allows")                                              \
	X(related, 1, "ICMP error about a known conversation")                                               \
	X(neighbour, 1, "ARP, neighbour discovery or multicast listener discovery")                          \
	X(fragment, 1, "later fragment of a packet that passed")                                             \
	X(other_protocol, 1, "no IP, and pass_other_protocols is set")                                       \
	X(denied_by_rule, 0, "a rule denies it")                                                             \
	X(denied_by_default, 0, "no rule matches and the default is to deny")                                \
	X(no_conversation, 0, "neither opens a conversation nor belongs to one")                             \
	X(fragment_unknown, 0, "later fragment whose first one was not seen, or did not pass")               \
	X(fragment_bad, 0, "fragment too small, overlapping the header, or past 65535 bytes")                \
	X(eth_truncated, 0, "no whole Ethernet header")                                                      \
	X(vlan_truncated, 0, "no whole VLAN tag")                                                            \
	X(vlan_nesting, 0, "more than two tags, an S-tag inside a tag, or VLAN id 4095")                     \
	X(not_ip, 0, "neither IP nor ARP")                                                                   \
	X(arp_malformed, 0, "ARP truncated, or not for IPv4 over Ethernet")                                  \
	X(ip4_malformed, 0, "IPv4 version, header length or total length is wrong")                          \
	X(ip4_checksum, 0, "IPv4 header checksum is wrong")                                                  \
	X(ip4_options, 0, "IPv4 options, and drop_ip4_options is set")                                       \
	X(ip6_malformed, 0, "IPv6 version or payload length is wrong")                                       \
	X(ip6_ext_malformed, 0, "IPv6 extension header truncated")                                           \
	X(ip6_ext_order, 0, "too many IPv6 extension headers, or hop-by-hop options not first")              \
	X(ip6_routing, 0, "IPv6 routing header of type 0")                                                   \
	X(bad_source, 0, "source address that no host sends from, or source equal to destination")           \
	X(tcp_malformed, 0, "TCP header truncated, data offset wrong or port 0")                             \
	X(tcp_flags, 0, "TCP flags that no connection sends")                                                \
	X(udp_malformed, 0, "UDP header truncated or length wrong")                                          \
	X(icmp_malformed, 0, "ICMP header truncated, fragmented, or a neighbour message from off the link")  \
	X(icmp_type, 0, "ICMP type that is not let through")                                                 \
	X(table_full, 0, "the connection table took no entry")

enum fw_reason {
#define FW_ENUM(name, passes, text) FW_##name,
	FW_REASONS(FW_ENUM)
#undef FW_ENUM
	FW_REASON_COUNT
};

/** Value of stats: packets by reason, in the order of enum fw_reason, then totals. */
struct fw_stats {
#define FW_FIELD(name, passes, text) __u64 name;
	FW_REASONS(FW_FIELD)
#undef FW_FIELD
	__u64 packets, bytes;
};

/** Record in events: a packet that opened a conversation, or one that was dropped. */
struct fw_event {
	__u64 time_ns;
	struct iov_flow flow;    /**< low is the source; zero where the packet was not understood so far */
	enum fw_reason reason;
	__u32 rule;
	__u32 length;            /**< of the frame */
	__u32 tcp_flags;
};

#endif
