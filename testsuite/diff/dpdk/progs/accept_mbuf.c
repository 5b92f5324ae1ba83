/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
#include "mbuf.h"

SEC("dpdk_mbuf")
u64 udp_only(struct mbuf *m)
{
	u8 *packet = (u8 *)m->buf_addr + m->data_off;

	if (m->data_len < 34)
		return 0;
	return packet[12] == 8 && packet[13] == 0 && packet[23] == 17;
}
