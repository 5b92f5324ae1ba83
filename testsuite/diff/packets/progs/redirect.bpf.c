// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Redirects: to an interface, through a device map without entries (its flags say what else to do); what calls return.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 8);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} ports SEC(".maps");

__u64 returned;

SEC("xdp")
int redirect(struct xdp_md *ctx)
{
	__u32 len = (void *)(long)ctx->data_end - (void *)(long)ctx->data;
	long verdict;

	switch (len & 3) {
	case 0:
		verdict = bpf_redirect(1, 0);
		break;
	case 1:
		verdict = bpf_redirect(1, 0x40);
		break;
	case 2:
		verdict = bpf_redirect_map(&ports, len, XDP_TX);
		break;
	default:
		verdict = bpf_redirect_map(&ports, len & 7, 0);
	}
	returned += verdict << (8 * (len & 3));
	return verdict == XDP_REDIRECT ? XDP_PASS : verdict;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
