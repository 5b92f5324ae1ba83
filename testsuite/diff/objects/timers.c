/* SPDX-License-Identifier: Apache-2.0 */
/* Timers in map values, and what the functions that they call may do. */
#include "objects.h"

struct elem {
	struct bpf_timer timer;
	long count;
};
struct {
	__uint(type, 2);
	__type(key, int);
	__type(value, struct elem);
	__uint(max_entries, 4);
} timers SEC(".maps"), others SEC(".maps");

int zero_key;

static struct elem *first(void)
{
	int any = bpf_get_prandom_u32();

	return bpf_map_lookup_elem(&timers, &any);
}

static int tick(void *map, int *key, struct elem *e)
{
	e->count += *key;
	bpf_timer_start(&e->timer, 1000, 0);
	return 0;
}

static int tick_writes_key(void *map, int *key, struct elem *e)
{
	*key = 1;
	return 0;
}

static int tick_outside(void *map, int *key, struct elem *e)
{
	zero_key = (e + 1)->count;
	return 0;
}

static int tick_returns(void *map, int *key, struct elem *e)
{
	return e->count & 1;
}

static int tick_reads_timer(void *map, int *key, struct elem *e)
{
	zero_key = *(volatile __u64 *)&e->timer;
	return 0;
}

#define CALLED(name, code, wrong)                                                                                      \
	TWIN(name, code,                                                                                               \
		struct elem *e = first();                                                                              \
		if (!e)                                                                                                \
			return 0;                                                                                      \
		bpf_timer_init(&e->timer, &timers, 7);                                                                 \
		if (bad)                                                                                               \
			bpf_timer_set_callback(&e->timer, wrong);                                                      \
		else                                                                                                   \
			bpf_timer_set_callback(&e->timer, tick);                                                       \
	)

CALLED(writes_key, IOV-V031, tick_writes_key)
CALLED(outside, IOV-V026, tick_outside)
CALLED(returns, IOV-V060, tick_returns)
CALLED(reads_timer, IOV-V061, tick_reads_timer)

TWIN(null, IOV-V025,
	struct elem *e = first();
	if (!bad && !e)
		return 0;
	bpf_timer_cancel(&e->timer);
)

TWIN(other_map, IOV-V043,
	struct elem *e = first();
	if (!e)
		return 0;
	if (bad)
		bpf_timer_init(&e->timer, &others, 7);
	else
		bpf_timer_init(&e->timer, &timers, 7);
)

TWIN(no_timer, IOV-V043,
	struct elem *e = first();
	if (!e)
		return 0;
	bpf_timer_start(bad ? (void *)&e->count : (void *)&e->timer, 100, 0);
)

TWIN(plain_write, IOV-V061,
	struct elem *e = first();
	if (!e)
		return 0;
	if (bad)
		*(volatile __u64 *)&e->timer = 0;
	e->count = 1;
)
