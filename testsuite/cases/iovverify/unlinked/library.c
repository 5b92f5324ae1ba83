// RUN: iovcc -Wno-iov-unchecked -Wno-iov-unused-map -g -O2 -c %s -o %t.o && iovdump --manifest %t.o
// RUN: iovverify --platform=iovrun --platform=linux-6.12 --unlinked %t.o | sed "s/, [0-9.]* ms//"
// RUN: iovverify --json %t.o | python3 -c "import json,sys; [print(r['program'], r['type'], r['function'], r['verdict'], r['unlinked']) for r in map(json.loads, sys.stdin)]"
// RUN: iovcc -Wno-iov-unchecked -Wno-iov-unused-map -g -O2 -c -DMISTAKES %s -o %t.2.o
// EXIT: 1
// An object of functions alone: each global one is verified from its prototype, as a function of the first type of
// program that may call it; a static one that nothing calls is named.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct flow {
	__u32 packets, bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct flow);
} flows SEC(".maps");

__u64 total;

int account(struct xdp_md *ctx, struct flow *flow)
{
	if (!flow)
		return 0;
	flow->bytes += ctx->data_end - ctx->data;
	return flow->bytes > 1500;
}

int mark_of(struct __sk_buff *skb)
{
	__u32 mark = 0;

	bpf_skb_load_bytes(skb, 4, &mark, sizeof(mark));
	return skb->mark ^ mark;
}

int thrice(int n)
{
	return 3 * n;
}

#ifdef MISTAKES
int packets_of(struct flow *flow)
{
	return flow->packets;
}

int first_byte(void *at)
{
	return *(__u8 *)at;
}

__attribute__((used)) static int nobody(int n)
{
	return n;
}
#endif

char _license[] SEC("license") = "GPL";
//= STDOUT
//| manifest: 0 records
//| %tmp/out.o: account (function of xdp programs) on iovrun: accepted; 13 instructions followed, 2 states; at most 12 instructions a run, 0 bytes of stack
//| %tmp/out.o: account (function of xdp programs) on linux-6.12: accepted; 13 instructions followed, 2 states; at most 12 instructions a run, 0 bytes of stack
//| %tmp/out.o: mark_of (function of sched_cls programs) on iovrun: accepted; 13 instructions followed, 0 states; at most 13 instructions a run, 16 bytes of stack
//| %tmp/out.o: mark_of (function of socket_filter programs) on linux-6.12: accepted; 13 instructions followed, 0 states; at most 13 instructions a run, 16 bytes of stack
//| %tmp/out.o: thrice (function of xdp programs) on iovrun: accepted; 3 instructions followed, 0 states; at most 3 instructions a run, 0 bytes of stack
//| %tmp/out.o: thrice (function of socket_filter programs) on linux-6.12: accepted; 3 instructions followed, 0 states; at most 3 instructions a run, 0 bytes of stack
//| account xdp True accept []
//| mark_of sched_cls True accept []
//| thrice xdp True accept []
//= STDERR
//| library.c:48:15: error: `flow` may be NULL [IOV-V025]
//|    48 |         return flow->packets;
//|       |                      ^
//|   at:   packets_of:insn 0
//|   why:  packets_of() is a global function: it is verified for whatever its prototype allows, and that allows NULL
//|   path: 1. there is no branch before it: every run comes here
//|   hint: test it first: `if (!flow) return …;`, or declare the parameter __arg_nonnull
//| library.c:53:9: error: the parameter `at` of the global function `first_byte` is neither a number nor a pointer to a type with a size [IOV-V046]
//|    53 |         return *(__u8 *)at;
//|       |                ^
//|   at:   first_byte:insn 0
//|   why:  a global function is verified from its prototype alone, whoever calls it
//|   hint: give it a type such as `struct NAME *at`, or declare `first_byte` static: then it is verified with what its callers know
//| library.c: note: nothing here calls nobody(): not checked [IOV-V019]
//|   hint: iovld --gc-sections leaves out what nothing calls
