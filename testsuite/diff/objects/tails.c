/* SPDX-License-Identifier: Apache-2.0 */
/* Tail calls in functions: where there is a program, it returns to the function's caller: with its result, its changes
 * to the packet, and without what the function would have done behind the call. */
#include "objects.h"

static long (*const bpf_tail_call)(void *ctx, void *map, __u32 index) = (void *)12;

struct md { __u32 len, pkt_type, mark, skip[16], data, data_end; };
struct {
	__uint(type, 3);
	__type(key, int);
	__type(value, int);
	__uint(max_entries, 4);
} steps SEC(".maps");
struct {
	__uint(type, 2);
	__type(key, int);
	__type(value, __u64[4]);
	__uint(max_entries, 1);
} values SEC(".maps");

#define opaque(x) asm volatile("" : "+r"(x))

static __attribute__((noinline)) __u64 result(void *ctx)
{
	__u64 r = 3;

	bpf_tail_call(ctx, &steps, 0);
	opaque(r);
	return r;
}

static __attribute__((noinline)) __u64 writes(void *ctx, volatile __u64 *out)
{
	bpf_tail_call(ctx, &steps, 0);
	*out = 3;
	return 0;
}

TWIN(result, IOV-V026,
	int key = 0;
	__u64 *v = bpf_map_lookup_elem(&values, &key), i;
	if (!v)
		return 0;
	i = result(ctx);
	if (!bad)
		i &= 3;
	else
		i &= 7;
	opaque(i);
	v[i] = 1;
)

TWIN(writes, IOV-V026,
	int key = 0;
	volatile __u64 i = bad ? 9 : 2;
	__u64 *v = bpf_map_lookup_elem(&values, &key);
	if (!v)
		return 0;
	writes(ctx, &i);
	v[i] = 1;
)

TWIN(packet, IOV-V028,
	struct md *md = (void *)ctx;
	__u8 *data = (void *)(long)md->data;
	if (data + 14 > (__u8 *)(long)md->data_end)
		return 0;
	if (!bad)
		data[13] = 1;
	result(ctx);
	if (bad)
		data[13] = 1;
)

TWIN(stack_above, IOV-V013,
	volatile char above[bad ? 256 : 240];
	above[ctx->len & 127] = 1;
	result(ctx);
)
