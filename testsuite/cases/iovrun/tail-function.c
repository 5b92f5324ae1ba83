// RUN: iovcc -O2 -g --platform=iovrun -c %s -o %t.o
// RUN: for e in interp jit checked; do iovrun --engine=$e --program=first --in %top/testsuite/traffic/firewall.pcap --no-timing --maps %t.o; done
// Tail calls in a function: the program that is called returns to the function's caller. One that shortens the packet,
// one that calls itself until the limit, and a slot without a program.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define LENGTH(ctx) ((void *)(long)(ctx)->data_end - (void *)(long)(ctx)->data)

int first(struct xdp_md *ctx);
int shorten(struct xdp_md *ctx);
int again(struct xdp_md *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__array(values, int (void *));
} steps SEC(".maps") = {
	.values = { [0] = (void *)&shorten, [1] = (void *)&again, [2] = (void *)&first },
};

__u64 returned[4], turns, behind, shortened;

static __attribute__((noinline)) int step(struct xdp_md *ctx, __u32 which)
{
	volatile __u64 local[4] = {which, 1, 2, 3};
	int r = 100;

	bpf_tail_call(ctx, &steps, which);
	behind++;
	asm volatile("" : "+r"(r)); // as if the compiler did not know what the call leaves out
	return r + local[which & 3];
}

SEC("xdp")
int shorten(struct xdp_md *ctx)
{
	return bpf_xdp_adjust_tail(ctx, -4) ? 7 : 11;
}

SEC("xdp")
int again(struct xdp_md *ctx)
{
	turns++;
	return step(ctx, 1) + 1;
}

SEC("xdp")
int first(struct xdp_md *ctx)
{
	__u64 before = LENGTH(ctx), which = before >> 3 & 3, after;

	if (which == 2)
		which = 3;
	returned[which] += step(ctx, which);
	after = LENGTH(ctx);
	asm volatile("" : "+r"(after));
	shortened += before - after;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
//= STDOUT
//| %tmp/out.o: xdp program first (interp), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  401          64709
//| total                     401          64709
//|
//| map steps (prog_array, room for 4)
//|   0: shorten
//|   1: again
//|   2: first
//|
//| map .bss (array, room for 1)
//|   { .turns = 3432, .returned = { 1334, 13936, 0, 18025 }, .shortened = 480, .behind = 279 }
//| %tmp/out.o: xdp program first (jit), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  401          64709
//| total                     401          64709
//|
//| map steps (prog_array, room for 4)
//|   0: shorten
//|   1: again
//|   2: first
//|
//| map .bss (array, room for 1)
//|   { .turns = 3432, .returned = { 1334, 13936, 0, 18025 }, .shortened = 480, .behind = 279 }
//| %tmp/out.o: xdp program first (checked), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  401          64709
//| total                     401          64709
//|
//| map steps (prog_array, room for 4)
//|   0: shorten
//|   1: again
//|   2: first
//|
//| map .bss (array, room for 1)
//|   { .turns = 3432, .returned = { 1334, 13936, 0, 18025 }, .shortened = 480, .behind = 279 }
