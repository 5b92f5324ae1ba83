// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifndef MENDED
struct packet {
	__u32 data, data_end;
} __attribute__((packed));
#endif

SEC("xdp")
#ifndef MENDED
int filter(struct packet *ctx)
#else
int filter(struct xdp_md *ctx)
#endif
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	return data + 14 > end ? XDP_DROP : XDP_PASS;
}
//= STDERR
//| packed-context.c:20:66: error: 1-byte read at offset 4 does not fit xdp_md->data_end [IOV-V029]
//|    20 |         void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
//|       |                                                                         ^
//|   at:   filter:insn 0
//|   why:  the field has 4 bytes at offset 4
//|   path: 1. there is no branch before it: every run comes here
//|   hint: access the field by its name and type; a packed structure is read in pieces
