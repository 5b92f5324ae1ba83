// RUN: iovcc -O2 -g -fno-iov-verify -c %s -o %t.o
// RUN: iovverify --platform=linux-6.1 %t.o
// EXIT: 1
// STDOUT: any
// Kernel functions that the platform lacks, that the verifier does not know, and a variable of the kernel's.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_throw(__u64 cookie) __ksym;
extern int bpf_iter_css_new(void *it, void *start, unsigned int flags) __ksym;
extern const int bpf_stats_enabled_key __ksym;

SEC("tc")
int too_old(struct __sk_buff *ctx)
{
	if (ctx->len < 14)
		bpf_throw(2);
	return 0;
}

SEC("tc")
int unknown(struct __sk_buff *ctx)
{
	return bpf_iter_css_new(ctx, ctx, 0);
}

SEC("tc")
int variable(struct __sk_buff *ctx)
{
	return bpf_stats_enabled_key;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| kernel-functions.c:17:3: error: linux-6.1 does not offer the kernel function bpf_throw() [IOV-V040]
//|    17 |                 bpf_throw(2);
//|       |                 ^
//|   at:   too_old:insn 3
//|   why:  Linux has it since 6.7
//|   hint: declare it __weak and ask first: if (bpf_ksym_exists(bpf_throw)) …
//| kernel-functions.c:24:9: error: not supported yet: the kernel function bpf_iter_css_new() [IOV-V001]
//|    24 |         return bpf_iter_css_new(ctx, ctx, 0);
//|       |                ^
//|   at:   unknown:insn 2
//| kernel-functions.c:30:9: error: not supported yet: the kernel variable `bpf_stats_enabled_key` [IOV-V001]
//|    30 |         return bpf_stats_enabled_key;
//|       |                ^
//|   at:   variable:insn 0
//|   hint: variables of the kernel's (`extern … __ksym`) cannot be reached; constants of its configuration can: `extern int CONFIG_HZ __kconfig;`
