// RUN: iovcc -O2 -g -c %s -o %t.o
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --events --no-timing --repeat 2 | sed -n '1,14p;/^trace/,+3p'
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --events --no-timing --json | sed -n '/records/,+2p'
// Records in their own type, and as bytes where nothing names it; lines of bpf_printk.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <iov/record.h>

enum size { SHORT, LONG };

struct seen {
	__u64 packet;
	enum size size;
	__u8 from[6];
	__u16 zero[3];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps") IOV_RECORD(seen);

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} perf SEC(".maps");

__u64 packets;

static __attribute__((noinline)) long tell(struct seen *seen)
{
	return seen ? bpf_ringbuf_output(&events, seen, sizeof(*seen), 0) : 0;
}

SEC("xdp")
int every_hundredth(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct seen seen = {.packet = packets++};

	if (data + 14 > end || seen.packet % 100)
		return XDP_PASS;
	seen.size = end - data > 100 ? LONG : SHORT;
	__builtin_memcpy(seen.from, data + 6, 6);
	tell(&seen);
	bpf_perf_event_output(ctx, &perf, BPF_F_CURRENT_CPU | 4ULL << 32, &seen.packet, 8);
	bpf_printk("%d %d %d %d", 1, 2, 3, seen.size);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
//= STDOUT
//| %tmp/out.o: xdp program every_hundredth (jit), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  802         129418
//| total                     802         129418
//|
//| events: 14
//| perf 00 00 00 00 00 00 00 00 33 33 00 00
//| events { .packet = 0, .size = LONG, .from = { 2, 0, 0, 0, 0, 10 }, .zero = { 0, 0, 0 } }
//| perf 64 00 00 00 00 00 00 00 02 00 00 00
//| events { .packet = 100, .size = SHORT, .from = { 2, 0, 0, 0, 0, 11 }, .zero = { 0, 0, 0 } }
//| perf c8 00 00 00 00 00 00 00 02 00 00 00
//| events { .packet = 200, .size = SHORT, .from = { 2, 0, 0, 0, 0, 10 }, .zero = { 0, 0, 0 } }
//| perf 2c 01 00 00 00 00 00 00 02 00 00 00
//| trace:
//| 1 2 3 1
//| 1 2 3 0
//| 1 2 3 0
//|   "records": [
//|     {"map": "perf", "record": "000000000000000033330000"},
//|     {"map": "events", "record": { "packet": 0, "size": "LONG", "from": [2, 0, 0, 0, 0, 10], "zero": [0, 0, 0] }},
