/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
#include "mbuf.h"

SEC("dpdk")
u64 mark(u8 *packet)
{
	u32 sums[4] = {packet[0], packet[1], packet[2], packet[3]};

	packet[15] = sums[packet[20] & 3];
	return 1;
}
