// RUN: iovcc -O2 -Wiov-byte-order-strict -Werror=iov -c %s -o %t.o
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

__be32 blocked;

SEC("xdp")
int web(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + 14;
	struct tcphdr *tcp = data + 34;
	__u16 port;

	if (data + 54 > end || eth->h_proto != bpf_htons(ETH_P_IP) || ip->saddr == blocked)
		return XDP_DROP;
	if (tcp_flag_word(tcp) & (TCP_FLAG_SYN | TCP_FLAG_ACK))
		tcp_flag_word(tcp) = TCP_FLAG_SYN | TCP_FLAG_ACK;
	port = bpf_ntohs(tcp->dest);
	return port == 80 ? XDP_TX : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
