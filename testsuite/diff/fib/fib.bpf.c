// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// bpf_fib_lookup for each query in a map: what it answered, and what became of its parameters.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct query {
	struct bpf_fib_lookup params;
	__u32 flags;
	__s32 answer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2000);
	__type(key, __u32);
	__type(value, struct query);
} queries SEC(".maps");

#define LOOK_UP(name, section, context)                                                                                \
	SEC(section) int name(context *ctx)                                                                            \
	{                                                                                                              \
		for (__u32 i = 0; i < 2000; i++) {                                                                     \
			struct query *q = bpf_map_lookup_elem(&queries, &(__u32){i});                                  \
                                                                                                                       \
			if (q)                                                                                         \
				q->answer = bpf_fib_lookup(ctx, &q->params, sizeof(q->params), q->flags);              \
		}                                                                                                      \
		return 0;                                                                                              \
	}
LOOK_UP(at_xdp, "xdp", struct xdp_md)
LOOK_UP(at_tc, "tc", struct __sk_buff)

char LICENSE[] SEC("license") = "GPL";
