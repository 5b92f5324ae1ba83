// RUN: iovcc -g -O2 -fno-iov-verify -c %s -o %t.o
// RUN: iovverify --why=50 %t.o 2>/dev/null | sed 's/[0-9.]* ms/T ms/'; iovverify --why='count:insn 0' %t.o 2>/dev/null | head -4; :
// RUN: iovverify --why=sideways %t.o; iovverify --why=3 %t.o 2>&1 | grep 'comes from'; :
// RUN: iovverify --json --why=50 %t.o | python3 -c 'import json, sys; [print(sorted(d)) for d in map(json.loads, sys.stdin)]'; :
// What is known at a line or an instruction, and from where: each check, and what made the value.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct table {
	__u64 hits[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct table);
} tables SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct table *table;
	__u32 key = 0, slot;
	__u32 *event;

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;
	table = bpf_map_lookup_elem(&tables, &key);
	if (!table)
		return XDP_PASS;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return XDP_PASS;
	slot = eth->h_source[5];
	if (slot > 16) {
		bpf_ringbuf_discard(event, 0);
		return XDP_PASS;
	}
	*event = slot;
	/* The mistake: 16 is one too many. */
	table->hits[slot]++;
	bpf_ringbuf_submit(event, 0);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| count on iovrun, at line 50:
//|  before insn 27, r1 <<= 3 (line 50: table->hits[slot]++;):
//|    way: `(void *)(eth + 1) > data_end` is false at line 35, `!table` is false at line 38, `!event` is false at line 41, `slot > 16` is false at line 44
//|    `event` (r0): a pointer to 4 bytes
//|       checked `!event` is false at line 41 (insn 19)
//|       set by  insn 18, bpf_ringbuf_reserve() (line 40: event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);)
//|    `slot` (r1): a number (0..16)
//|       checked `slot > 16` is false at line 44 (insn 21)
//|       set by  insn 20, r1 = *(u8 *)(r7 + 11) (line 43: slot = eth->h_source[5];)
//|    `table` (r6): a pointer to a value of map `tables`; a value has 128 bytes
//|       checked `!table` is false at line 38 (insn 13)
//|       set by  insn 11, bpf_map_lookup_elem() (line 37: table = bpf_map_lookup_elem(&tables, &key);)
//|    `eth` (r7): a packet pointer; 14 bytes from the packet's start on are known to exist
//|       checked `(void *)(eth + 1) > data_end` is false at line 35 (insn 6)
//|       set by  insn 1, r7 = *(u32 *)(r1 + 0) (line 29: void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;)
//|    to be released: what bpf_ringbuf_reserve() returned at line 40
//| %tmp/out.o: count (xdp) on iovrun: rejected; 30 instructions followed, 1 state, T ms
//| count on iovrun, at insn 0:
//|  before insn 0, r2 = *(u32 *)(r1 + 4) (line 29: void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;):
//|    way: no written condition leads here
//|    `ctx` (r1): the context
//| iovverify: error: no instruction comes from '3' [IOV-B001]
//| ['why']
//| ['diagnostics', 'function', 'instructions', 'nanoseconds', 'object', 'peak_states', 'platform', 'program', 'section', 'states', 'type', 'unlinked', 'verdict', 'worst_case']
//= STDERR
//| iovverify: error: --why takes a line or an instruction, not 'sideways' [IOV-B001]
//|   hint: --why=40, --why=filter.c:40, or --why='insn 16' as messages name it
