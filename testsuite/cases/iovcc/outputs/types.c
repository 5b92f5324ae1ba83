/* Types that are only named, whose ids LLVM 19 gives by the addresses of its own objects. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "part.h"

struct zebra;
struct yak;
struct ant;
struct bee {
	struct zebra *zebra;
	struct yak *yak;
	struct ant *ant;
	struct bee *next;
	int sting;
} __attribute__((preserve_access_index));
union wasp;
struct hive {
	union wasp *wasp;
	struct bee *queen;
	enum state *state;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10);
	__type(key, int);
	__type(value, struct hive);
} hives SEC(".maps");

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	int key = ctx->rx_queue_index;
	struct hive *hive = bpf_map_lookup_elem(&hives, &key);

	return hive && hive->queen && hive->state ? XDP_DROP : VERDICT;
}

SEC("kprobe/x")
int probe(struct hive *hive)
{
	return BPF_CORE_READ(hive, queen, next, sting) + bpf_core_field_exists(hive->wasp);
}

char LICENSE[] SEC("license") = "GPL";
