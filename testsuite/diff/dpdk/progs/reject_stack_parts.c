/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
#include "mbuf.h"

SEC("dpdk")
u64 halves(u8 *packet)
{
	union {
		volatile u32 half[2];
		volatile u64 whole;
	} word;

	word.half[0] = packet[0];
	word.half[1] = packet[1];
	return word.whole;
}
