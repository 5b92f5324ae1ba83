#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int limit = 4;
int weight(int x) { return x + 2; }

SEC("xdp") int second(struct xdp_md *ctx) { return weight(ctx->rx_queue_index) + limit; }
char _license[] SEC("license") = "GPL";
