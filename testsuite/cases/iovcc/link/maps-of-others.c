// RUN: iovcc -g -O2 -c %s -o %t.o && iovcc -g -O2 -DDEFINED -c %s -o %t.2.o && iovcc %t.o %t.2.o -o %t.3.o && iovdump --maps %t.3.o
// RUN: iovcc -g -O2 -DWRONG_KEY -c %s -o %t.4.o 2>/dev/null && iovcc %t.4.o %t.2.o -o %t.5.o
// EXIT: 1
// A header declares the map without SEC(".maps"), as projects do that link with bpftool: its key is known when the
// objects are linked, and checked then.
#include "maps-of-others.h"

#ifdef DEFINED
struct flow_map flows SEC(".maps");
#else
SEC("xdp")
int count(struct xdp_md *ctx)
{
#ifdef WRONG_KEY
	__u32 flow = ctx->ingress_ifindex;
#else
	struct flow flow = {.from = ctx->ingress_ifindex, .to = 1};
#endif
	__u64 *seen = bpf_map_lookup_elem(&flows, &flow);

	if (seen)
		*seen += 1;
	return XDP_PASS;
}
#endif

char _license[] SEC("license") = "GPL";
//= STDOUT
//|
//| map flows: hash
//|   key      8 bytes  struct flow
//|   value    8 bytes  __u64
//|   entries  32
//|
//| struct flow {
//| 	__u32 from;                             /* 0, 4 bytes */
//| 	__u32 to;                               /* 4, 4 bytes */
//| }; /* 8 bytes */
//= STDERR
//| maps-of-others.c:17:35: note: count is checked, but for what other objects define: flows [IOV-V019]
//|    17 |         struct flow flow = {.from = ctx->ingress_ifindex, .to = 1};
//|       |                                          ^
//|   at:   count:insn 0
//|   why:  maps-of-others.c:19:16: what follows insn 6 is not checked: there is no type of flows
//|    19 |         __u64 *seen = bpf_map_lookup_elem(&flows, &flow);
//|       |                       ^
//|   hint: iovld links it with them, and checks the whole
//| maps-of-others.c:19:16: error: the read through `flow` can lie outside the stack [IOV-V022]
//|    19 |         __u64 *seen = bpf_map_lookup_elem(&flows, &flow);
//|       |                       ^
//|   at:   count:insn 6
//|   why:  it covers the bytes -4..3 from the frame pointer; a frame is -512..-1
//|   path: 1. there is no branch before it: every run comes here
//|   hint: bound the index before it is used: `if (i >= sizeof(buf)) return …;`
