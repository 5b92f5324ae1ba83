// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -I %top/testsuite/diff/objects --platform=linux-6.18 -c %s -o %t.o
// What bpf_kptr_xchg() gave back is forgotten, mended.
#include <objects.h>

struct record {
	long key;
	struct bpf_refcount refs;
};

struct slot {
	struct record __kptr *latest;
	long hits;
};

struct {
	__uint(type, 2);
	__type(key, int);
	__type(value, struct slot);
	__uint(max_entries, 1);
} slots SEC(".maps");

SEC("tc")
int latest(struct __sk_buff *skb)
{
	struct record *record, *old;
	struct slot *slot;
	int zero = 0;

	slot = bpf_map_lookup_elem(&slots, &zero);
	if (!slot)
		return 0;
	record = bpf_obj_new(struct record);
	if (!record)
		return 0;
	record->key = skb->len;
	old = bpf_kptr_xchg(&slot->latest, record);
	if (old) {
		slot->hits += old->key;
		bpf_obj_drop(old);
	}
	return 0;
}
