// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// A connection that was looked up is not released on one way out.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct nf_conn { __u32 mark; } __attribute__((preserve_access_index)); /* what Linux has is found by name */
struct bpf_ct_opts {
	__s32 netns_id;
	__s32 error;
	__u8 l4proto;
	__u8 dir;
	__u8 reserved[2];
};

extern struct nf_conn *bpf_xdp_ct_lookup(struct xdp_md *ctx, struct bpf_sock_tuple *tuple, __u32 tuple_size,
					 struct bpf_ct_opts *opts, __u32 opts_size) __ksym;
extern int bpf_ct_change_timeout(struct nf_conn *ct, __u32 timeout) __ksym;
extern void bpf_ct_release(struct nf_conn *ct) __ksym;

SEC("xdp")
int keep(struct xdp_md *ctx)
{
	struct bpf_sock_tuple tuple = {.ipv4 = {.saddr = 1, .daddr = 2, .sport = 3, .dport = 4}};
	struct bpf_ct_opts opts = {.netns_id = -1, .l4proto = 6};
	struct nf_conn *ct = bpf_xdp_ct_lookup(ctx, &tuple, sizeof(tuple.ipv4), &opts, sizeof(opts));

	if (!ct)
		return XDP_DROP;
	if (bpf_ct_change_timeout(ct, 30000) < 0)
		return XDP_DROP;
	bpf_ct_release(ct);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| connection_not_released.c:31:6: error: `ct`, which bpf_xdp_ct_lookup() returned, is not released on this path [IOV-V050]
//|    31 |         if (bpf_ct_change_timeout(ct, 30000) < 0)
//|       |             ^
//|   at:   keep:insn 30
//|   why:  connection_not_released.c:27:23: acquired by bpf_xdp_ct_lookup() at line 27; this path ends at line 35
//|    27 |         struct nf_conn *ct = bpf_xdp_ct_lookup(ctx, &tuple, sizeof(tuple.ipv4), &opts, sizeof(opts));
//|       |                              ^
//|   path: 1. connection_not_released.c:29:6: `!ct` is false: goes on at line 31
//|    29 |         if (!ct)
//|       |             ^
//|         2. connection_not_released.c:31:6: `bpf_ct_change_timeout(ct, 30000) < 0` is true: goes on at line 35
//|    31 |         if (bpf_ct_change_timeout(ct, 30000) < 0)
//|       |             ^
//|   hint: before this way out, write: `bpf_ct_release(ct);`
