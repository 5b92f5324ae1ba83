// RUN: iovcc -O2 -g -c %s -o %t.o
// A switch with a case for every value that can be leaves nothing out; one that lacks a case does.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int mask(struct xdp_md *ctx)
{
	switch (ctx->rx_queue_index & 3) {
	case 0:
		return ctx->ingress_ifindex;
	case 1:
		return XDP_PASS;
	case 2:
		return ctx->ingress_ifindex + 7 & 1;
	case 3:
		return ctx->ingress_ifindex ^ 1;
	}
	__builtin_unreachable();
}

SEC("xdp")
int shift(struct xdp_md *ctx)
{
	switch (ctx->rx_queue_index >> 30) {
	case 0:
		return ctx->ingress_ifindex;
	case 1:
		return XDP_PASS;
	case 2:
		return ctx->ingress_ifindex + 7 & 1;
	case 3:
		return ctx->ingress_ifindex ^ 1;
	}
	__builtin_unreachable();
}

SEC("xdp")
int thirds(struct xdp_md *ctx)
{
	switch (ctx->rx_queue_index % 3) {
	case 0:
		return ctx->ingress_ifindex;
	case 1:
		return ctx->ingress_ifindex ^ 4;
	case 2:
		return ctx->ingress_ifindex + 7 & 1;
	}
	__builtin_unreachable();
}

SEC("xdp")
int lacks(struct xdp_md *ctx)
{
	switch (ctx->rx_queue_index & 7) {
	case 0:
		return ctx->ingress_ifindex;
	case 1:
		return XDP_PASS;
	case 4:
		return ctx->ingress_ifindex + 7 & 1;
	case 5:
		return ctx->ingress_ifindex ^ 1;
	}
	__builtin_unreachable();
}

char LICENSE[] SEC("license") = "GPL";
//= STDERR
//| complete-switch.c:65:2: warning: the compiler takes for granted that the program never gets here [IOV-G007]
//|    65 |         __builtin_unreachable();
//|       |         ^
//|   why:  C gives no meaning to what leads here, and the optimiser took it out
//|   hint: look for a variable without a value, an index outside its array, a shift by the type's width or more, a division by a constant 0, a NULL that is dereferenced
