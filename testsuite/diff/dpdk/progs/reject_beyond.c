/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
#include "mbuf.h"

SEC("dpdk")
u64 beyond(u8 *packet)
{
	return packet[2176];
}
