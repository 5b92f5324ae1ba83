// RUN: iovcc -O2 -c %s -o %t.o
// RUN: env PATH=/nonexistent %top/build/bin/iovdump --cfg=svg %t.o
// EXIT: 1
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
//= STDERR
//| iovdump: error: the picture cannot be drawn: there is no program dot [IOV-A110]
//|   hint: install Graphviz (package graphviz), or take --cfg=dot and draw it elsewhere
