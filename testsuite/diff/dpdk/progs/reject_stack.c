/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
#include "mbuf.h"

SEC("dpdk")
u64 unset(u8 *packet)
{
	volatile u64 words[2];

	words[0] = packet[0];
	return words[1];
}
