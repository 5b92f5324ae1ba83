// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// It makes a verdict of it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_throw(__u64 cookie) __ksym;

#define __exception_cb(name) __attribute__((btf_decl_tag("exception_callback:" #name)))

__noinline int verdict(__u64 cookie)
{
	return cookie > 16000;
}

SEC("cgroup_skb/ingress")
__exception_cb(verdict)
int check(struct __sk_buff *ctx)
{
	if (ctx->len > 9000)
		bpf_throw(ctx->len);
	return 1;
}

char _license[] SEC("license") = "GPL";
