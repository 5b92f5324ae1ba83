// RUN: iovcc -O2 -g -c %s -o %t.o && iovverify --platform=linux-6.12 %t.o | sed 's/[0-9.]* ms/T ms/'
// RUN: iovcc -O2 -g -DVOID -c %s -o %t.o --platform=iovrun && iovverify --platform=linux-6.12 %t.o | sed 's/[0-9.]* ms/T ms/'
// EXIT: 1
// Linux takes tail calls in functions that are known to return a number: types say so, which -g makes.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} programs SEC(".maps");

__u32 calls;

#ifdef VOID
static __noinline void next(struct xdp_md *ctx)
{
	calls++;
	bpf_tail_call(ctx, &programs, 1);
}
#else
static __noinline int next(struct xdp_md *ctx)
{
	calls++;
	bpf_tail_call(ctx, &programs, 1);
	return 0;
}
#endif

SEC("xdp")
int first(struct xdp_md *ctx)
{
	next(ctx);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| %tmp/out.o: first (xdp) on linux-6.12: accepted; 13 instructions followed, 0 states, T ms; at most 11 instructions a run, 0 bytes of stack
//| %tmp/out.o: first (xdp) on linux-6.12: rejected; 8 instructions followed, 0 states, T ms
//= STDERR
//| early-return.c:21:2: error: a tail call stands in `next`, which returns nothing [IOV-V067]
//|    21 |         bpf_tail_call(ctx, &programs, 1);
//|       |         ^
//|   at:   next:insn 11
//|   why:  it may end the function at once: linux-6.12 allows that where the function is known to return a number
//|   path: 1. there is no branch before it: every run comes here
//|   hint: let it return int, or do it in the program itself
