#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int limit = 3;
int weight(int x) { return x + 1; }

SEC("xdp") int first(struct xdp_md *ctx) { return weight(ctx->rx_queue_index) + limit; }
char _license[] SEC("license") = "GPL";
