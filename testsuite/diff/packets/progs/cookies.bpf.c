// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// SYN cookies without a socket: what is generated is good, and what is not is not; the segment size that the cookie
// stands for. The cookies themselves are each side's secret.
#include <linux/bpf.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct segment {
	struct tcphdr tcp;
	__u8 options[20];
};

__u64 sizes4, sizes6, refused, good, bad;

/* Options as the packet has them, and some that are none. */
static __always_inline void make(struct xdp_md *ctx, struct segment *s)
{
	__builtin_memset(s, 0, sizeof(*s));
	(void)bpf_xdp_load_bytes(ctx, 34, s, sizeof(*s));
	if (!(s->tcp.seq & bpf_htonl(3))) {
		s->options[0] = 1;
		s->options[1] = 2;
		s->options[2] = 4;
		s->options[3] = s->tcp.seq & 0xff;
		s->options[4] = s->tcp.source & 0xff;
	}
}

#define ROUND(version, header, ip, s, length, sum)                                                                     \
	do {                                                                                                           \
		__s64 cookie = bpf_tcp_raw_gen_syncookie_##version(ip, &(s)->tcp, length);                             \
		struct tcphdr ack;                                                                                     \
                                                                                                                       \
		if (cookie < 0) {                                                                                      \
			refused = refused * 31 + cookie;                                                               \
			break;                                                                                         \
		}                                                                                                      \
		sum = sum * 31 + (cookie >> 32);                                                                       \
		ack = (s)->tcp;                                                                                        \
		ack.seq = bpf_htonl(bpf_ntohl(ack.seq) + 1);                                                           \
		ack.ack_seq = bpf_htonl((__u32)cookie + 1);                                                            \
		good += bpf_tcp_raw_check_syncookie_##version(ip, &ack) == 0;                                          \
		ack.dest ^= 1;                                                                                         \
		bad += bpf_tcp_raw_check_syncookie_##version(ip, &ack) == 0;                                           \
		ack.dest ^= 1;                                                                                         \
		ack.ack_seq = bpf_htonl((__u32)cookie + 1 + (4 << 24)); /* of a minute to come */                      \
		bad += bpf_tcp_raw_check_syncookie_##version(ip, &ack) == 0;                                           \
	} while (0)

SEC("xdp")
int cookies(struct xdp_md *ctx)
{
	struct ipv6hdr ip6 = {0};
	struct segment s;
	struct iphdr ip = {0};

	make(ctx, &s);
	(void)bpf_xdp_load_bytes(ctx, 14, &ip, sizeof(ip));
	(void)bpf_xdp_load_bytes(ctx, 14, &ip6, sizeof(ip6));
	s.tcp.doff = 10;
	ROUND(ipv4, struct iphdr, &ip, &s, sizeof(s), sizes4);
	ROUND(ipv6, struct ipv6hdr, &ip6, &s, sizeof(s), sizes6);
	s.tcp.doff = 5;
	ROUND(ipv4, struct iphdr, &ip, &s, sizeof(s.tcp), sizes4);
	ROUND(ipv6, struct ipv6hdr, &ip6, &s, sizeof(s.tcp), sizes6);
	ROUND(ipv4, struct iphdr, &ip, &s, sizeof(s), sizes4); /* not as long as the header says */
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
