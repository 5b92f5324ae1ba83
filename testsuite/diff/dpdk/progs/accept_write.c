/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
#include "mbuf.h"

SEC("dpdk")
u64 mark(u8 *packet)
{
	volatile u64 kept = packet[0];
	volatile u32 half = packet[1];

	packet[15] = (u8)kept;
	return half;
}
