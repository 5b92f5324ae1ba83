#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int weigh(int x);
extern int limit;

SEC("xdp") int entry(struct xdp_md *ctx) { return weigh(ctx->rx_queue_index) > limit ? XDP_DROP : XDP_PASS; }
char _license[] SEC("license") = "GPL";
