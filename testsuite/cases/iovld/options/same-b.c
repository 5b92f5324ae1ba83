#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __attribute__((noinline)) int scale(int x) { return x * 3 + 1; }
static __attribute__((noinline)) int shift(int x) { return x << 2; }
SEC("xdp") int second(struct xdp_md *ctx) { return scale(ctx->rx_queue_index) + shift(ctx->rx_queue_index); }
char _license[] SEC("license") = "GPL";
