// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -I %top/testsuite/diff/objects --platform=linux-6.18 -c %s -o %t.o
// EXIT: 1
// A kernel pointer in a map is simply assigned to.
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
	struct record *record;
	struct slot *slot;
	int zero = 0;

	slot = bpf_map_lookup_elem(&slots, &zero);
	if (!slot)
		return 0;
	record = bpf_obj_new(struct record);
	if (!record)
		return 0;
	record->key = skb->len;
	slot->latest = record;
	return 0;
}
//= STDERR
//| kptr_assigned.c:38:15: error: a kernel pointer that owns what it points at is not simply overwritten [IOV-V061]
//|    38 |         slot->latest = record;
//|       |                      ^
//|   at:   latest:insn 17
//|   why:  what it pointed at before would never be released
//|   path: 1. kptr_assigned.c:35:6: `!record` is false: goes on at line 37
//|    35 |         if (!record)
//|       |             ^
//|   hint: write: `old = bpf_kptr_xchg(&value->ptr, new);`, and release `old`
