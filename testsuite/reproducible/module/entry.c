/* SPDX-License-Identifier: Apache-2.0 */
#include "shared.h"

const struct hit *hit_type __attribute__((unused));
const volatile __u16 factor = 3;
const volatile __be16 port = 53;
__u64 packets;

SEC("xdp") int entry(struct xdp_md *ctx)
{
	__u32 key = ctx->rx_queue_index;
	struct hit *e;

	packets++;
	if (!allowed(key))
		return XDP_DROP;
	count(key, factor);
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (e) {
		e->queue = key;
		e->weight = weigh(factor);
		e->direction = IN;
		bpf_ringbuf_submit(e, 0);
	}
	return port ? XDP_PASS : XDP_ABORTED;
}

char _license[] SEC("license") = "GPL";
