// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// A tc program that changes the length, pulls data, and reads relative to the network header.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include <iov/eth.h>

__u64 errors, relative, lengths, hashes;

SEC("tc")
int tc_tail(struct __sk_buff *skb)
{
	__u32 len = skb->len, word = 0;
	struct iov_cursor c;
	struct ethhdr *eth;

	errors += bpf_skb_load_bytes_relative(skb, 2, &word, sizeof(word), BPF_HDR_START_NET) != 0;
	relative += word;
	errors += 1000 * (bpf_skb_load_bytes_relative(skb, 12, &word, 2, BPF_HDR_START_MAC) != 0);
	relative ^= word;
	errors += 1000000 * (bpf_skb_change_tail(skb, len % 3 ? len + 17 : 50, 0) != 0);
	lengths += skb->len;
	errors += 1000000000 * (bpf_skb_pull_data(skb, 0) != 0);
	bpf_set_hash(skb, len * 7);
	hashes += skb->hash;
	bpf_set_hash_invalid(skb);
	hashes += skb->hash * 5;
	c = (struct iov_cursor)IOV_CURSOR(skb);
	eth = iov_eth(&c);
	if (!eth)
		return TC_ACT_SHOT;
	eth->h_dest[5] = len;
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
