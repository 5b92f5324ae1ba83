/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers that take a map: elements, queues, walks, ring buffers, redirection through a map. */
#include "runtime/helpers.h"

#include <string.h>

static struct iov_map *map_of(uint64_t r) { return helper_ptr(r); }

uint64_t helper_map_lookup_elem(uint64_t map, uint64_t key, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct iov_map *m = map_of(map);

	(void)r3, (void)r4, (void)r5;
	return (uintptr_t)(m->ops->lookup ? m->ops->lookup(m, helper_ptr(key), env->cpu) : NULL);
}

uint64_t helper_map_lookup_percpu_elem(uint64_t map, uint64_t key, uint64_t cpu, uint64_t r4, uint64_t r5,
				       struct iov_env *env)
{
	struct iov_map *m = map_of(map);

	(void)r4, (void)r5, (void)env;
	if (!m->ops->per_cpu || (uint32_t)cpu >= m->cpus)
		return 0;
	return (uintptr_t)m->ops->lookup(m, helper_ptr(key), (uint32_t)cpu);
}

uint64_t helper_map_update_elem(uint64_t map, uint64_t key, uint64_t value, uint64_t flags, uint64_t r5,
				struct iov_env *env)
{
	struct iov_map *m = map_of(map);

	(void)r5;
	return helper_err(m->ops->update ? m->ops->update(m, helper_ptr(key), helper_ptr(value), flags, env->cpu) :
					   -EOPNOTSUPP);
}

uint64_t helper_map_delete_elem(uint64_t map, uint64_t key, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct iov_map *m = map_of(map);

	IOV_UNUSED(r3, r4, r5, env);
	return helper_err(m->ops->erase ? m->ops->erase(m, helper_ptr(key)) : -EOPNOTSUPP);
}

uint64_t helper_map_push_elem(uint64_t map, uint64_t value, uint64_t flags, uint64_t r4, uint64_t r5,
			      struct iov_env *env)
{
	struct iov_map *m = map_of(map);

	(void)r4, (void)r5, (void)env;
	return helper_err(m->ops->push ? m->ops->push(m, helper_ptr(value), flags) : -EOPNOTSUPP);
}

uint64_t helper_map_pop_elem(uint64_t map, uint64_t value, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct iov_map *m = map_of(map);

	IOV_UNUSED(r3, r4, r5, env);
	return helper_err(m->ops->pop ? m->ops->pop(m, helper_ptr(value)) : -EOPNOTSUPP);
}

uint64_t helper_map_peek_elem(uint64_t map, uint64_t value, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct iov_map *m = map_of(map);

	IOV_UNUSED(r3, r4, r5, env);
	return helper_err(m->ops->peek ? m->ops->peek(m, helper_ptr(value)) : -EOPNOTSUPP);
}

struct walk {
	struct iov_env *env;
	uint64_t map, fn, ctx;
};

static int64_t visit(void *ud, const void *key, void *value)
{
	struct walk *w = ud;

	return (int64_t)env_callback(w->env, w->fn, w->map, (uintptr_t)key, (uintptr_t)value, w->ctx, 0);
}

uint64_t helper_for_each_map_elem(uint64_t map, uint64_t fn, uint64_t ctx, uint64_t flags, uint64_t r5,
				  struct iov_env *env)
{
	struct iov_map *m = map_of(map);

	(void)r5;
	if (flags || !m->ops->each)
		return helper_err(-EINVAL);
	return helper_err(m->ops->each(m, visit, &(struct walk){env, map, fn, ctx}, env->cpu));
}

uint64_t helper_ringbuf_output(uint64_t map, uint64_t data, uint64_t size, uint64_t flags, uint64_t r5,
			       struct iov_env *env)
{
	(void)r5, (void)env;
	return helper_err(ring_output(map_of(map), helper_ptr(data), size, flags));
}

uint64_t helper_ringbuf_reserve(uint64_t map, uint64_t size, uint64_t flags, uint64_t r4, uint64_t r5,
				struct iov_env *env)
{
	(void)r4, (void)r5, (void)env;
	return (uintptr_t)ring_reserve(map_of(map), size, flags);
}

uint64_t helper_ringbuf_submit(uint64_t sample, uint64_t flags, uint64_t r3, uint64_t r4, uint64_t r5,
			       struct iov_env *env)
{
	IOV_UNUSED(r3, r4, r5, env);
	ring_commit(helper_ptr(sample), flags, false);
	return 0;
}

uint64_t helper_ringbuf_discard(uint64_t sample, uint64_t flags, uint64_t r3, uint64_t r4, uint64_t r5,
				struct iov_env *env)
{
	IOV_UNUSED(r3, r4, r5, env);
	ring_commit(helper_ptr(sample), flags, true);
	return 0;
}

uint64_t helper_ringbuf_query(uint64_t map, uint64_t flags, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r3, r4, r5, env);
	return ring_query(map_of(map), flags);
}

/* Perf events: this runtime has one ring for a map, whatever the CPU. The upper half of the flags is how many bytes of
 * the packet go behind the data. */
uint64_t helper_perf_event_output(uint64_t c, uint64_t map, uint64_t flags, uint64_t data, uint64_t size,
				  struct iov_env *env)
{
	struct iov_ctx *ctx = helper_ptr(c);
	struct iov_map *events = map_of(map);
	uint64_t packet = flags >> 32 & 0xfffff, len = (uint32_t)size;
	uint32_t index;
	uint8_t *record;

	if (flags >> 52)
		return helper_err(-EINVAL);
	if (packet > (uint64_t)(ctx->data_end - ctx->data))
		return helper_err(-EFAULT);
	index = (uint32_t)flags == UINT32_MAX ? env->cpu : (uint32_t)flags;
	if (events->def->max_entries && index >= events->def->max_entries)
		return helper_err(-E2BIG);
	if (index != env->cpu)
		return helper_err(-EOPNOTSUPP);
	record = ring_reserve(events, len + packet, 0);
	if (!record)
		return helper_err(-ENOSPC);
	memcpy(record, helper_ptr(data), len);
	memcpy(record + len, ctx->data, packet);
	ring_commit(record, 0, false);
	return 0;
}

/* The two low bits of the flags are the verdict where the map has no entry. */
uint64_t helper_redirect_map(uint64_t map, uint64_t key, uint64_t flags, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	enum { XDP_ABORTED = 0, XDP_REDIRECT = 4, ACTIONS = 3, BROADCAST = 8, EXCLUDE_INGRESS = 16, CPUMAP = 16,
	       XSKMAP = 17 };
	struct iov_map *m = map_of(map);
	bool one = m->head.type == CPUMAP || m->head.type == XSKMAP;
	uint32_t index = (uint32_t)key;
	const uint32_t *port;

	(void)r4, (void)r5;
	if (flags & ~(uint64_t)(ACTIONS | (one ? 0 : BROADCAST | EXCLUDE_INGRESS)))
		return XDP_ABORTED;
	port = m->ops->lookup ? m->ops->lookup(m, &index, env->cpu) : NULL;
	if (!port && !(flags & BROADCAST))
		return flags & ACTIONS;
	env->redirect_ifindex = port ? *port : 0;
	env->redirect_map = m;
	env->redirect_key = index;
	env->redirect_flags = (uint32_t)flags;
	return XDP_REDIRECT;
}
