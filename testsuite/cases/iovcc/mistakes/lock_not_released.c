// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Returns with the spin lock held.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct account {
	struct bpf_spin_lock lock;
	__u32 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct account);
} accounts SEC(".maps");

SEC("xdp")
int charge(struct xdp_md *ctx)
{
	__u32 key = 0, length = ctx->data_end - ctx->data;
	struct account *account = bpf_map_lookup_elem(&accounts, &key);

	if (!account)
		return XDP_PASS;
	bpf_spin_lock(&account->lock);
	if (account->bytes < length)
		return XDP_DROP;
	account->bytes -= length;
	bpf_spin_unlock(&account->lock);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| lock_not_released.c:35:1: error: the program ends while a lock is held [IOV-V053]
//|    35 | }
//|       | ^
//|   at:   charge:insn 23
//|   why:  lock_not_released.c:29:2: the lock of a value of `accounts` was taken at line 29
//|    29 |         bpf_spin_lock(&account->lock);
//|       |         ^
//|   path: 1. lock_not_released.c:27:6: `!account` is false: goes on at line 29
//|    27 |         if (!account)
//|       |             ^
//|         2. lock_not_released.c:30:6: `account->bytes < length` is true: goes on at line 35
//|    30 |         if (account->bytes < length)
//|       |             ^
//|   hint: take one lock, do the work, and call bpf_spin_unlock() on every way out
