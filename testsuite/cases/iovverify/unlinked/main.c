// RUN: iovcc -Wno-iov-unchecked -Wno-iov-unused-map -g -O2 -c %s -o %t.o
// RUN: iovverify --unlinked %t.o | sed "s/, [0-9.]* ms//"
// RUN: iovverify --unlinked --json %t.o | python3 -c "import json,sys; [print(r['program'], r['verdict'], r['unlinked'], r['worst_case']) for r in map(json.loads, sys.stdin)]"
// RUN: iovverify %t.o 2>&1 | sed "s/, [0-9.]* ms//"; :
// RUN: iovcc -Wno-iov-unchecked -Wno-iov-unused-map -g -O2 -c library.c -o %t.2.o && iovld %t.o %t.2.o -o %t.3.o && iovdump --manifest %t.3.o | grep accepted | sed "s/by iovld.*//"
// RUN: iovcc -Wno-iov-unchecked -Wno-iov-unused-map -g -O2 -c -DWRONG_MAP %s -o %t.4.o; :
// A map that another object defines is taken as it is declared, a function by its prototype, each function names what it
// relies on, and no figure is given for a run. Linked, the whole is verified and recorded.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct flow {
	__u32 packets, bytes;
};

extern struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct flow);
} flows SEC(".maps");

extern __u64 total;
int account(struct xdp_md *ctx, struct flow *flow);

static __attribute__((noinline)) int look(struct xdp_md *ctx)
{
	__u32 key = ctx->rx_queue_index;
	struct flow *flow = bpf_map_lookup_elem(&flows, &key);

#ifndef WRONG_MAP
	if (!flow)
		return 0;
#endif
	flow->packets++;
	total++;
	return flow->bytes;
}

SEC("xdp")
int entry(struct xdp_md *ctx)
{
	struct flow flow = {};

	if (look(ctx))
		return XDP_DROP;
	return account(ctx, &flow) ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| %tmp/out.o: entry (xdp) on iovrun: accepted as far as it goes; 36 instructions followed, 3 states
//| entry accept ['account', 'flows', 'total'] None
//| %tmp/out.o: entry (xdp) on iovrun: rejected; 36 instructions followed, 3 states
//| main.c:47:9: error: account is not defined in this object [IOV-O032]
//|    47 |         return account(ctx, &flow) ? XDP_DROP : XDP_PASS;
//|       |                ^
//|   at:   entry:insn 11
//|   hint: link it with the object that defines account (iovld), or declare it __ksym or __kconfig if the kernel has it
//| main.c:29:22: error: flows is not defined in this object [IOV-O032]
//|    29 |         struct flow *flow = bpf_map_lookup_elem(&flows, &key);
//|       |                             ^
//|   at:   look:insn 21
//|   hint: link it with the object that defines flows (iovld), or declare it __ksym or __kconfig if the kernel has it
//| main.c:36:7: error: total is not defined in this object [IOV-O032]
//|    36 |         total++;
//|       |              ^
//|   at:   look:insn 29
//|   hint: link it with the object that defines total (iovld), or declare it __ksym or __kconfig if the kernel has it
//|   accepted      for linux-6.12 
//= STDERR
//| main.c:41: note: entry is checked, but for what other objects define: account(), map flows, total [IOV-V019]
//|    41 | int entry(struct xdp_md *ctx)
//|   at:   entry:insn 0
//|   why:  main.c:47:9: entry() uses account()
//|    47 |         return account(ctx, &flow) ? XDP_DROP : XDP_PASS;
//|       |                ^
//|         main.c:29:22: look() uses map flows, total
//|    29 |         struct flow *flow = bpf_map_lookup_elem(&flows, &key);
//|       |                             ^
//|   hint: iovld links it with them, and checks the whole
//| main.c:41: note: entry is checked, but for what other objects define: account(), map flows, total [IOV-V019]
//|    41 | int entry(struct xdp_md *ctx)
//|   at:   entry:insn 0
//|   why:  main.c:47:9: entry() uses account()
//|    47 |         return account(ctx, &flow) ? XDP_DROP : XDP_PASS;
//|       |                ^
//|         main.c:29:22: look() uses map flows, total
//|    29 |         struct flow *flow = bpf_map_lookup_elem(&flows, &key);
//|       |                             ^
//|   hint: iovld links it with them, and checks the whole
//| main.c:35:15: error: `flow` may be NULL: the lookup in map `flows` can fail [IOV-V025]
//|    35 |         flow->packets++;
//|       |                      ^
//|   at:   look:insn 24
//|   why:  main.c:29:22: bpf_map_lookup_elem() at line 29 gives NULL when it fails, and nothing tests `flow` before this use
//|    29 |         struct flow *flow = bpf_map_lookup_elem(&flows, &key);
//|       |                             ^
//|   path: 1. there is no branch before it: every run comes here
//|   hint: test it right after the call: `if (!flow) return …;`
