// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
#include "counter.h"

#ifdef GCC
#define HELPER(number) __attribute__((kernel_helper(number)))
void *lookup(void *map, const void *key) HELPER(1);
long update(void *map, const void *key, const void *value, u64 flags) HELPER(2);
long tail(void *ctx, void *map, u32 index) HELPER(12);
#else
static void *(*const lookup)(void *map, const void *key) = (void *)1;
static long (*const update)(void *map, const void *key, const void *value, u64 flags) = (void *)2;
static long (*const tail)(void *ctx, void *map, u32 index) = (void *)12;
#endif

SEC("xdp")
int count(struct xdp_md *ctx)
{
	u8 *at = (u8 *)(u64)ctx->data, *end = (u8 *)(u64)ctx->data_end;
	u32 hash = fold(at, end), key = hash % (modulus ? modulus : 1);
	u64 one = 1, *n;

	bytes += (u64)(end - at);
	sum += hash / 3;
	n = lookup(&seen, &key);
	if (n)
		__sync_fetch_and_add(n, 1);
	else
		update(&seen, &key, &one, 0);
	tail(ctx, &calls, key & 1);
	return key == 3 ? 1 : 2;
}

char _license[] SEC("license") = "GPL";
