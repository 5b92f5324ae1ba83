// RUN: iovcc -O2 -c %s -o %t.o
// RUN: iovdump -d --plain %t.o
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
//| r2 = map[0]+0 ll
//| r2 = *(u32 *)(r2 + 0)
//| r3 = *(u32 *)(r1 + 4)
//| w1 = 1
//| if w3 > w2 goto +1
//| w1 = 0
//| *(u32 *)(r10 - 4) = r1
//| r2 = r10
//| r2 += -4
//| r1 = map[1] ll
//| call 1
//| if r0 == 0 goto +3
//| r1 = *(u64 *)(r0 + 0)
//| r1 += 1
//| *(u64 *)(r0 + 0) = r1
//| w0 = 2
//| exit
