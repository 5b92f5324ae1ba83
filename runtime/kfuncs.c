/* SPDX-License-Identifier: Apache-2.0 */
/* The table of kernel functions, and the small ones: the iterator over numbers, sections that mean nothing here. */
#include "runtime/kfuncs.h"

#include <string.h>

enum { MOST_TURNS = 8 << 20 };

iov_helper_fn *kfunc_find(const char *name)
{
	static const struct {
		const char *name;
		iov_helper_fn *fn;
	} table[] = {
#define X(n) {#n, kfunc_##n},
		IOV_KFUNCS(X)
#undef X
	};
	const struct iov_helper *row = catalogue_kfunc_by_name(name);

	for (size_t i = 0; row && i < sizeof(table) / sizeof(table[0]); i++)
		if (!strcmp(table[i].name, row->name))
			return table[i].fn;
	return NULL;
}

/* struct bpf_iter_num: the number before the next one, and the end. */
struct numbers {
	int32_t current, end;
};

uint64_t kfunc_iter_num_new(uint64_t it, uint64_t start, uint64_t end, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct numbers *n = helper_ptr(it);
	int64_t from = (int32_t)start, to = (int32_t)end;

	(void)r4, (void)r5, (void)env;
	*n = (struct numbers){0};
	if (from > to)
		return helper_err(-EINVAL);
	if (to - from > MOST_TURNS)
		return helper_err(-E2BIG);
	*n = (struct numbers){(int32_t)((uint32_t)from - 1), (int32_t)to};
	return 0;
}

uint64_t kfunc_iter_num_next(uint64_t it, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct numbers *n = helper_ptr(it);
	int32_t next = (int32_t)((uint32_t)n->current + 1);

	IOV_UNUSED(r2, r3, r4, r5, env);
	if (next >= n->end) {
		*n = (struct numbers){0};
		return 0;
	}
	n->current = next;
	return (uintptr_t)&n->current;
}

uint64_t kfunc_iter_num_destroy(uint64_t it, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r2, r3, r4, r5, env);
	*(struct numbers *)helper_ptr(it) = (struct numbers){0};
	return 0;
}

#define ALWAYS(name, answer)                                                                                           \
	uint64_t kfunc_##name(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)    \
	{                                                                                                              \
		IOV_UNUSED(r1, r2, r3, r4, r5);                                                                        \
		(void)env;                                                                                             \
		return answer;                                                                                         \
	}

/* Memory of maps lives as long as they do, and nothing here preempts: these sections hold nothing back. */
ALWAYS(rcu_read_lock, 0)
ALWAYS(rcu_read_unlock, 0)
ALWAYS(preempt_disable, 0)
ALWAYS(preempt_enable, 0)

/* As of a network card that tells nothing beside the frame. */
ALWAYS(xdp_metadata_rx_timestamp, helper_err(-EOPNOTSUPP))
ALWAYS(xdp_metadata_rx_hash, helper_err(-EOPNOTSUPP))
ALWAYS(xdp_metadata_rx_vlan_tag, helper_err(-EOPNOTSUPP))

uint64_t kfunc_map_sum_elem_count(uint64_t map, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5,
				  struct iov_env *env)
{
	const struct iov_map *m = helper_ptr(map);

	IOV_UNUSED(r2, r3, r4, r5, env);
	return m->ops->count ? m->ops->count(m) : 0;
}
