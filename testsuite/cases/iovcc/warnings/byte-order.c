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
	if (eth->h_proto == ETH_P_IP)
		return XDP_PASS;
	port = tcp->dest;
	if (port == 80)
		return XDP_TX;
	switch (tcp->source) {
	case 443:
		return XDP_ABORTED;
	case bpf_htons(53):
		return XDP_PASS;
	}
	tcp->dest = 8080;
	return eth->h_proto == bpf_htons(ETH_P_IPV6) || bpf_ntohs(tcp->dest) == 22 || tcp->dest == 0 ||
	       tcp->source == 0xffff;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| byte-order.c:18:6: warning: `eth->h_proto` is in network byte order and is compared with `ETH_P_IP`, which is not [-Wiov-byte-order] [IOV-W001]
//|    18 |         if (eth->h_proto == ETH_P_IP)
//|       |             ^~~~~~~~~~~~~~~~~~~~~~~~
//|   why:  byte-order.c:18:6: `eth->h_proto` has the network's byte order
//|    18 |         if (eth->h_proto == ETH_P_IP)
//|       |             ^~~~~~~~~~~~
//|   hint: bpf_htons(ETH_P_IP)
//| byte-order.c:21:6: warning: `port` is in network byte order and is compared with `80`, which is not [-Wiov-byte-order] [IOV-W001]
//|    21 |         if (port == 80)
//|       |             ^~~~~~~~~~
//|   why:  byte-order.c:21:6: `port` has the network's byte order
//|    21 |         if (port == 80)
//|       |             ^~~~
//|   hint: bpf_htons(80)
//| byte-order.c:29:2: warning: `tcp->dest` is declared in network byte order and gets `8080`, which is not [-Wiov-byte-order] [IOV-W001]
//|    29 |         tcp->dest = 8080;
//|       |         ^~~~~~~~~~~~~~~~
//|   hint: bpf_htons(8080)
//| byte-order.c:24:7: warning: `tcp->source` is in network byte order and is compared with `443`, which is not [-Wiov-byte-order] [IOV-W001]
//|    24 |         case 443:
//|       |              ^~~
//|   why:  byte-order.c:23:10: `tcp->source` has the network's byte order
//|    23 |         switch (tcp->source) {
//|       |                 ^~~~~~~~~~~
//|   hint: bpf_htons(443)
