/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
#include "mbuf.h"

u64 count;

SEC("dpdk")
u64 counts(u8 *packet)
{
	count += packet[0];
	return count;
}
