/* SPDX-License-Identifier: Apache-2.0 */
/* Timers wait in a binary heap by the time at which they are due. */
#include "runtime/maps/timers.h"
#include "runtime/maps/spin.h"

#include <errno.h>
#include <string.h>

enum { NOWHERE = UINT32_MAX, ARRAY = 2 };

struct timer {
	struct timers *all;
	uint8_t *value;          /**< NULL: its element is gone */
	struct timer_call call;
	uint64_t due;
	uint32_t place;          /**< in the heap, or NOWHERE */
	uint32_t next;           /**< in the list of free ones */
	uint32_t runs;           /**< callbacks that have returned, of whichever element's it was */
	uint32_t awaited;        /**< callbacks of other timers that cancel it */
	bool running;
	bool again;              /**< started while it runs */
};

struct timers {
	struct iov_map *map;
	uint32_t lock, free, count, off; /**< count: in the heap; off: of the struct bpf_timer in a value */
	struct timer **heap;
	struct timer pool[];
};

uint64_t timers_bytes(const struct iov_map_def *def, uint64_t elements)
{
	if (!fields_of(&def->fields, IOV_FIELD_TIMER))
		return 0;
	return sizeof(struct timers) + elements * (sizeof(struct timer) + sizeof(struct timer *));
}

void timers_init(struct iov_map *map, void *memory, uint32_t elements)
{
	struct timers *t = memory;

	*t = (struct timers){.map = map, .free = elements ? 0 : NOWHERE,
			     .off = fields_of(&map->def->fields, IOV_FIELD_TIMER)->off,
			     .heap = (struct timer **)(void *)(t->pool + elements)};
	for (uint32_t i = 0; i < elements; i++)
		t->pool[i] = (struct timer){.all = t, .place = NOWHERE, .next = i + 1 < elements ? i + 1 : NOWHERE};
	map->timers = t;
}

static struct timer *timer_of(const uint64_t *slot)
{
	return (struct timer *)(uintptr_t)__atomic_load_n(slot, __ATOMIC_ACQUIRE);
}

/* --- The heap. Its lock is held. --------------------------------------------------------------------------------- */

static void put(struct timers *t, uint32_t at, struct timer *timer)
{
	t->heap[at] = timer;
	timer->place = at;
}

/* Move what stands at `at` to where it belongs. */
static void settle(struct timers *t, uint32_t at)
{
	struct timer *timer = t->heap[at];

	for (; at && t->heap[(at - 1) / 2]->due > timer->due; at = (at - 1) / 2)
		put(t, at, t->heap[(at - 1) / 2]);
	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child + 1 < t->count && t->heap[child + 1]->due < t->heap[child]->due)
			child++;
		if (child >= t->count || t->heap[child]->due >= timer->due)
			break;
		put(t, at, t->heap[child]);
		at = child;
	}
	put(t, at, timer);
}

/* Read without the lock, to see that nothing waits. */
static uint32_t set_count(struct timers *t, uint32_t count)
{
	__atomic_store_n(&t->count, count, __ATOMIC_RELAXED);
	return count;
}

static bool take_out(struct timers *t, struct timer *timer)
{
	uint32_t at = timer->place;

	if (at == NOWHERE)
		return false;
	timer->place = NOWHERE;
	if (at != set_count(t, t->count - 1)) {
		put(t, at, t->heap[t->count]);
		settle(t, at);
	}
	return true;
}

static void put_in(struct timers *t, struct timer *timer)
{
	if (timer->place == NOWHERE) {
		put(t, t->count, timer);
		set_count(t, t->count + 1);
	}
	settle(t, timer->place);
}

/* Not to be called any more; whether it was to be. */
static bool stop(struct timers *t, struct timer *timer)
{
	bool waited = take_out(t, timer) || timer->again;

	timer->again = false;
	return waited;
}

static void release(struct timers *t, struct timer *timer)
{
	timer->next = t->free;
	t->free = (uint32_t)(timer - t->pool);
}

/* --- What helpers do. -------------------------------------------------------------------------------------------- */

int64_t timers_new(struct iov_map *map, uint64_t *slot)
{
	struct timers *t = map->timers;
	struct timer *timer;
	int64_t result = 0;

	if (!t)
		return -EINVAL;
	spin_lock(&t->lock);
	if (timer_of(slot)) {
		result = -EBUSY;
	} else if (t->free == NOWHERE) {
		result = -ENOMEM;
	} else {
		timer = &t->pool[t->free];
		t->free = timer->next;
		timer->value = (uint8_t *)slot - t->off; /* `all` stays: others may be on their way to the lock */
		timer->call = (struct timer_call){0};
		__atomic_store_n(slot, (uintptr_t)timer, __ATOMIC_RELEASE);
	}
	spin_unlock(&t->lock);
	return result;
}

/* The timer of a slot, its map locked; NULL, and nothing locked, when there is none, or none any more. */
static struct timer *timer_lock(const uint64_t *slot)
{
	struct timer *timer = timer_of(slot);

	if (!timer)
		return NULL;
	spin_lock(&timer->all->lock);
	if (timer_of(slot) == timer)
		return timer;
	spin_unlock(&timer->all->lock);
	return NULL;
}

int64_t timers_set(const uint64_t *slot, const struct timer_call *call)
{
	struct timer *timer = timer_lock(slot);

	if (!timer)
		return -EINVAL;
	timer->call = *call;
	spin_unlock(&timer->all->lock);
	return 0;
}

int64_t timers_start(const uint64_t *slot, uint64_t due)
{
	struct timer *timer = timer_lock(slot);
	struct timers *t = timer ? timer->all : NULL;
	int64_t result = 0;

	if (!timer)
		return -EINVAL;
	if (!timer->call.fn || !timer->value) {
		result = -EINVAL;
	} else {
		timer->due = due;
		timer->again = timer->running;
		if (!timer->running)
			put_in(t, timer);
	}
	spin_unlock(&t->lock);
	return result;
}

/* Its callback, which runs on another thread, returns before we do; what it may be by then is another's. */
static void await(struct timers *t, const struct timer *timer)
{
	uint32_t turns = 0, runs = timer->runs;

	while (timer->running && timer->runs == runs) {
		spin_unlock(&t->lock);
		spin_wait(&turns);
		spin_lock(&t->lock);
	}
}

int64_t timers_cancel(const uint64_t *slot, const struct iov_env *env)
{
	struct timer *timer, *own = env->timer;
	struct timers *t;
	int64_t result;

	if (own && timer_of(slot) == own)
		return -EDEADLK;
	timer = timer_lock(slot);
	if (!timer)
		return -EINVAL;
	t = timer->all;
	if (own)
		__atomic_fetch_add(&timer->awaited, 1, __ATOMIC_SEQ_CST);
	if (own && __atomic_load_n(&own->awaited, __ATOMIC_SEQ_CST)) {
		result = -EDEADLK; /* by one that may wait, over others, for us */
	} else {
		result = stop(t, timer);
		timer->call.fn = 0;
		await(t, timer);
	}
	if (own)
		__atomic_fetch_sub(&timer->awaited, 1, __ATOMIC_SEQ_CST);
	spin_unlock(&t->lock);
	return result;
}

void timers_drop(struct iov_map *map, uint8_t *value)
{
	struct timers *t = map->timers;
	struct timer *timer;

	if (!t)
		return;
	spin_lock(&t->lock);
	timer = timer_of((uint64_t *)(void *)(value + t->off));
	if (timer) {
		__atomic_store_n((uint64_t *)(void *)(value + t->off), 0, __ATOMIC_RELEASE);
		stop(t, timer);
		timer->value = NULL;
		if (!timer->running)
			release(t, timer);
	}
	spin_unlock(&t->lock);
}

/* --- Running them. ----------------------------------------------------------------------------------------------- */

static struct timer *next_due(struct timers *t, uint64_t now, struct timer_call *call, uint8_t **value)
{
	struct timer *timer = NULL;

	spin_lock(&t->lock);
	if (t->count && t->heap[0]->due <= now) {
		timer = t->heap[0];
		take_out(t, timer);
		timer->running = true;
		*call = timer->call;
		*value = timer->value;
	}
	spin_unlock(&t->lock);
	return timer;
}

static void call(struct iov_map *map, const struct timer_call *what, uint8_t *value, struct iov_env *env)
{
	const void *key = value - map_round8(map->key_size); /* of hashes: it lies before the value */
	uint32_t index = 0;

	if (map->head.type == ARRAY) {
		index = (uint32_t)((uint64_t)(value - map->head.data) / map->head.stride);
		key = &index;
	}
	env->image = what->image;
	env->callback = what->callback;
	env_callback(env, what->fn, (uintptr_t)map, (uintptr_t)key, (uintptr_t)value, 0, 0);
	env->callback = NULL;
}

static void returned(struct timers *t, struct timer *timer)
{
	spin_lock(&t->lock);
	timer->running = false;
	timer->runs++;
	if (!timer->value)
		release(t, timer);
	else if (timer->again)
		put_in(t, timer);
	timer->again = false;
	spin_unlock(&t->lock);
}

uint64_t timers_run(struct iov_map *map, struct iov_env *env, uint64_t now)
{
	struct timers *t = map->timers;
	uint64_t most = t ? __atomic_load_n(&t->count, __ATOMIC_RELAXED) : 0, ran = 0;
	struct timer_call what;
	struct timer *timer;
	uint8_t *value;

	while (ran < most && (timer = next_due(t, now, &what, &value))) {
		env->timer = timer;
		call(map, &what, value, env);
		env->timer = NULL;
		returned(t, timer);
		ran++;
	}
	return ran;
}
