// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// One way out leaves preemption switched off.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_preempt_disable(void) __ksym;
extern void bpf_preempt_enable(void) __ksym;

__u64 packets, bytes;

SEC("tc")
int count(struct __sk_buff *ctx)
{
	bpf_preempt_disable();
	packets++;
	if (ctx->len > 1500)
		return 0;
	bytes += ctx->len;
	bpf_preempt_enable();
	return 0;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| preemption_left_off.c:23:1: error: preemption is off where the program ends [IOV-V054]
//|    23 | }
//|       | ^
//|   at:   count:insn 16
//|   why:  preemption_left_off.c:16:2: bpf_preempt_disable() at line 16 was the last to change that
//|    16 |         bpf_preempt_disable();
//|       |         ^
//|   path: 1. preemption_left_off.c:18:6: `ctx->len > 1500` is true: goes on at line 23
//|    18 |         if (ctx->len > 1500)
//|       |             ^
//|   hint: call bpf_preempt_enable() on every way out
