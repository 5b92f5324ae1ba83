#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
struct net_device { int flags; int type; } __attribute__((preserve_access_index));
struct sk_buff { int len; } __attribute__((preserve_access_index));
int second(struct xdp_md *ctx, void *d)
{
	struct net_device *dev = d;
	int v = 0;
	bpf_probe_read_kernel(&v, 4, &dev->type);
	return v + bpf_core_type_size(struct sk_buff);
}
