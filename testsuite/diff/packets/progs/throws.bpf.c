// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// bpf_throw() from any depth, and in a program that was reached by a tail call from a function: there it ends that
// program alone. (Exception callbacks are in testsuite/cases/iovrun: this system's libbpf knows none.)
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "graph.h"

int target(struct __sk_buff *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__array(values, int(struct __sk_buff *));
} jumps SEC(".maps") = {.values = {[1] = (void *)&target}};

__u64 before, after, returned;

__attribute__((noinline)) static int deep(struct __sk_buff *ctx, __u32 n)
{
	volatile __u64 stack[8] = {n};

	before += stack[n & 7];
	if (n % 5 == 0)
		bpf_throw(n);
	after++;
	return (int)(n + stack[0]);
}

__attribute__((noinline)) static int middle(struct __sk_buff *ctx, __u32 n)
{
	volatile __u64 stack[4] = {n, 1, 2, 3};
	int got = deep(ctx, n + 1);

	return got + (int)stack[n & 3];
}

/* What the call leaves in r0 is the tail-called program's, thrown or not. */
__attribute__((noinline)) static int jump(struct __sk_buff *ctx)
{
	volatile int ret = 10;

	bpf_tail_call(ctx, &jumps, ctx->len & 1);
	return ret;
}

SEC("tc")
int target(struct __sk_buff *ctx)
{
	volatile __u64 stack[3] = {ctx->len};

	if (ctx->len % 3 == 0)
		bpf_throw(stack[0] + 5);
	returned++;
	return (int)stack[0];
}

SEC("tc")
int throws(struct __sk_buff *ctx)
{
	int got = middle(ctx, ctx->len);

	got += jump(ctx);
	if (ctx->len % 7 == 0)
		bpf_throw(got);
	return got;
}

char _license[] SEC("license") = "GPL";
