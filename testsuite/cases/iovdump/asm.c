// RUN: iovcc -O2 -c %s -o %t.o
// RUN: sh -c 'iovdump --asm %t.o | sed "/section .iov.manifest$/,/^$/d"'
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
//| # iovdump --asm: iovas makes the same object of this text
//| 	.syntax kernel
//|
//| # sections, in their order
//| 	.section .text, "ax", @progbits
//| 	.balign 4
//| 	.section xdp, "ax", @progbits
//| 	.balign 8
//| 	.section .data, "aw", @progbits
//| 	.balign 4
//| 	.section .maps, "aw", @progbits
//| 	.balign 8
//| 	.section license, "aw", @progbits
//| 	.section .BTF, "", @progbits
//| 	.balign 4
//| 	.section .BTF.ext, "", @progbits
//| 	.balign 4
//| 	.section .iov.manifest, "", @progbits
//| 	.balign 8
//|
//| # symbols, in their order; their labels stand below
//| 	.symbol .Lsymbol1, name="asm.c", type=@file
//| 	.symbol xdp, section=xdp
//| 	.symbol count, type=@function, bind=global
//| 	.symbol limit, type=@object, bind=global, size=4
//| 	.symbol counts, type=@object, bind=global, size=32
//| 	.symbol _license, type=@object, bind=global, size=4
//|
//| 	.btf_form iov
//| 	.btf_auto off
//| 	.btf
//| 	int count(struct xdp_md *ctx);
//| 	int;
//| 	struct xdp_md *;
//| 	struct xdp_md {
//| 		u32 data;
//| 		u32 data_end;
//| 	};
//| 	typedef unsigned int u32;
//| 	unsigned int;
//| 	char _license[4];
//| 	char [4];
//| 	char;
//| 	__ARRAY_SIZE_TYPE__;
//| 	struct {
//| 		int (*type)[2];
//| 		u32 *key;
//| 		struct count *value;
//| 		int (*max_entries)[4];
//| 	} counts;
//| 	int (*)[2];
//| 	int [2];
//| 	u32 *;
//| 	struct count *;
//| 	struct count {
//| 		u64 packets;
//| 		u32 last : 20;
//| 		u32 kind : 12;
//| 	};
//| 	typedef unsigned long long u64;
//| 	unsigned long long;
//| 	int (*)[4];
//| 	int [4];
//| 	u32 limit;
//| 	__datasec(".data") {
//| 		limit;
//| 	};
//| 	__datasec(".maps") {
//| 		counts;
//| 	};
//| 	__datasec("license") {
//| 		_license;
//| 	};
//| 	.endbtf
//|
//| 	.section .data
//| limit:
//| 	.long 0x3
//|
//| 	.section .maps
//| 	.map counts
//|
//| 	.section license
//| _license:
//| 	.asciz "GPL"
//|
//| 	.section xdp
//| count:
//| 	.btf_func count
//| 	.line "asm.c", 25:28, "\tu32 key = ctx->data_end > limit;"
//| 	r2 = limit ll
//| 	r2 = *(u32 *)(r2 + 0)
//| 	.line 25:17, "\tu32 key = ctx->data_end > limit;"
//| 	r3 = *(u32 *)(r1 + 4)
//| 	w1 = 1
//| 	.line 25:26, "\tu32 key = ctx->data_end > limit;"
//| 	if w3 > w2 goto .L1
//| 	w1 = 0
//| .L1:
//| 	.line 25:6, "\tu32 key = ctx->data_end > limit;"
//| 	*(u32 *)(r10 - 4) = r1
//| 	r2 = r10
//| 	r2 += -4
//| 	.line 26:20, "\tstruct count *c = lookup(&counts, &key);"
//| 	r1 = counts ll
//| 	call bpf_map_lookup_elem
//| 	.line 28:6, "\tif (c)"
//| 	if r0 == 0 goto .L2
//| 	.line 29:13, "\t\tc->packets++;"
//| 	r1 = *(u64 *)(r0 + 0)
//| 	r1 += 1
//| 	*(u64 *)(r0 + 0) = r1
//| .L2:
//| 	.line 30:2, "\treturn 2;"
//| 	w0 = 2
//| 	exit
//| 	.size count, .-count
