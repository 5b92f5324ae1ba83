// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("cgroup_skb/ingress")
int watch(struct __sk_buff *skb)
{
	return skb->mark ? 1 : 0;
}

char _license[] SEC("license") = "GPL";
