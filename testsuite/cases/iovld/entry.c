#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "counter.h"

extern int parse(struct xdp_md *ctx, struct flow *f);
extern __u64 total;

static __attribute__((noinline)) int scale(int x) { return x * 3 + 1; }

SEC("xdp") int entry(struct xdp_md *ctx)
{
	struct flow f = {};
	__u64 *hits;

	if (parse(ctx, &f))
		return XDP_PASS;
	total += scale(ctx->rx_queue_index);
	hits = bpf_map_lookup_elem(&flows, &f);
	if (hits)
		__sync_fetch_and_add(hits, 1);
	return XDP_DROP;
}

char _license[] SEC("license") = "GPL";
