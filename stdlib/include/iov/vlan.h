/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Owns: VLAN tags. Source: IEEE 802.1Q (C-tag, 0x8100) and 802.1ad (S-tag, 0x88a8, always outside the C-tag). */
#ifndef IOV_VLAN_H
#define IOV_VLAN_H

#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <iov/cursor.h>

struct iov_vlan_tag {
	__be16 tci;    /**< priority (3 bits), drop eligible (1), VLAN id (12) */
	__be16 proto;  /**< what follows */
};

#define IOV_VLAN_DEPTH    2
#define IOV_VLAN_RESERVED 0xfff

enum iov_vlan_error { IOV_VLAN_OK, IOV_VLAN_TRUNCATED, IOV_VLAN_NESTING };

static __always_inline int iov_is_vlan(__be16 proto)
{
	return proto == bpf_htons(ETH_P_8021Q) || proto == bpf_htons(ETH_P_8021AD);
}

/** Step over at most two tags. `proto` is the EtherType before and after; `id` gets the innermost VLAN id, `outer_id`
 * the one around it, 0 where there is none. A third tag, an S-tag inside another tag and the reserved id 4095 are wrong
 * nesting. */
static __always_inline enum iov_vlan_error iov_vlan(struct iov_cursor *c, __be16 *proto, __u16 *id, __u16 *outer_id)
{
	*id = *outer_id = 0;
#pragma unroll
	for (int depth = 0; depth < IOV_VLAN_DEPTH; depth++) {
		struct iov_vlan_tag *tag;

		if (!iov_is_vlan(*proto))
			return IOV_VLAN_OK;
		if (depth && *proto == bpf_htons(ETH_P_8021AD))
			return IOV_VLAN_NESTING;
		tag = iov_pull(c, sizeof(*tag));
		if (!tag)
			return IOV_VLAN_TRUNCATED;
		*outer_id = *id;
		*id = bpf_ntohs(tag->tci) & 0xfff;
		if (*id == IOV_VLAN_RESERVED)
			return IOV_VLAN_NESTING;
		*proto = tag->proto;
	}
	return iov_is_vlan(*proto) ? IOV_VLAN_NESTING : IOV_VLAN_OK;
}

#endif
