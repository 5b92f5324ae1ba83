// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifndef MENDED
#define SIZE 300
#else
#define SIZE 200
#endif

static __always_inline int first_of(struct xdp_md *ctx, int at)
{
	char buffer[SIZE];

	if (bpf_xdp_load_bytes(ctx, at, buffer, sizeof(buffer)))
		return 0;
	return buffer[ctx->rx_queue_index & 127];
}

SEC("xdp")
int compare(struct xdp_md *ctx)
{
	char mine[250];

	if (bpf_xdp_load_bytes(ctx, 0, mine, sizeof(mine)))
		return XDP_PASS;
	return first_of(ctx, 300) == mine[ctx->ingress_ifindex & 127] ? XDP_DROP : XDP_PASS;
}
//= STDERR
//| stack-inlined.c:15:7: error: function `compare` needs 550 bytes of stack; a program has 512 [IOV-G003]
//|    15 |         char buffer[SIZE];
//|       |              ^
//|   why:  stack-inlined.c:23:5: `compare` has 550 bytes on its stack
//|    23 | int compare(struct xdp_md *ctx)
//|       |     ^
//|         stack-inlined.c:15:7: `buffer` takes 300 bytes
//|    15 |         char buffer[SIZE];
//|       |              ^
//|         stack-inlined.c:25:7: `mine` takes 250 bytes
//|    25 |         char mine[250];
//|       |              ^
//|   path: 1. stack-inlined.c:23:5: every run of `compare` takes them
//|    23 | int compare(struct xdp_md *ctx)
//|       |     ^
//|   hint: keep `buffer` in a map instead: a BPF_MAP_TYPE_PERCPU_ARRAY of one entry is scratch memory
