/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
#include "mbuf.h"

static __attribute__((noinline)) u64 twice(u8 *packet) { return 2 * packet[1]; }

SEC("dpdk")
u64 calls(u8 *packet)
{
	return twice(packet);
}
