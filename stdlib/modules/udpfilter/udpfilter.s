# SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
# udpfilter: an XDP program that drops UDP packets (IPv4) to the ports in map `blocked`, counts them by port, and reports
# each drop in ring buffer `events`. README.md goes through it line by line.
	.license "Dual BSD/GPL"
	.param	report, u32, 1			# 0: count, but report nothing

	.btf
	struct counter { __u64 packets; __u64 bytes; };
	struct event { __u32 port; __u32 bytes; };
	int count_drop(__u32 port, __u32 bytes);
	.endbtf

	.map	blocked, type=hash, key=__u32, value=struct counter, entries=1024
	.map	events, type=ringbuf, entries=65536

# Where things stand in a packet: Ethernet, IPv4 without options, UDP.
ETH_TYPE = 12
IP	 = 14
IP_PROTO = IP + 9
UDP	 = IP + 20
UDP_DST	 = UDP + 2
UDP_END	 = UDP + 8

XDP_DROP = 1
XDP_PASS = 2

	.program udp_filter, type=xdp
	r2 = *(u32 *)(r1 + 4)			# data_end
	r1 = *(u32 *)(r1 + 0)			# data
	r3 = r1
	r3 += UDP_END
	if r3 > r2 goto pass
	w3 = *(u16 *)(r1 + ETH_TYPE)
	if w3 != 0x0008 goto pass		# 0x0800, as it lies in memory
	w3 = *(u8 *)(r1 + IP)
	if w3 != 0x45 goto pass			# version 4, header of 5 words
	w3 = *(u8 *)(r1 + IP_PROTO)
	if w3 != 17 goto pass
	r2 -= r1				# bytes
	r1 = *(u16 *)(r1 + UDP_DST)
	r1 = be16 r1
	call	count_drop
	if w0 == 0 goto pass
	w0 = XDP_DROP
	exit
pass:	w0 = XDP_PASS
	exit
	.endfunc

# int count_drop(__u32 port, __u32 bytes): 1 when the port is blocked; then the packet was counted and reported.
	.text
	.func	count_drop, global
	w6 = w1
	w7 = w2
	*(u32 *)(r10 - 4) = w6
	r1 = blocked ll
	r2 = r10
	r2 += -4
	call	bpf_map_lookup_elem
	if r0 == 0 goto free
	r1 = 1
	lock *(u64 *)(r0 + 0) += r1		# packets
	lock *(u64 *)(r0 + 8) += r7		# bytes
	r1 = report ll
	w1 = *(u32 *)(r1 + 0)
	if w1 == 0 goto done
	*(u32 *)(r10 - 16) = w6			# struct event
	*(u32 *)(r10 - 12) = w7
	r1 = events ll
	r2 = r10
	r2 += -16
	w3 = 8
	w4 = 0
	call	bpf_ringbuf_output		# a full buffer loses the event, never the packet's verdict
done:	w0 = 1
	exit
free:	w0 = 0
	exit
	.endfunc
