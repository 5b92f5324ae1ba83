/* SPDX-License-Identifier: Apache-2.0 */
/* bpf_timer_*: arguments and errors as in Linux; the timers themselves are maps/timers.c. All clocks are the run's. */
#include "runtime/helpers.h"
#include "runtime/maps/timers.h"

uint64_t helper_timer_init(uint64_t timer, uint64_t map, uint64_t flags, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	enum { REALTIME = 0, MONOTONIC = 1, BOOTTIME = 7 };

	(void)r4, (void)r5, (void)env;
	if (flags != REALTIME && flags != MONOTONIC && flags != BOOTTIME)
		return helper_err(-EINVAL);
	return helper_err(timers_new(helper_ptr(map), helper_ptr(timer)));
}

uint64_t helper_timer_set_callback(uint64_t timer, uint64_t fn, uint64_t r3, uint64_t r4, uint64_t r5,
				   struct iov_env *env)
{
	const struct timer_call call = {.image = env->image, .callback = env->callback, .fn = fn};

	(void)r3, (void)r4, (void)r5;
	return helper_err(timers_set(helper_ptr(timer), &call));
}

uint64_t helper_timer_start(uint64_t timer, uint64_t ns, uint64_t flags, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	enum { ABSOLUTE = 1, CPU_PIN = 2 };
	uint64_t due = ns;

	(void)r4, (void)r5;
	if (flags & ~(uint64_t)(ABSOLUTE | CPU_PIN))
		return helper_err(-EINVAL);
	if (!(flags & ABSOLUTE) && __builtin_add_overflow(ns, env->now(env->now_ud), &due))
		due = UINT64_MAX;
	return helper_err(timers_start(helper_ptr(timer), due));
}

uint64_t helper_timer_cancel(uint64_t timer, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	(void)r2, (void)r3, (void)r4, (void)r5;
	return helper_err(timers_cancel(helper_ptr(timer), env));
}
