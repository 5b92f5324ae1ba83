// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// An object that is given up while it is looked at in an RCU section stays what it was until the run ends, whatever is
// allocated meanwhile; what was only ever the program's own comes and goes as often as it likes.
#include "dice.h"
#include "graph.h"

struct iov_pair {
	__u64 a, b;
};

/* A name that no struct of the kernel has; what is only pointed at has no members in BTF. */
struct iov_pair whole_pair;

struct iov_held {
	struct iov_pair __kptr *pair;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct iov_held);
} slots SEC(".maps");

SEC("tc")
int grace(struct __sk_buff *skb)
{
	__u32 key = roll(4), other = roll(4);
	struct iov_held *held = bpf_map_lookup_elem(&slots, &key), *second = bpf_map_lookup_elem(&slots, &other);
	struct iov_pair *seen, *mine;

	dice += skb->len;
	if (!held || !second)
		return TC_ACT_SHOT;
	bpf_rcu_read_lock();
	seen = held->pair;
	if (seen) {
		result(0, seen->a);
		mine = bpf_kptr_xchg(&held->pair, 0);
		if (mine)
			bpf_obj_drop(mine);
		result(1, seen->b);
	}
	for (int i = 0; i < 8; i++) {
		mine = bpf_obj_new(struct iov_pair);
		if (!mine)
			break;
		mine->a = roll(1000);
		mine->b = 7000 + i;
		if (i & 1) {
			bpf_obj_drop(mine);
			continue;
		}
		mine = bpf_kptr_xchg(roll(2) ? &held->pair : &second->pair, mine);
		if (mine) {
			result(2, mine->a);
			bpf_obj_drop(mine);
		}
	}
	if (seen) {
		result(3, seen->a);
		result(4, seen->b);
	}
	bpf_rcu_read_unlock();
	return TC_ACT_OK;
}
