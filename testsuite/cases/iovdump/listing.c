// RUN: clang-19 -target bpf -O2 -g -c %s -o %t.o
// RUN: iovdump -d %t.o
// NEEDS: clang-19
typedef unsigned int u32;
typedef unsigned long long u64;
#define SEC(name) __attribute__((section(name), used))
struct value {
	u64 hits;
};
struct {
	int (*type)[1];
	u32 *key;
	struct value *value;
	int (*max_entries)[16];
} seen SEC(".maps");
static void *(*const lookup)(void *map, const void *key) = (void *)1;
extern int kfunc(int) __attribute__((section(".ksyms")));
int calls;

static __attribute__((noinline)) int twice(int x)
{
	return 2 * x + calls;
}

SEC("xdp") int prog(void *ctx)
{
	u32 key = 1;
	struct value *v = lookup(&seen, &key);

	if (!v)
		return 1;
	v->hits++;
	return kfunc(twice(v->hits));
}
//= STDOUT
//|
//| prog: # section xdp, xdp program, 23 instructions
//|   ; listing.c:25: SEC("xdp") int prog(void *ctx)
//|        0: r6 = 1
//|   ; listing.c:27: u32 key = 1;
//|        1: *(u32 *)(r10 - 4) = r6
//|        2: r2 = r10
//|        3: r2 += -4
//|   ; listing.c:28: struct value *v = lookup(&seen, &key);
//|        4: r1 = seen ll
//|        6: call bpf_map_lookup_elem#1
//|   ; listing.c:30: if (!v)
//| ,-     7: if r0 == 0 goto +7 <L1>
//| | ; listing.c:32: v->hits++;
//| |      8: r1 = *(u64 *)(r0 + 0)                    # struct value.hits
//| |      9: r1 += 1
//| |     10: *(u64 *)(r0 + 0) = r1                    # struct value.hits
//| | ; listing.c:33: return kfunc(twice(v->hits));
//| |     11: call pc+5 <twice>
//| |     12: r1 = r0
//| |     13: call kfunc
//| |     14: r6 = r0
//| | L1:
//| | ; listing.c:34: }
//| '>    15: r0 = r6
//|       16: exit
//|
//| twice: # function
//|   ; listing.c:22: return 2 * x + calls;
//|       17: r1 <<= 1
//|       18: r2 = .bss+0 ll
//|       20: r0 = *(u32 *)(r2 + 0)                    # calls
//|       21: r0 += r1
//|       22: exit
