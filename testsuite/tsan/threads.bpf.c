/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* What many threads run at once: each packet's first four bytes are a key, the fifth says what to do with it. What
 * several threads change is changed by atomics, under a lock, or is per-CPU: races that are left are the runtime's. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct guarded {
	struct bpf_spin_lock lock;
	__u32 writer;
	__u64 one, two;
};

struct alarm {
	struct bpf_timer timer;
	__u64 rang;
};

#define MAP(name, kind, entries, key_type, value_type)                                                                 \
	struct {                                                                                                       \
		__uint(type, BPF_MAP_TYPE_##kind);                                                                     \
		__uint(max_entries, entries);                                                                          \
		__type(key, key_type);                                                                                 \
		__type(value, value_type);                                                                             \
	} name SEC(".maps")

MAP(flows, HASH, 64, __u32, __u64);
MAP(recent, LRU_HASH, 32, __u32, __u64);
MAP(counts, PERCPU_ARRAY, 1, __u32, __u64);
MAP(shared, ARRAY, 1, __u32, struct guarded);
MAP(alarms, HASH, 16, __u32, struct alarm);
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__uint(value_size, 4);
} next SEC(".maps");
__u64 total, torn;

/* Objects that threads put in and take out under each other: one that is looked at stays what it was. */
struct iov_pair {
	__u64 a, b;
};
struct iov_pair whole_pair;
struct held {
	struct iov_pair __attribute__((btf_type_tag("kptr"))) *pair;
};
MAP(pairs, ARRAY, 4, __u32, struct held);

void *bpf_obj_new_impl(__u64 local_type_id, void *meta) __ksym;
void bpf_obj_drop_impl(void *kptr, void *meta) __ksym;
void bpf_rcu_read_lock(void) __ksym;
void bpf_rcu_read_unlock(void) __ksym;

static __always_inline void swap_pair(__u32 key)
{
	__u32 slot = key & 3;
	struct held *held = bpf_map_lookup_elem(&pairs, &slot);
	struct iov_pair *seen, *mine;
	__u64 a;

	if (!held)
		return;
	bpf_rcu_read_lock();
	seen = held->pair;
	a = seen ? seen->a : 0;
	for (int i = 0; i < 3; i++) {
		mine = bpf_obj_new_impl(__builtin_btf_type_id(*mine, 0), 0);
		if (!mine)
			break;
		mine->a = bpf_get_prandom_u32();
		mine->b = ~mine->a;
		mine = bpf_kptr_xchg(&held->pair, mine);
		if (mine)
			bpf_obj_drop_impl(mine, 0);
	}
	if (seen && (seen->a != a || seen->b != ~a))
		__sync_fetch_and_add(&torn, 1);
	bpf_rcu_read_unlock();
}

/* Starts itself again, stops itself and its neighbour, takes its element away: in turns. */
static int ring_alarm(void *map, __u32 *key, struct alarm *a)
{
	__u32 own = *key, next = (own + 1) & 15;
	struct alarm *neighbour;

	switch (__sync_fetch_and_add(&a->rang, 1) & 3) {
	case 0:
		bpf_timer_start(&a->timer, 0, 0);
		break;
	case 1:
		neighbour = bpf_map_lookup_elem(&alarms, &next);
		bpf_timer_cancel(&a->timer);
		if (neighbour)
			bpf_timer_cancel(&neighbour->timer);
		break;
	case 2:
		bpf_map_delete_elem(&alarms, &own);
	}
	return 0;
}

static __always_inline void change_shared(__u32 key)
{
	__u32 zero = 0;
	struct guarded *g = bpf_map_lookup_elem(&shared, &zero);

	if (!g)
		return;
	bpf_spin_lock(&g->lock);
	g->one += key;
	g->two += key;
	g->writer = key;
	bpf_spin_unlock(&g->lock);
}

static __always_inline void set_alarm(__u32 key)
{
	struct alarm fresh = {}, *a;

	key &= 15;
	bpf_map_update_elem(&alarms, &key, &fresh, BPF_NOEXIST);
	a = bpf_map_lookup_elem(&alarms, &key);
	if (!a)
		return;
	bpf_timer_init(&a->timer, &alarms, 1);
	bpf_timer_set_callback(&a->timer, ring_alarm);
	bpf_timer_start(&a->timer, key, 0);
}

SEC("xdp")
int work(struct xdp_md *ctx)
{
	__u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u64 value = 1, *count, record[2];
	__u32 zero = 0, key;

	if (data + 8 > end)
		return XDP_ABORTED;
	key = *(__u32 *)data;
	count = bpf_map_lookup_elem(&counts, &zero);
	if (count)
		*count += 1;
	__sync_fetch_and_add(&total, 1);
	switch (data[4] % 10) {
	case 0:
		bpf_map_update_elem(&flows, &key, &value, BPF_ANY);
		break;
	case 1:
		bpf_map_delete_elem(&flows, &key);
		break;
	case 2:
		if (bpf_map_lookup_elem(&flows, &key))
			return XDP_TX;
		break;
	case 3:
		if (!bpf_map_lookup_elem(&recent, &key))
			bpf_map_update_elem(&recent, &key, &value, BPF_ANY);
		break;
	case 4:
		record[0] = key;
		record[1] = ~(__u64)key;
		bpf_ringbuf_output(&events, record, sizeof(record), 0);
		break;
	case 5:
		change_shared(key);
		break;
	case 6:
		set_alarm(key);
		break;
	case 7:
		swap_pair(key);
		break;
	default:
		bpf_tail_call(ctx, &next, 0);
	}
	return XDP_PASS;
}

SEC("xdp")
int after(struct xdp_md *ctx)
{
	return XDP_DROP;
}

char _license[] SEC("license") = "GPL";
