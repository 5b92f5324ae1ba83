// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Fields of a socket buffer, read and written, and what a later read of them sees. BPF_PROG_TEST_RUN sets no
// wire_len and no ingress_ifindex, which are left out. Its device is loopback, without address or broadcast address:
// unicast frames are all another host's and broadcasts multicasts, so that only "to a group" can be compared.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct fields {
	__u64 len, pkt_type, mark, queue_mapping, protocol, vlan_present, vlan_tci, vlan_proto, priority;
	__u64 ifindex, tc_index, hash, tc_classid, data_meta, gso_segs, gso_size, cb[5];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 512);
	__type(key, __u32);
	__type(value, struct fields);
} seen SEC(".maps");

SEC("tc")
int tc_fields(struct __sk_buff *skb)
{
	__u32 len = skb->len;
	struct fields f = {
		.len = len, .pkt_type = skb->pkt_type == 1 || skb->pkt_type == 2, .mark = skb->mark,
		.queue_mapping = skb->queue_mapping,
		.protocol = skb->protocol, .vlan_present = skb->vlan_present, .vlan_tci = skb->vlan_tci,
		.vlan_proto = skb->vlan_proto, .priority = skb->priority,
		.ifindex = skb->ifindex, .tc_index = skb->tc_index, .hash = skb->hash, .tc_classid = skb->tc_classid,
		.data_meta = skb->data - skb->data_meta, .gso_segs = skb->gso_segs, .gso_size = skb->gso_size,
	};

	skb->mark = len * 3;
	skb->priority = len + 7;
	skb->tc_index = len ^ 0xff;
	skb->tc_classid = len + 1;
	for (int i = 0; i < 5; i++)
		skb->cb[i] = len + i;
	f.cb[0] = skb->mark + skb->cb[4];
	f.cb[1] = skb->priority - skb->cb[3];
	f.cb[2] = skb->tc_index;
	f.cb[3] = skb->cb[1] * skb->cb[2];
	f.cb[4] = skb->tc_classid;
	bpf_map_update_elem(&seen, &len, &f, BPF_ANY);
	return len & 1 ? TC_ACT_OK : TC_ACT_STOLEN;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
