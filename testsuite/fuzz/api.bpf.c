// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// A map of each type that the runtime has, small, and programs that use some of them: what api_fuzz.c plays with.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct locked {
	struct bpf_spin_lock lock;
	__u32 n;
};

struct alarm {
	struct bpf_timer timer;
	__u64 rang;
};

struct prefix {
	__u32 bits;
	__u8 address[4];
};

#define MAP(name, kind, entries, key_type, value_type, extra)                                                          \
	struct {                                                                                                       \
		__uint(type, BPF_MAP_TYPE_##kind);                                                                     \
		__uint(max_entries, entries);                                                                          \
		__type(key, key_type);                                                                                 \
		__type(value, value_type);                                                                             \
		__uint(map_flags, extra);                                                                              \
	} name SEC(".maps")

MAP(array, ARRAY, 5, __u32, __u64, 0);
MAP(odd_array, ARRAY, 3, __u32, char[13], 0);
MAP(locks, ARRAY, 2, __u32, struct locked, 0);
MAP(percpu_array, PERCPU_ARRAY, 3, __u32, __u32, 0);
MAP(hash, HASH, 6, __u32, __u64, 0);
MAP(odd_hash, HASH, 4, char[7], char[9], BPF_F_NO_PREALLOC);
MAP(alarms, HASH, 4, __u32, struct alarm, 0);
MAP(percpu_hash, PERCPU_HASH, 4, __u64, char[5], 0);
MAP(lru, LRU_HASH, 5, __u32, __u64, 0);
MAP(percpu_lru, LRU_PERCPU_HASH, 5, __u32, __u64, 0);
MAP(lpm, LPM_TRIE, 6, struct prefix, __u32, BPF_F_NO_PREALLOC);
MAP(devices, DEVMAP, 4, __u32, __u32, 0);
MAP(devices_hash, DEVMAP_HASH, 4, __u32, struct bpf_devmap_val, 0);
MAP(cpus, CPUMAP, 4, __u32, struct bpf_cpumap_val, 0);
MAP(sockets, XSKMAP, 4, __u32, __u32, 0);

#define NO_KEY(name, kind, entries, value_type)                                                                        \
	struct {                                                                                                       \
		__uint(type, BPF_MAP_TYPE_##kind);                                                                     \
		__uint(max_entries, entries);                                                                          \
		__type(value, value_type);                                                                             \
	} name SEC(".maps")

NO_KEY(queue, QUEUE, 3, __u64);
NO_KEY(stack, STACK, 3, char[6]);
NO_KEY(bloom, BLOOM_FILTER, 50, __u32);

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} user_ring SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__uint(value_size, 4);
} perf SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 3);
	__uint(key_size, 4);
	__uint(value_size, 4);
} next SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} storage SEC(".maps");

struct inner {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
};

struct inner one SEC(".maps"), two SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, __u32);
	__array(values, struct inner);
} outer SEC(".maps") = { .values = { [0] = &one } };
struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, __u32);
	__array(values, struct inner);
} outer_hash SEC(".maps");

__u64 total;
__u16 small = 7;
const volatile __u32 limit = 3;

static int rings(void *map, __u32 *key, struct alarm *a)
{
	a->rang++;
	return 0;
}

static long drain(struct bpf_dynptr *record, void *ctx)
{
	__u64 bytes = 0;

	total += !bpf_dynptr_read(&bytes, sizeof(bytes), record, 0, 0) + bytes;
	return 0;
}

static __always_inline void set_alarm(__u32 key)
{
	struct alarm fresh = {}, *a;

	bpf_map_update_elem(&alarms, &key, &fresh, BPF_NOEXIST);
	a = bpf_map_lookup_elem(&alarms, &key);
	if (!a)
		return;
	bpf_timer_init(&a->timer, &alarms, 1);
	bpf_timer_set_callback(&a->timer, rings);
	bpf_timer_start(&a->timer, key, 0);
}

static __always_inline void use_maps(__u32 key)
{
	__u64 value = total;
	void *map = bpf_map_lookup_elem(&outer, &key);

	if (map)
		bpf_map_update_elem(map, &key, &value, BPF_ANY);
	map = bpf_map_lookup_elem(&outer_hash, &key);
	if (map)
		bpf_map_delete_elem(map, &key);
	bpf_map_update_elem(&lru, &key, &value, BPF_ANY);
	bpf_map_push_elem(&queue, &value, BPF_EXIST);
	bpf_ringbuf_output(&ring, &value, sizeof(value), 0);
	bpf_user_ringbuf_drain(&user_ring, drain, NULL, 0);
}

SEC("xdp")
int work(struct xdp_md *ctx)
{
	__u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	total++;
	bpf_perf_event_output(ctx, &perf, BPF_F_CURRENT_CPU, &total, sizeof(total));
	if (data + 8 > end)
		return bpf_xdp_adjust_tail(ctx, 40) ? XDP_ABORTED : XDP_TX;
	use_maps(data[0] & 7);
	if (data[1] & 1)
		set_alarm(data[1] & 7);
	if (data[2] & 1)
		return bpf_redirect_map(&devices, data[2] & 7, XDP_PASS);
	if (data[2] & 2)
		return bpf_redirect_map(&devices_hash, data[2] & 7, XDP_PASS | BPF_F_BROADCAST);
	if (data[2] & 4)
		return bpf_redirect_map(&cpus, data[2] & 7, XDP_DROP);
	bpf_tail_call(ctx, &next, data[3] & 3);
	return XDP_PASS;
}

SEC("xdp")
int moves(struct xdp_md *ctx)
{
	if (bpf_xdp_adjust_head(ctx, limit ? -(int)small : 2))
		return XDP_ABORTED;
	bpf_tail_call(ctx, &next, 1);
	return bpf_xdp_adjust_meta(ctx, -8) ? XDP_DROP : XDP_PASS;
}

SEC("tc")
int classify(struct __sk_buff *skb)
{
	__u32 word = 0;

	if (bpf_skb_load_bytes(skb, skb->len - 4, &word, sizeof(word)))
		return 2;
	if (word & 1)
		return bpf_skb_change_tail(skb, skb->len + (word >> 16 & 255), 0) ? 2 : 0;
	if (word & 2)
		(void)bpf_skb_vlan_push(skb, 0, word >> 16 & 0xfff);
	return bpf_clone_redirect(skb, 7, 0) ? 1 : 0;
}

char _license[] SEC("license") = "GPL";
