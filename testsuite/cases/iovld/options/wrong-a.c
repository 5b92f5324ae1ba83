#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int first(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data;

	return data[13];
}
char _license[] SEC("license") = "GPL";
