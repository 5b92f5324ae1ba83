/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
#include "mbuf.h"

SEC("dpdk")
u64 index_from_packet(u8 *packet)
{
	return packet[*(u32 *)packet];
}
