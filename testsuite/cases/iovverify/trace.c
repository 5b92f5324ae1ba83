// RUN: iovcc -g -O2 -c %s -o %t.o
// RUN: iovverify --verbose %t.o | sed 's/[0-9.]* ms/T ms/'
// RUN: iovverify --trace=json --json %t.o | python3 -c 'import json, sys; [print(sorted(d)[:6], d.get("registers", {}).get("r0")) for d in map(json.loads, sys.stdin)]'
// The state before every instruction, for people and for tools.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 key = ctx->rx_queue_index & 3;
	__u64 *value = bpf_map_lookup_elem(&hits, &key);

	if (value)
		*value += 1;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| ; trace.c:18: __u32 key = ctx->rx_queue_index & 3;
//|      ; r1`ctx`=ctx
//|    0: r1 = *(u32 *)(r1 + 16)
//|      ; r1=0..4294967295 bits 0/0xffffffff
//|    1: w1 &= 3
//|      ; r1=0..3 bits 0/0x3
//|    2: *(u32 *)(r10 - 4) = r1
//|      ; r1=0..3 bits 0/0x3 =#1+0 [-4..-1]`key`=0..3 bits 0/0x3 =#1+0
//|    3: r2 = r10
//|      ; r1=0..3 bits 0/0x3 =#1+0 r2=stack [-4..-1]`key`=0..3 bits 0/0x3 =#1+0
//|    4: r2 += -4
//| ; trace.c:19: __u64 *value = bpf_map_lookup_elem(&hits, &key);
//|      ; r1=0..3 bits 0/0x3 =#1+0 r2=stack-4 [-4..-1]`key`=0..3 bits 0/0x3 =#1+0
//|    5: r1 = hits ll
//|      ; r1=map(hits) r2=stack-4 [-4..-1]`key`=0..3 bits 0/0x3 =#1+0
//|    7: call bpf_map_lookup_elem#1
//| ; trace.c:21: if (value)
//|      ; r0`value`=value(hits) or NULL [-4..-1]`key`=0..3 bits 0/0x3 =#1+0
//|    8: if r0 == 0 goto +3
//| ; trace.c:22: *value += 1;
//|      ; r0`value`=value(hits) [-4..-1]`key`=0..3 bits 0/0x3 =#1+0
//|    9: r1 = *(u64 *)(r0 + 0)
//|      ; r0`value`=value(hits) r1=any [-4..-1]`key`=0..3 bits 0/0x3 =#1+0
//|   10: r1 += 1
//|      ; r0`value`=value(hits) r1=any [-4..-1]`key`=0..3 bits 0/0x3 =#1+0
//|   11: *(u64 *)(r0 + 0) = r1
//| ; trace.c:23: return XDP_PASS;
//|      ; [-4..-1]`key`=0..3 bits 0/0x3
//|   12: w0 = 2
//|      ; r0=2 [-4..-1]`key`=0..3 bits 0/0x3
//|   13: exit
//|   12: as verified before
//| %tmp/out.o: count (xdp) on iovrun: accepted; 13 instructions followed, 1 state, T ms; at most 13 instructions a run, 16 bytes of stack
//| ['object', 'platform', 'trace'] None
//| ['column', 'file', 'frame', 'insn', 'line', 'references'] None
//| ['column', 'file', 'frame', 'insn', 'line', 'references'] None
//| ['column', 'file', 'frame', 'insn', 'line', 'references'] None
//| ['column', 'file', 'frame', 'insn', 'line', 'references'] None
//| ['column', 'file', 'frame', 'insn', 'line', 'references'] None
//| ['column', 'file', 'frame', 'insn', 'line', 'references'] None
//| ['column', 'file', 'frame', 'insn', 'line', 'references'] None
//| ['column', 'file', 'frame', 'insn', 'line', 'references'] {'kind': 'value', 'variable': 'value', 'offset': 0, 'map': 'hits', 'or_null': True, 'id': 2, 'from': 7}
//| ['column', 'file', 'frame', 'insn', 'line', 'references'] {'kind': 'value', 'variable': 'value', 'offset': 0, 'map': 'hits', 'from': 7}
//| ['column', 'file', 'frame', 'insn', 'line', 'references'] {'kind': 'value', 'variable': 'value', 'offset': 0, 'map': 'hits', 'from': 7}
//| ['column', 'file', 'frame', 'insn', 'line', 'references'] {'kind': 'value', 'variable': 'value', 'offset': 0, 'map': 'hits', 'from': 7}
//| ['column', 'file', 'frame', 'insn', 'line', 'references'] None
//| ['column', 'file', 'frame', 'insn', 'line', 'references'] {'kind': 'number', 'min': 2, 'max': 2, 'umin': 2, 'umax': 2, 'bits': ['0x2', '0'], 'from': 12}
//| ['covered', 'insn'] None
//| ['diagnostics', 'function', 'instructions', 'nanoseconds', 'object', 'peak_states'] None
