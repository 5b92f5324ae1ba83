// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// Every way out switches it on again.
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
		bytes = 0;
	bytes += ctx->len;
	bpf_preempt_enable();
	return 0;
}

char _license[] SEC("license") = "GPL";
