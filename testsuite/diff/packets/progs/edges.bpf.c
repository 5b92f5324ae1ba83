// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// What helpers say to flags that they do not know and to lengths and numbers at their ends: XDP.
#include "dice.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 4);
} devs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__uint(value_size, 4);
} cpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 4);
} socks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, __u64);
} hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 300);
	__type(key, __u32);
	__type(value, __u64);
} lru SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, __u64);
} percpu SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, __u64);
} array SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 3);
	__type(value, __u64);
} queue SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 300);
	__type(value, __u64);
} bloom SEC(".maps");

char bytes[64];
const char word[16] = "Kernel";

/* Below a power of two: Linux understands the mask. */
static __always_inline __u32 size(__u32 most) { return roll(1024) & (most - 1); }

static __always_inline __u64 corner(void)
{
	static const __u64 corners[] = {0, 1, 2, 3, 4, 5, 8, 16, 32, 63, 64, 255, 1 << 12, 0xfffe, 0xffff, 0x10000,
					0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x100000001, 1ull << 63,
					0xffffffffffffffff, 0xffffffff00000001, 6, 7, 9, 10, 12, 17, 24, 1000};

	return corners[size(32)];
}

/* Few are right by chance: half of them are 0. */
static __always_inline __u64 flags(void) { return roll(2) ? 0 : corner(); }

static long stop(__u32 i, void *turns) { return i == *(__u32 *)turns; }
static long each(void *map, __u32 *key, __u64 *value, void *sum)
{
	*(__u64 *)sum += *key + *value;
	return 0;
}

static __always_inline void maps(void)
{
	__u32 key = roll(5);
	__u64 value = roll(9), sum = 0;

	result(10, bpf_map_update_elem(&hash, &key, &value, flags()));
	result(11, bpf_map_update_elem(&lru, &key, &value, flags()));
	result(12, bpf_map_update_elem(&percpu, &key, &value, flags()));
	result(13, bpf_map_update_elem(&array, &key, &value, flags()));
	result(14, bpf_map_push_elem(&queue, &value, flags()));
	result(15, bpf_map_push_elem(&bloom, &value, flags()));
	result(16, bpf_map_peek_elem(&bloom, &value));
	key = roll(5);
	result(17, bpf_map_delete_elem(roll(2) ? (void *)&hash : &lru, &key));
	result(18, bpf_map_delete_elem(&percpu, &key));
	result(19, bpf_map_delete_elem(&array, &key));
	result(20, roll(2) ? bpf_map_pop_elem(&queue, &value) : bpf_map_peek_elem(&queue, &value));
	result(21, value);
	result(22, bpf_for_each_map_elem(&hash, each, &sum, flags()));
	result(23, sum);
	result(24, bpf_map_lookup_percpu_elem(&percpu, &key, (__u32)corner() | 64) != 0);
}

static __always_inline void redirects(void)
{
	result(30, bpf_redirect(roll(3), flags()));
	result(31, bpf_redirect_map(&devs, roll(6), flags()));
	result(32, bpf_redirect_map(&cpus, roll(6), flags()));
	result(33, bpf_redirect_map(&socks, roll(6), flags()));
}

static __always_inline void rings(void)
{
	void *record;

	result(40, bpf_ringbuf_output(&ring, bytes, 1 + size(32), flags()));
	result(41, bpf_ringbuf_query(&ring, roll(4) ? roll(3) : corner()) & 0xffffffff);
	record = bpf_ringbuf_reserve(&ring, 24, flags());
	result(42, record != 0);
	if (record)
		bpf_ringbuf_discard(record, flags());
	record = bpf_ringbuf_reserve(&ring, 4096, 0);
	result(43, record != 0);
	if (record)
		bpf_ringbuf_discard(record, 0);
	record = bpf_ringbuf_reserve(&ring, 65536, 0);
	result(44, record != 0);
	if (record)
		bpf_ringbuf_discard(record, 0);
}

SEC("xdp")
int edges(struct xdp_md *ctx)
{
	__u32 turns = roll(20), mtu = roll(2) ? 0 : corner();

	dice += ctx->data_end - ctx->data;
	for (int i = 0; i < 64; i++)
		bytes[i] = roll(256);
	maps();
	redirects();
	rings();
	result(0, bpf_loop(corner(), stop, &turns, flags()));
	result(1, bpf_xdp_load_bytes(ctx, corner(), bytes, 1 + size(64)));
	result(2, bpf_xdp_store_bytes(ctx, corner(), bytes, 1 + size(64)));
	result(3, bpf_xdp_adjust_meta(ctx, roll(2) ? (int)corner() : -(int)roll(300)));
	result(4, bpf_xdp_adjust_head(ctx, roll(2) ? (int)corner() : (int)roll(40) - 20));
	result(5, bpf_xdp_adjust_tail(ctx, roll(2) ? (int)corner() : (int)roll(40) - 20));
	result(6, bpf_xdp_get_buff_len(ctx));
	for (int i = 0; i < 8; i++)
		bytes[i] = roll(4) ? word[i] : roll(256);
	result(7, bpf_strncmp(bytes, 1 + size(16), word));
	result(8, bpf_csum_diff((void *)bytes, size(32), (void *)bytes + 32, size(32), corner()));
	result(9, bpf_csum_diff(0, 0, (void *)bytes, size(32), corner()));
	result(50, bpf_csum_diff((void *)bytes, size(32), 0, 0, corner()));
	result(51, bpf_check_mtu(ctx, roll(3) ? 0 : 9999, &mtu, roll(2) ? 0 : (int)corner(), flags()));
	return XDP_PASS;
}
