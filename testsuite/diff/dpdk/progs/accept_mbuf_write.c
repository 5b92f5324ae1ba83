/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
#include "mbuf.h"

SEC("dpdk_mbuf")
u64 untag(struct mbuf *m)
{
	m->vlan_tci = 7;
	m->packet_type = 0;
	return m->pkt_len > 64;
}
