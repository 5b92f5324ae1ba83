/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Owns: the IPv4 header with its options, its checksum and address classes. Sources: RFC 791, 1071, 1122 (3.2.1.3). */
#ifndef IOV_IP4_H
#define IOV_IP4_H

#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <iov/cursor.h>

#define IOV_IP4_DF     0x4000
#define IOV_IP4_MF     0x2000
#define IOV_IP4_OFFSET 0x1fff
#define IOV_IP4_WORDS  30      /**< a header of 60 bytes, in 16-bit words */

/** The IPv4 header, and step over it and its options. NULL when the version, the header length or the total length
 * cannot be true of this packet. `payload` is what the header says follows it (Ethernet padding not counted). */
static __always_inline struct iphdr *iov_ip4(struct iov_cursor *c, __u32 *payload)
{
	__u32 header, total, left = iov_left(c);
	struct iphdr *ip = iov_pull(c, sizeof(*ip));

	if (!ip || ip->version != 4 || ip->ihl < 5)
		return NULL;
	header = ip->ihl * 4;
	total = bpf_ntohs(ip->tot_len);
	if (total < header || total > left)
		return NULL;
	iov_skip(c, header - sizeof(*ip));
	*payload = total - header;
	return ip;
}

/** Does the header's checksum hold? `ip` comes from iov_ip4; `end` is the cursor's. */
static __always_inline int iov_ip4_checksum_ok(struct iphdr *ip, void *end)
{
	__u32 words = ip->ihl * 2, sum = 0;
	__u16 *word = (__u16 *)ip;

	for (__u32 i = 0; i < IOV_IP4_WORDS; i++, word++) {
		if (i >= words)
			break;
		if ((void *)(word + 1) > end)
			return 0;
		sum += *word;
	}
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

/** Can no host have sent from this address: loopback, multicast, reserved, broadcast? 0.0.0.0 may (DHCP). */
static __always_inline int iov_ip4_bad_source(__be32 addr)
{
	__u32 top = bpf_ntohl(addr) >> 24;

	return top == 127 || top >= 224;
}

#endif
