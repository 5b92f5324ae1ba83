// RUN: iovcc -O2 -c %s -o %t.o
// RUN: iovdump --cfg=dot %t.o
typedef unsigned int u32;
typedef unsigned long long u64;
#define SEC(name) __attribute__((section(name), used))

struct xdp_md {
	u32 data, data_end;
};
struct count {
	u64 packets;
	u32 last : 20, kind : 12;
};
struct {
	int (*type)[2];
	u32 *key;
	struct count *value;
	int (*max_entries)[4];
} counts SEC(".maps");
static void *(*lookup)(void *map, const void *key) = (void *)1;
u32 limit = 3;

SEC("xdp") int count(struct xdp_md *ctx)
{
	u32 key = ctx->data_end > limit;
	struct count *c = lookup(&counts, &key);

	if (c)
		c->packets++;
	return 2;
}
char _license[] SEC("license") = "GPL";
//= STDOUT
//| digraph "%tmp/out.o" {
//| 	node [shape=box, fontname=monospace, fontsize=10];
//| 	edge [fontname=monospace, fontsize=9];
//| 	subgraph cluster_0_0 {
//| 		label="count"; fontname=monospace;
//| 		p0b0 [label="; u32 key = ctx->data_end > limit;\l0: r2 = .data+0 ll\l2: r2 = *(u32 *)(r2 + 0)\l; u32 key = ctx->data_end > limit;\l3: r3 = *(u32 *)(r1 + 4)\l4: w1 = 1\l; u32 key = ctx->data_end > limit;\l5: if w3 > w2 goto +1 <L1>\l"];
//| 		p0b0 -> p0b7 [color=darkgreen, label="yes"];
//| 		p0b0 -> p0b6 [color=firebrick, label="no"];
//| 		p0b6 [label="6: w1 = 0\l"];
//| 		p0b6 -> p0b7;
//| 		p0b7 [label="; u32 key = ctx->data_end > limit;\l7: *(u32 *)(r10 - 4) = r1\l8: r2 = r10\l9: r2 += -4\l; struct count *c = lookup(&counts, &key);\l10: r1 = counts ll\l12: call bpf_map_lookup_elem#1\l; if (c)\l13: if r0 == 0 goto +3 <L2>\l"];
//| 		p0b7 -> p0b17 [color=darkgreen, label="yes"];
//| 		p0b7 -> p0b14 [color=firebrick, label="no"];
//| 		p0b14 [label="; c->packets++;\l14: r1 = *(u64 *)(r0 + 0)\l15: r1 += 1\l16: *(u64 *)(r0 + 0) = r1\l"];
//| 		p0b14 -> p0b17;
//| 		p0b17 [label="; return 2;\l17: w0 = 2\l18: exit\l"];
//| 	}
//| }
