/* SPDX-License-Identifier: Apache-2.0 */
/* The table of helpers, and those that need nothing but the run's state: time, random numbers, CPU slot, loops,
 * strings, locks. */
#include "runtime/helpers.h"
#include "runtime/maps/spin.h"

#include <string.h>

enum { MAX_LOOPS = 8 << 20, FIRST_GAPS = 256 };

iov_helper_fn *helper_find(uint32_t id)
{
	static iov_helper_fn *const table[FIRST_GAPS] = {
#define X(n, name) [n] = helper_##name,
		IOV_HELPERS(X)
#undef X
	};

	return id < FIRST_GAPS ? table[id] : NULL;
}

/* Engines do tail calls themselves; a call that gets here falls through. */
uint64_t helper_tail_call(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r1, r2, r3, r4, r5);
	(void)env;
	return helper_err(-EINVAL);
}

uint64_t helper_ktime_get_ns(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r1, r2, r3, r4, r5);
	return env->now(env->now_ud);
}

uint64_t helper_ktime_get_boot_ns(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	return helper_ktime_get_ns(r1, r2, r3, r4, r5, env);
}

uint64_t helper_ktime_get_coarse_ns(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5,
				    struct iov_env *env)
{
	return helper_ktime_get_ns(r1, r2, r3, r4, r5, env);
}

uint64_t helper_ktime_get_tai_ns(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	return helper_ktime_get_ns(r1, r2, r3, r4, r5, env);
}

/* A tick every 4 ms: CONFIG_HZ=250. */
uint64_t helper_jiffies64(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	return helper_ktime_get_ns(r1, r2, r3, r4, r5, env) / 4000000;
}

/* xorshift128+ (Vigna 2014), seeded by the host. */
uint64_t helper_get_prandom_u32(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	uint64_t a = env->rng[0], b = env->rng[1];

	IOV_UNUSED(r1, r2, r3, r4, r5);
	env->rng[0] = b;
	a ^= a << 23;
	env->rng[1] = a ^ b ^ a >> 17 ^ b >> 26;
	return (uint32_t)((env->rng[1] + b) >> 32);
}

uint64_t helper_get_smp_processor_id(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5,
				     struct iov_env *env)
{
	IOV_UNUSED(r1, r2, r3, r4, r5);
	return env->cpu;
}

uint64_t helper_get_numa_node_id(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r1, r2, r3, r4, r5);
	(void)env;
	return 0;
}

/* No process is current. */
#define WITHOUT_PROCESS(name, answer)                                                                                  \
	uint64_t helper_##name(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)   \
	{                                                                                                              \
		IOV_UNUSED(r1, r2, r3, r4, r5);                                                                        \
		(void)env;                                                                                             \
		return answer;                                                                                         \
	}
WITHOUT_PROCESS(get_current_pid_tgid, helper_err(-EINVAL))
WITHOUT_PROCESS(get_current_cgroup_id, 0)
WITHOUT_PROCESS(get_current_ancestor_cgroup_id, 0)

uint64_t helper_get_ns_current_pid_tgid(uint64_t r1, uint64_t r2, uint64_t to, uint64_t size, uint64_t r5,
					struct iov_env *env)
{
	(void)r1, (void)r2, (void)r5, (void)env;
	memset(helper_ptr(to), 0, (uint32_t)size);
	return helper_err(-EINVAL);
}

uint64_t helper_loop(uint64_t turns, uint64_t fn, uint64_t ctx, uint64_t flags, uint64_t r5, struct iov_env *env)
{
	uint32_t count = (uint32_t)turns;

	(void)r5;
	if (flags)
		return helper_err(-EINVAL);
	if (count > MAX_LOOPS)
		return helper_err(-E2BIG);
	for (uint32_t i = 0; i < count; i++)
		if (env_callback(env, fn, i, ctx, 0, 0, 0))
			return i + 1;
	return count;
}

uint64_t helper_strncmp(uint64_t s1, uint64_t size, uint64_t s2, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	int order = strncmp(helper_ptr(s1), helper_ptr(s2), (uint32_t)size);

	(void)r4, (void)r5, (void)env;
	return (uint64_t)((order > 0) - (order < 0)); /* that it is 1 or -1, Linux alone says */
}

uint64_t helper_spin_lock(uint64_t lock, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r2, r3, r4, r5, env);
	spin_lock(helper_ptr(lock));
	return 0;
}

uint64_t helper_spin_unlock(uint64_t lock, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r2, r3, r4, r5, env);
	spin_unlock(helper_ptr(lock));
	return 0;
}
