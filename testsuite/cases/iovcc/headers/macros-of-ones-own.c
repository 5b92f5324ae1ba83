// RUN: iovcc -O2 -g -Wall -Werror -c %s -o %t.o && iovdump --maps %t.o
/* SPDX-License-Identifier: Apache-2.0 */
/* A project's own header has macros by the names that libbpf's headers use inside. */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

#define ___bpf_concat(a, b) a ## b
#define ___bpf_apply(fn, n) ___bpf_concat(fn, n)
#define ___bpf_nth(_, _1, _2, _3, N, ...) N
#define ___bpf_narg(...) ___bpf_nth(_, ##__VA_ARGS__, 3, 2, 1, 0)
#define ___bpf_ctx_cast(args...) args
#define ___bpf_kprobe_args(args...) args
#define ___bpf_swab16(x) broken
#define likely(what) __builtin_expect((what), 1L)
#define unlikely(what) __builtin_expect((what), 0L)

SEC("xdp")
int count(struct xdp_md *ctx)
{
	bpf_printk("%d %d", ___bpf_narg(1, 2), bpf_htons(ctx->rx_queue_index));
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//|
//| map .rodata: array
//|   key      4 bytes
//|   value    6 bytes
//|   entries  1
//|   flags    rdonly_prog
//|          0 const char count.____fmt[6] = "%d %d"
