/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Owns: ICMP and ICMPv6 headers and what their types mean to a packet filter. The kernel's linux/icmp.h is not used
 * since it pulls in libc's sys/socket.h. Sources: RFC 792, 1122, 4443, 4861 (NDP), 2710 and 3810 (MLD), 4890. */
#ifndef IOV_ICMP_H
#define IOV_ICMP_H

#include <iov/cursor.h>

struct iov_icmp {
	__u8 type, code;
	__be16 checksum;
	__be16 id, sequence;    /**< echo only */
};

#define IOV_ICMP_ECHO_REPLY   0
#define IOV_ICMP_UNREACHABLE  3
#define IOV_ICMP_ECHO         8
#define IOV_ICMP_EXCEEDED     11
#define IOV_ICMP_PARAMETER    12
#define IOV_ICMP6_UNREACHABLE 1
#define IOV_ICMP6_PARAMETER   4
#define IOV_ICMP6_ECHO        128
#define IOV_ICMP6_ECHO_REPLY  129
#define IOV_ICMP6_MLD_QUERY   130
#define IOV_ICMP6_MLD_DONE    132
#define IOV_ICMP6_NDP_FIRST   133
#define IOV_ICMP6_NDP_LAST    137
#define IOV_ICMP6_MLD2_REPORT 143

enum iov_icmp_kind { IOV_ICMP_OTHER, IOV_ICMP_REQUEST, IOV_ICMP_REPLY, IOV_ICMP_ERROR, IOV_ICMP_NEIGHBOUR,
		     IOV_ICMP_MULTICAST };

/** The ICMP or ICMPv6 header, and step over it; NULL when there are not 8 bytes. */
static __always_inline struct iov_icmp *iov_icmp(struct iov_cursor *c, __u32 payload)
{
	struct iov_icmp *icmp = iov_pull(c, sizeof(*icmp));

	return payload < sizeof(*icmp) ? NULL : icmp;
}

/** IPv4. Redirects (5), source quench (4), router discovery, timestamps and masks are OTHER: no one needs them now. */
static __always_inline enum iov_icmp_kind iov_icmp4_kind(__u8 type)
{
	if (type == IOV_ICMP_ECHO)
		return IOV_ICMP_REQUEST;
	if (type == IOV_ICMP_ECHO_REPLY)
		return IOV_ICMP_REPLY;
	if (type == IOV_ICMP_UNREACHABLE || type == IOV_ICMP_EXCEEDED || type == IOV_ICMP_PARAMETER)
		return IOV_ICMP_ERROR;
	return IOV_ICMP_OTHER;
}

static __always_inline enum iov_icmp_kind iov_icmp6_kind(__u8 type)
{
	if (type == IOV_ICMP6_ECHO)
		return IOV_ICMP_REQUEST;
	if (type == IOV_ICMP6_ECHO_REPLY)
		return IOV_ICMP_REPLY;
	if (type >= IOV_ICMP6_UNREACHABLE && type <= IOV_ICMP6_PARAMETER)
		return IOV_ICMP_ERROR;
	if (type >= IOV_ICMP6_NDP_FIRST && type <= IOV_ICMP6_NDP_LAST)
		return IOV_ICMP_NEIGHBOUR;
	if ((type >= IOV_ICMP6_MLD_QUERY && type <= IOV_ICMP6_MLD_DONE) || type == IOV_ICMP6_MLD2_REPORT)
		return IOV_ICMP_MULTICAST;
	return IOV_ICMP_OTHER;
}

#endif
