/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
#include "mbuf.h"

SEC("dpdk")
u64 options(u8 *packet)
{
	u64 length = (packet[14] & 15) * 4;

	return packet[14 + length] == 53;
}
