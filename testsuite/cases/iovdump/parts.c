// RUN: iovcc -O2 -c %s -o %t.o
// RUN: iovdump --symbols --relocs --types %t.o
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
//|
//| symbols
//|   number      value       size  type      bind    section         name
//|        1          0          0  file      local   *absolute*      parts.c
//|        2          0          0  section   local   xdp             xdp
//|        3          0        152  function  global  xdp             count
//|        4          0          4  object    global  .data           limit
//|        5          0         32  object    global  .maps           counts
//|        6          0          4  object    global  license         _license
//|
//| relocations of xdp
//|       offset  type               symbol
//|            0  R_BPF_64_64        limit
//|           80  R_BPF_64_64        counts
//|
//| types
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
