// RUN: iovcc -O2 -DMENDED -Wiov -Werror=iov -c %s -o %t.o
// RUN: iovcc -O2 -Wno-iov-byte-order -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/tcp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int web(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct tcphdr *tcp = data + 34;
	__u16 port;

	if (data + 54 > end)
		return XDP_DROP;
#ifndef MENDED
	if (eth->h_proto == ETH_P_IP)
#else
	if (eth->h_proto == bpf_htons(ETH_P_IP))
#endif
		return XDP_PASS;
#ifndef MENDED
	port = tcp->dest;
#else
	port = bpf_ntohs(tcp->dest);
#endif
	if (port == 80)
		return XDP_TX;
	switch (tcp->source) {
#ifndef MENDED
	case 443:
#else
	case bpf_htons(443):
#endif
		return XDP_ABORTED;
	case bpf_htons(53):
		return XDP_PASS;
	}
#ifndef MENDED
	tcp->dest = 8080;
#else
	tcp->dest = bpf_htons(8080);
#endif
	return eth->h_proto == bpf_htons(ETH_P_IPV6) || bpf_ntohs(tcp->dest) == 22 || tcp->dest == 0 ||
	       tcp->source == 0xffff;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| byte-order.c:21:6: warning: `eth->h_proto` is in network byte order and is compared with `ETH_P_IP`, which is not [-Wiov-byte-order] [IOV-W001]
//|    21 |         if (eth->h_proto == ETH_P_IP)
//|       |             ^~~~~~~~~~~~~~~~~~~~~~~~
//|   hint: bpf_htons(ETH_P_IP)
//| byte-order.c:31:6: warning: `port` is in network byte order and is compared with `80`, which is not [-Wiov-byte-order] [IOV-W001]
//|    31 |         if (port == 80)
//|       |             ^~~~~~~~~~
//|   why:  byte-order.c:27:9: `port` has the network's byte order from here
//|    27 |         port = tcp->dest;
//|       |                ^~~~~~~~~
//|   hint: bpf_htons(80)
//| byte-order.c:44:2: warning: `tcp->dest` is declared in network byte order and gets `8080`, which is not [-Wiov-byte-order] [IOV-W001]
//|    44 |         tcp->dest = 8080;
//|       |         ^~~~~~~~~~~~~~~~
//|   hint: bpf_htons(8080)
//| byte-order.c:35:7: warning: `tcp->source` is in network byte order and is compared with `443`, which is not [-Wiov-byte-order] [IOV-W001]
//|    35 |         case 443:
//|       |              ^~~
//|   hint: bpf_htons(443)
