// RUN: iovcc -g -O2 -c %s -o %t.o && iovverify --cost %t.o | sed 's/[0-9.]* ms/T ms/'
// A ring may be filled as fast as it is drained: what a drain costs does not depend on the ring's size.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} orders SEC(".maps");

__u64 total;

static long take(struct bpf_dynptr *record, void *ctx)
{
	total++;
	return 0;
}

SEC("xdp")
int drain(struct xdp_md *ctx)
{
	bpf_user_ringbuf_drain(&orders, take, NULL, 0);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| %tmp/out.o: drain (xdp) on iovrun: accepted; 22 instructions followed, 2 states, T ms; at most 917512 instructions a run, 0 bytes of stack
//|   instructions  at most 917512 executed in one run
//|   calls         bpf_user_ringbuf_drain: at most 131074
//|   stack         0 bytes over 2 frames
//|   maps          16 bytes of keys and values when full: orders, .bss
