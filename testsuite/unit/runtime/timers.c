/* SPDX-License-Identifier: Apache-2.0 */
/* Timers whose callbacks are still running while others, as on other threads, run timers, cancel, and take elements
 * away: what a second thread would do between two instructions of a callback is done by the callback itself. */
#include "runtime/maps/timers.h"

#include <criterion/criterion.h>
#include <errno.h>

enum { SLOTS = 3 };

struct value {
	uint64_t timer[2], fired;
};

static struct iov_map *map;
static struct value *values;
static struct iov_env one, other;
static uint64_t depth, deepest, ran_inside;

static void set(uint32_t slot, uint64_t (*callback)(struct iov_env *env, uint64_t fn, const uint64_t args[5]))
{
	cr_assert_eq(timers_new(map, values[slot].timer), 0);
	cr_assert_eq(timers_set(values[slot].timer, &(struct timer_call){.callback = callback, .fn = 1}), 0);
	cr_assert_eq(timers_start(values[slot].timer, 0), 0);
}

static void setup(void)
{
	static const struct iov_field field = {.kind = IOV_FIELD_TIMER, .off = 0, .size = 16};
	static const struct iov_map_def def = {.name = "a", .type = 2, .key_size = 4, .max_entries = SLOTS,
					       .value_size = sizeof(struct value),
					       .fields = {.all = &field, .count = 1}};

	cr_assert_eq(map_create(&def, &(struct iov_map_options){.cpus = 1}, NULL, NULL, &map), IOV_OK);
	values = (struct value *)(void *)map->head.data;
	memset(&one, 0, sizeof(one));
	memset(&other, 0, sizeof(other));
	depth = deepest = ran_inside = 0;
}

static void teardown(void) { map_destroy(map); }

TestSuite(timers, .init = setup, .fini = teardown);

static uint64_t restarts(struct iov_env *env, uint64_t fn, const uint64_t args[5])
{
	struct value *v = (struct value *)(uintptr_t)args[2];

	(void)fn, (void)env;
	deepest = ++depth > deepest ? depth : deepest;
	if (v->fired++ < 3) {
		cr_assert_eq(timers_start(v->timer, 0), 0);
		ran_inside += timers_run(map, &other, 10);
	}
	depth--;
	return 0;
}

Test(timers, a_callback_runs_once_at_a_time)
{
	uint64_t ran = 0, now;

	set(0, restarts);
	while ((now = timers_run(map, &one, 10)))
		ran += now;
	cr_expect_eq(ran, 4);
	cr_expect_eq(ran_inside, 0);
	cr_expect_eq(deepest, 1);
	cr_expect_eq(values[0].fired, 4);
}

static uint64_t loses_its_element(struct iov_env *env, uint64_t fn, const uint64_t args[5])
{
	struct value *v = (struct value *)(uintptr_t)args[2];

	(void)fn, (void)env;
	v->fired++;
	cr_assert_eq(timers_start(v->timer, 0), 0);
	ran_inside += timers_run(map, &other, 10);
	timers_drop(map, (uint8_t *)v);
	ran_inside += timers_run(map, &other, 10);
	return 0;
}

Test(timers, one_whose_element_goes_meanwhile_is_freed_once)
{
	set(0, loses_its_element);
	cr_expect_eq(timers_run(map, &one, 10), 1);
	cr_expect_eq(timers_run(map, &one, 10), 0);
	cr_expect_eq(values[0].fired, 1);
	cr_expect_eq(ran_inside, 0);
	for (uint32_t i = 0; i < SLOTS; i++)
		cr_assert_eq(timers_new(map, values[i].timer), 0);
	cr_expect(values[0].timer[0] != values[1].timer[0] && values[1].timer[0] != values[2].timer[0] &&
		  values[0].timer[0] != values[2].timer[0]);
}

static uint64_t cancels(struct iov_env *env, uint64_t fn, const uint64_t args[5])
{
	struct value *v = (struct value *)(uintptr_t)args[2];

	(void)fn;
	cr_expect_eq(timers_cancel(v->timer, env), -EDEADLK);
	cr_expect_eq(timers_cancel(values[1].timer, env), 1, "another one that waits can be cancelled");
	cr_expect_eq(timers_cancel(values[1].timer, env), 0);
	cr_expect_eq(timers_start(values[1].timer, 0), -EINVAL, "a cancelled timer has no callback");
	cr_expect_eq(timers_cancel(values[2].timer, env), -EINVAL);
	v->fired++;
	return 0;
}

Test(timers, a_callback_cancels_others_and_not_itself)
{
	set(0, cancels);
	set(1, restarts);
	cr_expect_eq(timers_run(map, &one, 10), 1);
	cr_expect_eq(values[0].fired, 1);
	cr_expect_eq(values[1].fired, 0);
}
