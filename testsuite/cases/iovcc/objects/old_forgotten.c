// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -I %top/testsuite/diff/objects --platform=linux-6.18 -c %s -o %t.o
// EXIT: 1
// What bpf_kptr_xchg() gave back is forgotten.
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
	if (old)
		slot->hits += old->key;
	return 0;
}
//= STDERR
//| old_forgotten.c:39:6: error: `old`, which bpf_kptr_xchg() returned, is not released on this path [IOV-V050]
//|    39 |         if (old)
//|       |             ^
//|   at:   latest:insn 20
//|   why:  old_forgotten.c:38:8: acquired by bpf_kptr_xchg() at line 38; this path ends at line 42
//|    38 |         old = bpf_kptr_xchg(&slot->latest, record);
//|       |               ^
//|   path: 1. old_forgotten.c:35:6: `!record` is false: goes on at line 37
//|    35 |         if (!record)
//|       |             ^
//|         2. old_forgotten.c:39:6: `old` is true: goes on at line 40
//|    39 |         if (old)
//|       |             ^
//|   hint: before this way out, release `old`, or move it back with bpf_kptr_xchg()
