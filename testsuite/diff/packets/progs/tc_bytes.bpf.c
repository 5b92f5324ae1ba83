// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// A tc program: direct packet access, bpf_skb_load_bytes, bpf_skb_store_bytes, context fields, mark and cb.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include <iov/eth.h>

__u64 protocols, lengths, errors, marks;

SEC("tc")
int tc_bytes(struct __sk_buff *skb)
{
	struct iov_cursor c = IOV_CURSOR(skb);
	struct ethhdr *eth = iov_eth(&c);
	__u8 buf[16];

	lengths += skb->len;
	protocols += skb->protocol;
	if (!eth)
		return TC_ACT_SHOT;
	eth->h_source[0] ^= 0x80;
	if (bpf_skb_load_bytes(skb, skb->len / 2, buf, sizeof(buf))) {
		errors++;
		return TC_ACT_OK;
	}
	for (int i = 0; i < 8; i++) {
		__u8 byte = buf[i];

		buf[i] = buf[15 - i] + 1;
		buf[15 - i] = byte;
	}
	if (bpf_skb_store_bytes(skb, skb->len / 3, buf, sizeof(buf), 0))
		errors += 1000;
	skb->mark = buf[3];
	skb->cb[1] = skb->mark + buf[4];
	marks += skb->mark + skb->cb[1];
	return marks & 1 ? TC_ACT_OK : TC_ACT_SHOT;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
