#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
struct net_device { int ifindex; int mtu; } __attribute__((preserve_access_index));
int second(struct xdp_md *ctx, void *dev);
SEC("xdp") int first(struct xdp_md *ctx)
{
	struct net_device *dev = (void *)(long)ctx->data_meta;
	int v = 0;
	bpf_probe_read_kernel(&v, 4, &dev->mtu);
	return v + bpf_core_type_size(struct net_device)+ second(ctx, dev);
}
char LICENSE[] SEC("license") = "GPL";
