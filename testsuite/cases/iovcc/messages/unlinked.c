// RUN: iovcc -g -O2 -c %s -o %t.o && iovdump --manifest %t.o | head -3
// RUN: iovcc -g -O2 -c -DMISTAKE %s -o %t.2.o 2>&1 | grep 'error\|note'; :
// RUN: iovverify %t.o 2>&1 | sed "s/[0-9.]* ms/T ms/" | grep -v ' |\|at:'; :
// Before linking, programs are checked as far as they go, and what is left is named: calls of functions that another object
// defines are held against their prototypes, and nothing is recorded of those programs. Alone, such an object is rejected.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct flow {
	__u32 source, destination;
};

extern __u64 total;
int parse(struct xdp_md *ctx, struct flow *flow);

/* For other objects to call. */
int scale(int n)
{
	return 3 * n;
}

SEC("xdp")
int whole(struct xdp_md *ctx)
{
	return scale(ctx->rx_queue_index) ? XDP_PASS : XDP_DROP;
}

SEC("xdp")
int entry(struct xdp_md *ctx)
{
	struct flow flow = {};

#ifdef MISTAKE
	if (parse(ctx, (void *)(long)ctx->data))
		return XDP_DROP;
#endif
	if (parse(ctx, &flow) < 0)
		return XDP_DROP;
	total += flow.source;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| manifest: 2 records
//| whole (xdp): 5 slots, instruction set v3
//|   instructions  at most 5 executed in one run
//| unlinked.c:34:6: error: argument 2 of the global function `parse` is a packet pointer [IOV-V046]
//| %tmp/out.o: whole (xdp) on iovrun: accepted; 6 instructions followed, 2 states, T ms; at most 5 instructions a run, 0 bytes of stack
//| %tmp/out.o: entry (xdp) on iovrun: rejected; 16 instructions followed, 2 states, T ms
//| unlinked.c:37:6: error: parse is not defined in this object [IOV-O032]
//|   hint: link it with the object that defines parse (iovld), or declare it __ksym or __kconfig if the kernel has it
//| unlinked.c:39:8: error: total is not defined in this object [IOV-O032]
//|   hint: link it with the object that defines total (iovld), or declare it __ksym or __kconfig if the kernel has it
//= STDERR
//| unlinked.c:29: note: entry is checked, but for what other objects define: parse(), total [IOV-V019]
//|    29 | int entry(struct xdp_md *ctx)
//|   at:   entry:insn 0
//|   hint: iovld links it with them, and checks the whole
