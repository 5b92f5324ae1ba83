// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct cursor {
	char depth;
	void *at, *end;
#ifndef MENDED
} __attribute__((packed));
#else
};
#endif

static __attribute__((noinline)) int next(struct cursor *cursor)
{
	if (cursor->at + 1 > cursor->end)
		return -1;
	return *(char *)cursor->at++;
}

SEC("xdp")
int filter(struct xdp_md *ctx)
{
	struct cursor cursor = {1, (void *)(long)ctx->data, (void *)(long)ctx->data_end};

	return next(&cursor) < 0 ? XDP_DROP : XDP_PASS;
}
//= STDERR
//| packed-pointers.c:26:25: error: part of a pointer is stored on the stack [IOV-V034]
//|    26 |         struct cursor cursor = {1, (void *)(long)ctx->data, (void *)(long)ctx->data_end};
//|       |                                ^
//|   at:   filter:insn 3
//|   why:  the access has 1 of its 8 bytes, and pieces are no pointer any more
//|   path: 1. there is no branch before it: every run comes here
//|   hint: a packed structure is stored in pieces: take away __attribute__((packed)), or keep pointers in variables of their own
