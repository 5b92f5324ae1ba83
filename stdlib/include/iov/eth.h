/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Owns: the Ethernet header and ARP. Sources: IEEE 802.3, RFC 826. */
#ifndef IOV_ETH_H
#define IOV_ETH_H

#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <iov/cursor.h>

/** The Ethernet header, or NULL in a frame of less than 14 bytes. */
static __always_inline struct ethhdr *iov_eth(struct iov_cursor *c)
{
	return iov_pull(c, sizeof(struct ethhdr));
}

/** ARP for IPv4 over Ethernet: the only kind there is in practice. */
struct iov_arp {
	__be16 hardware, protocol;
	__u8 hardware_size, protocol_size;
	__be16 operation;
	__u8 sender_mac[6], sender_ip[4];
	__u8 target_mac[6], target_ip[4];
};

#define IOV_ARP_REQUEST 1
#define IOV_ARP_REPLY   2

/** A request or reply of IPv4 over Ethernet, or NULL when it is truncated or anything else. */
static __always_inline struct iov_arp *iov_arp(struct iov_cursor *c)
{
	struct iov_arp *arp = iov_pull(c, sizeof(*arp));

	if (!arp || arp->hardware != bpf_htons(1) || arp->protocol != bpf_htons(ETH_P_IP))
		return NULL;
	if (arp->hardware_size != 6 || arp->protocol_size != 4)
		return NULL;
	if (arp->operation != bpf_htons(IOV_ARP_REQUEST) && arp->operation != bpf_htons(IOV_ARP_REPLY))
		return NULL;
	return arp;
}

#endif
