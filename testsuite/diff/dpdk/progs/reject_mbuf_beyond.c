/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
#include "mbuf.h"

SEC("dpdk_mbuf")
u64 beyond(struct mbuf *m)
{
	u8 *packet = (u8 *)m->buf_addr + m->data_off;

	return packet[2100];
}
