/* SPDX-License-Identifier: Apache-2.0 */
/* The heap is chunks of one size, at multiples of it; a chunk belongs to one type and to one of the type's free lists,
 * of which each thread uses its own. So the object is found from any pointer into it, and threads seldom meet.
 *
 * Grace, by epochs: a run notes the heap's epoch when it begins. Objects that were given up gather in their list; when
 * it runs out of free ones they become its batch that waits for the end of the epoch, which ends there; and the batch
 * is free when no run goes on that began in that epoch or before. */
#include "runtime/objects.h"
#include "asm/base/alloc.h"
#include "asm/isa/types.h"
#include "runtime/graph.h"
#include "runtime/maps/spin.h"

#include <string.h>

enum { CHUNK = 1 << 16, LISTS = 8, NONE = 0 };
#define PUBLISHED 0x80000000u

/* Before each object. */
struct slot {
	uint32_t owners;        /**< how many, and PUBLISHED */
	uint32_t next;          /**< of those that are free, or about to be: its place in the heap, in words; or NONE */
};

struct list {
	uint32_t lock, free;
	uint32_t at, end;       /**< of its newest chunk, what was never used: places in the heap, in bytes */
	uint32_t gone, waiting; /**< given up of late; the batch that waits for runs of `epoch` to end */
	uint64_t epoch;
};

struct mark {
	uint64_t epoch;         /**< in which the slot's run began; 0: there is none */
	uint8_t apart[56];
};

struct pool {
	struct objects *heap;
	struct iov_made_type made;
	uint32_t stride, cpu_stride;
	struct list lists[LISTS];
};

/* At the start of each chunk. */
struct chunk {
	struct pool *pool;
	struct list *list;
};

struct objects {
	const struct iov_alloc *alloc;
	void *memory;
	uint64_t size;          /**< bytes of `memory`, in which the chunks begin at `base` */
	uint8_t *base;
	uint32_t chunks, used, cpus, pool_count;
	struct mark *marks;     /**< by slot */
	uint64_t epoch;
	struct pool pools[];
};

static uint64_t round8(uint64_t n) { return (n + 7) & ~(uint64_t)7; }

/* One that never fits into a chunk is as large as one: bpf_obj_new() gives NULL. */
static struct pool pool_for(struct objects *h, const struct iov_made_type *made)
{
	uint64_t size = round8(made->type->size), copies = made->per_cpu ? h->cpus : 1;
	bool fits = size <= OBJECTS_LARGEST && size * copies <= OBJECTS_LARGEST;

	return (struct pool){.heap = h, .made = *made, .cpu_stride = made->per_cpu && fits ? (uint32_t)size : 0,
			     .stride = fits ? (uint32_t)(size * copies + sizeof(struct slot)) : CHUNK};
}

enum iov_status objects_new(const struct iov_made_type *types, size_t count, uint32_t cpus, uint64_t bytes,
			    const struct iov_alloc *alloc, struct objects **out)
{
	struct objects *h = alloc_zeroed(alloc, 1, sizeof(*h) + count * sizeof(h->pools[0]));

	if (!h)
		return IOV_NOMEM;
	h->alloc = alloc;
	h->cpus = cpus;
	h->pool_count = (uint32_t)count;
	h->chunks = (uint32_t)(bytes / CHUNK < UINT32_MAX / CHUNK ? bytes / CHUNK : UINT32_MAX / CHUNK);
	h->size = ((uint64_t)h->chunks + 1) * CHUNK;
	h->epoch = 1;
	h->memory = alloc_resize(alloc, NULL, 0, h->size);
	h->marks = alloc_zeroed(alloc, cpus, sizeof(h->marks[0]));
	if (!h->memory || !h->marks) {
		objects_free(h);
		return IOV_NOMEM;
	}
	h->base = (uint8_t *)(((uintptr_t)h->memory + CHUNK - 1) & ~(uintptr_t)(CHUNK - 1));
	for (size_t i = 0; i < count; i++)
		h->pools[i] = pool_for(h, &types[i]);
	*out = h;
	return IOV_OK;
}

void objects_free(struct objects *h)
{
	if (!h)
		return;
	alloc_free(h->alloc, h->memory, h->size);
	alloc_free(h->alloc, h->marks, h->cpus * sizeof(h->marks[0]));
	alloc_free(h->alloc, h, sizeof(*h) + h->pool_count * sizeof(h->pools[0]));
}

static struct chunk *chunk_of(const void *at) { return (struct chunk *)((uintptr_t)at & ~(uintptr_t)(CHUNK - 1)); }
static struct slot *slot_of(void *object) { return (struct slot *)object - 1; }

static struct slot *slot_at(const struct objects *h, uint32_t place)
{
	return (struct slot *)(void *)(h->base + (uint64_t)place * 8);
}

static uint32_t place_of(const struct objects *h, const struct slot *s)
{
	return (uint32_t)(((const uint8_t *)s - h->base) / 8);
}

void *objects_around(const void *inside)
{
	struct chunk *c = chunk_of(inside);
	uint32_t off = (uint32_t)((const uint8_t *)inside - (const uint8_t *)(c + 1)), stride = c->pool->stride;

	return (uint8_t *)(c + 1) + off / stride * stride + sizeof(struct slot);
}

/* --- Runs, and when they have ended. ------------------------------------------------------------------------------ */

static void fence(void)
{
#if !defined(__SANITIZE_THREAD__) /* which knows no fences */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

void objects_enter(struct objects *h, uint32_t cpu)
{
	__atomic_store_n(&h->marks[cpu].epoch, __atomic_load_n(&h->epoch, __ATOMIC_ACQUIRE), __ATOMIC_SEQ_CST);
	fence(); /* who finds no mark of this run has emptied the places that it will read before */
}

void objects_leave(struct objects *h, uint32_t cpu)
{
	__atomic_store_n(&h->marks[cpu].epoch, 0, __ATOMIC_RELEASE);
}

static bool has_ended(const struct objects *h, uint64_t epoch)
{
	fence();
	for (uint32_t i = 0; i < h->cpus; i++) {
		uint64_t began = __atomic_load_n(&h->marks[i].epoch, __ATOMIC_SEQ_CST);

		if (began && began <= epoch)
			return false;
	}
	return true;
}

/* The list is locked, and has nothing free. */
static void ripen(struct objects *h, struct list *l)
{
	for (int turn = 0; turn < 2 && l->free == NONE; turn++) {
		if (l->waiting != NONE && has_ended(h, l->epoch)) {
			l->free = l->waiting;
			l->waiting = NONE;
		}
		if (l->waiting == NONE && l->gone != NONE) {
			l->waiting = l->gone;
			l->gone = NONE;
			l->epoch = __atomic_fetch_add(&h->epoch, 1, __ATOMIC_SEQ_CST);
		}
	}
}

/* --- Free lists. ------------------------------------------------------------------------------------------------- */

/* The list is locked. */
static bool new_chunk(struct pool *p, struct list *l)
{
	struct objects *h = p->heap;
	uint32_t n = __atomic_load_n(&h->used, __ATOMIC_RELAXED);
	struct chunk *c;

	do {
		if (n >= h->chunks || p->stride > CHUNK - sizeof(*c))
			return false;
	} while (!__atomic_compare_exchange_n(&h->used, &n, n + 1, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	c = (struct chunk *)(void *)(h->base + (uint64_t)n * CHUNK);
	*c = (struct chunk){p, l};
	l->at = n * CHUNK + (uint32_t)sizeof(*c);
	l->end = (n + 1) * CHUNK;
	return true;
}

static struct slot *take_from(struct pool *p, struct list *l, bool grow)
{
	struct slot *s = NULL;

	spin_lock(&l->lock);
	if (l->free == NONE)
		ripen(p->heap, l);
	if (l->free != NONE) {
		s = slot_at(p->heap, l->free);
		l->free = s->next;
	} else if (l->end - l->at >= p->stride || (grow && new_chunk(p, l))) {
		s = slot_at(p->heap, l->at / 8);
		l->at += p->stride;
	}
	spin_unlock(&l->lock);
	return s;
}

static void give_back(struct slot *s)
{
	struct list *l = chunk_of(s)->list;
	const struct objects *h = chunk_of(s)->pool->heap;
	uint32_t *first = __atomic_load_n(&s->owners, __ATOMIC_RELAXED) ? &l->gone : &l->free;

	spin_lock(&l->lock);
	s->next = *first;
	*first = place_of(h, s);
	spin_unlock(&l->lock);
}

static struct pool *pool_of(struct objects *h, uint32_t type, bool per_cpu)
{
	for (uint32_t i = 0; h && i < h->pool_count; i++)
		if (h->pools[i].made.type->id == type && h->pools[i].made.per_cpu == per_cpu)
			return &h->pools[i];
	return NULL;
}

void *objects_make(struct objects *heap, uint32_t type, bool per_cpu, uint32_t cpu)
{
	struct pool *p = pool_of(heap, type, per_cpu);
	struct slot *s = p ? take_from(p, &p->lists[cpu % LISTS], true) : NULL;
	uint64_t *word;

	for (uint32_t i = 0; p && !s && i < LISTS; i++)
		s = take_from(p, &p->lists[i], false);
	if (!s)
		return NULL;
	word = (uint64_t *)(s + 1);
	for (uint32_t i = 0; i < (p->stride - sizeof(*s)) / 8; i++)
		__atomic_store_n(&word[i], 0, __ATOMIC_RELAXED); /* others may be reading what it was */
	__atomic_store_n(&s->owners, 1, __ATOMIC_RELEASE);
	return s + 1;
}

void *objects_of_cpu(void *object, uint32_t cpu)
{
	const struct pool *p = chunk_of(object)->pool;

	return cpu < p->heap->cpus ? (uint8_t *)object + (size_t)cpu * p->cpu_stride : NULL;
}

/* --- Owners. ----------------------------------------------------------------------------------------------------- */

void objects_publish(void *object)
{
	struct slot *s = slot_of(object);

	if (!(__atomic_load_n(&s->owners, __ATOMIC_RELAXED) & PUBLISHED))
		__atomic_or_fetch(&s->owners, PUBLISHED, __ATOMIC_RELAXED);
}

bool objects_share(void *object)
{
	struct slot *s = slot_of(object);
	uint32_t n = __atomic_load_n(&s->owners, __ATOMIC_RELAXED);

	while (n & ~PUBLISHED)
		if (__atomic_compare_exchange_n(&s->owners, &n, n + 1, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			return true;
	return false;
}

/* One owner less; what has none left goes into the list of those to give up: objects may own chains of any length. */
static void disown(void *object, struct slot **gone)
{
	struct slot *s = slot_of(object);
	const struct objects *h = chunk_of(s)->pool->heap;

	if (__atomic_sub_fetch(&s->owners, 1, __ATOMIC_ACQ_REL) & ~PUBLISHED)
		return;
	s->next = *gone ? place_of(h, *gone) : NONE;
	*gone = s;
}

static void clear_fields(const struct iov_fields *fields, uint8_t *at, struct slot **gone)
{
	for (uint32_t i = 0; i < fields->count; i++) {
		uint64_t *word = (uint64_t *)(void *)(at + fields->all[i].off);
		void *object;

		switch (fields->all[i].kind) {
		case IOV_FIELD_KPTR_REF:
		case IOV_FIELD_KPTR_PERCPU:
			object = (void *)(uintptr_t)__atomic_exchange_n(word, 0, __ATOMIC_ACQ_REL);
			if (object)
				disown(object, gone);
			break;
		case IOV_FIELD_LIST_HEAD:
			while ((object = graph_pop((struct graph_list *)word, false)))
				disown(objects_around(object), gone);
			break;
		case IOV_FIELD_RB_ROOT:
			while ((object = graph_take_any((struct graph_tree *)word)))
				disown(objects_around(object), gone);
			break;
		default:
			break;
		}
	}
}

/* Who still holds a pointer to a map value that is gone may be at its list, under the lock in it. */
static void clear(const struct iov_fields *fields, uint8_t *at, struct slot **gone)
{
	const struct iov_field *lock = fields_of(fields, IOV_FIELD_SPIN_LOCK);

	if (lock)
		spin_lock((uint32_t *)(void *)(at + lock->off));
	clear_fields(fields, at, gone);
	if (lock)
		spin_unlock((uint32_t *)(void *)(at + lock->off));
}

static void give_up(struct slot *gone)
{
	while (gone) {
		struct slot *s = gone;
		const struct pool *p = chunk_of(s)->pool;

		gone = s->next != NONE ? slot_at(p->heap, s->next) : NULL;
		clear(&p->made.type->fields, (uint8_t *)(s + 1), &gone);
		give_back(s);
	}
}

void objects_drop(void *object)
{
	struct slot *gone = NULL;

	disown(object, &gone);
	give_up(gone);
}

void objects_clear(const struct iov_fields *fields, void *at)
{
	struct slot *gone = NULL;

	clear(fields, at, &gone);
	give_up(gone);
}
