// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// The exception callback returns a number that is no verdict.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_throw(__u64 cookie) __ksym;

#define __exception_cb(name) __attribute__((btf_decl_tag("exception_callback:" #name)))

__noinline int verdict(__u64 cookie)
{
	return cookie;
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
//= STDERR
//| exception_verdict.c:14:2: error: the exception callback may return any 64-bit number [IOV-V060]
//|    14 |         return cookie;
//|       |         ^
//|   at:   verdict:insn 6
//|   why:  programs of type cgroup_skb return 0..1
//|   path: 1. there is no branch before it: every run comes here
//|   hint: return a constant, or check the number first: `if (result > 1) result = 1;`
