#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int weigh(int x) __attribute__((weak));
extern int limit __attribute__((weak));

SEC("xdp") int entry(struct xdp_md *ctx)
{
	if (&limit && ctx->rx_queue_index > 3)
		return limit;
	return weigh ? weigh(ctx->rx_queue_index) : XDP_PASS;
}
char _license[] SEC("license") = "GPL";
