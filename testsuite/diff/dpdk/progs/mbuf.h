/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* The start of DPDK 22.11's struct rte_mbuf, as far as the programs here read it. */
#define SEC(name) __attribute__((section(name), used))

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

struct mbuf {
	void *buf_addr;
	u64 buf_iova;
	u16 data_off, refcnt, nb_segs, port;
	u64 ol_flags;
	u32 packet_type, pkt_len;
	u16 data_len, vlan_tci;
};
