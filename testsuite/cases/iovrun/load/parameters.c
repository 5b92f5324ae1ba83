// RUN: iovcc -O2 -g -c %s -o %t.o
// RUN: iovrun --set limit=70000 %t.o; iovrun --set limits=7 %t.o; iovrun --set limit=many %t.o; iovrun --set limit=65535 --no-timing %t.o >%t.log
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const volatile __u16 limit = 10;

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return ctx->rx_queue_index < limit ? XDP_PASS : XDP_DROP;
}
//= STDERR
//| iovrun: error: the value `70000` for `limit` does not fit in the type [IOV-R014]
//| iovrun: error: %tmp/out.o has no global variable `limits` [IOV-R014]
//|   hint: it has: limit
//| iovrun: error: the value `many` for `limit` is not a number, true, false or an enumerator of its type [IOV-R014]
