/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
#include "mbuf.h"

SEC("dpdk")
u64 ipv4_only(u8 *packet)
{
	return packet[12] == 0x08 && packet[13] == 0x00;
}
