/* SPDX-License-Identifier: Apache-2.0 */
#include <vmlinux.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

SEC("kprobe/ip_rcv") int types(struct pt_regs *ctx)
{
	struct sk_buff *skb = (void *)ctx->di;

	return BPF_CORE_READ(skb, dev, ifindex) + BPF_CORE_READ(skb, len);
}

char LICENSE[] SEC("license") = "GPL";
