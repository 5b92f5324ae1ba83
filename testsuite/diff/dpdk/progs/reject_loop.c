/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
#include "mbuf.h"

SEC("dpdk")
u64 sum(u8 *packet)
{
	u64 total = 0;

#pragma clang loop unroll(disable)
	for (int i = 0; i < 64; i++)
		total += packet[i];
	return total;
}
