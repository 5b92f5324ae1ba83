#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int unchecked(struct xdp_md *ctx)
{
	return *(unsigned char *)(long)ctx->data;
}
char _license[] SEC("license") = "GPL";
