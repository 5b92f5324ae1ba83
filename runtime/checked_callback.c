/* SPDX-License-Identifier: Apache-2.0 */
/* The checked engine's bpf_loop(), bpf_for_each_map_elem() and bpf_user_ringbuf_drain(): the function's frame is pushed
 * turn by turn, and between turns the state at the call is held against the claims there, where the verifier stands
 * again too. Without a map behind the map argument a few elements are made up. */
#include "runtime/checked.h"
#include "runtime/maps/map.h"

#include <string.h>

enum { MOST_TURNS = 8 << 20, MADE_UP = 5 };

/* r0 of the helper; r1 to r5 hold nothing. */
static bool finish(struct cmachine *m, uint32_t site, uint64_t r0, uint32_t *next)
{
	struct cvalue *r = checked_top(m)->r;

	for (int i = IOV_R1; i <= IOV_R5; i++)
		r[i] = (struct cvalue){.v = checked_random(m)};
	r[IOV_R0] = (struct cvalue){r0, 0, true};
	*next = site + 1;
	return true;
}

static bool is_loop(const struct iov_helper *h) { return !strcmp(h->name, "loop"); }
static bool is_drain(const struct iov_helper *h) { return !strcmp(h->name, "user_ringbuf_drain"); }

static const struct iov_helper *helper_at(const struct cmachine *m, uint32_t site)
{
	return platform_helper(m->image->platform, (uint32_t)m->image->prog->insns[site].imm);
}

/* The next element: a key and a value. False: there are no more. */
static bool element(struct cmachine *m, uint32_t region, uint32_t before, struct cvalue *key,
		    struct cvalue *value)
{
	const struct cregion copy = m->regions[region], *map = &copy; /* those of the machine move when it makes more */
	const void *last = before ? (const void *)(uintptr_t)m->regions[before].addr : NULL;
	void *at = NULL;

	key->region = checked_region(m, CR_RECORD, 0, map->def->key_size);
	key->v = m->regions[key->region].addr;
	if (map->map) {
		if (map_next_key(map->map, last, (void *)(uintptr_t)key->v))
			return false;
		at = map->map->ops->lookup(map->map, (void *)(uintptr_t)key->v, m->env->cpu);
		if (!at)
			return false;
	}
	m->regions[key->region].readonly = true;
	value->region = checked_region(m, CR_VALUE, (uintptr_t)at, map->def->value_size);
	m->regions[value->region].def = map->def;
	value->v = m->regions[value->region].addr;
	key->init = value->init = true;
	return key->region && value->region;
}

/* A dynptr of a message from user space. */
static uint32_t message(struct cmachine *m)
{
	uint32_t region = checked_region(m, CR_DYNPTR, 0, IOV_DYNPTR_BYTES);

	m->regions[region].dynptr = IOV_DYNPTR_LOCAL;
	return region;
}

/* Turn `turn` of the call at `site`, made by the innermost frame. */
static bool enter(struct cmachine *m, uint32_t site, uint32_t turn, uint32_t turns, uint32_t before, uint32_t *next)
{
	const struct cvalue *r = checked_top(m)->r;
	uint32_t target = (uint32_t)r[IOV_R2].v, root = checked_top(m)->root;
	struct cvalue key = {0}, value = {0};
	struct cframe *f;

	if (is_drain(helper_at(m, site)))
		key.region = message(m);
	if (turn == turns || (!is_loop(helper_at(m, site)) && !is_drain(helper_at(m, site)) &&
			      !element(m, r[IOV_R1].region, before, &key, &value)))
		return finish(m, site, turn, next);
	if (m->depth + 1 == CHECKED_FRAMES)
		return checked_fail(m, -1, m->depth, "calls nest too deep");
	m->depth++;
	if (!checked_push(m, target, 0, site, root))
		return false;
	f = checked_top(m);
	f->callback = true;
	f->turn = turn;
	f->turns = turns;
	f->key = key.region;
	if (is_loop(helper_at(m, site))) {
		f->r[IOV_R1] = (struct cvalue){turn, 0, true};
		f->r[IOV_R2] = r[IOV_R3];
	} else if (is_drain(helper_at(m, site))) {
		f->r[IOV_R1] = (struct cvalue){m->regions[key.region].addr, key.region, true};
		f->r[IOV_R2] = r[IOV_R3];
	} else {
		f->r[IOV_R1] = r[IOV_R1];
		f->r[IOV_R2] = key;
		f->r[IOV_R3] = value;
		f->r[IOV_R4] = r[IOV_R3];
	}
	*next = target;
	return true;
}

/* A map that is not there has some elements, and no more than it has room for. */
static uint32_t made_up(struct cmachine *m, const struct iov_map_def *def)
{
	uint32_t n = (uint32_t)(checked_random(m) % MADE_UP);

	return n < def->max_entries ? n : def->max_entries;
}

bool checked_callback(struct cmachine *m, const struct iov_helper *h, uint32_t *next)
{
	const struct cvalue *r = checked_top(m)->r;
	uint32_t turns = (uint32_t)r[IOV_R1].v;

	if (!checked_arguments(m, h))
		return false;
	if (m->regions[r[IOV_R2].region].kind != CR_FUNC || !r[IOV_R2].init)
		return checked_fail(m, IOV_R2, r[IOV_R2].v, "is no function");
	if (r[IOV_R4].v)
		return finish(m, m->slot, (uint64_t)-22, next);
	if (is_loop(h) && turns > MOST_TURNS)
		return finish(m, m->slot, (uint64_t)-7, next);
	if (!is_loop(h)) /* messages are made up as dynptrs are */
		turns = m->regions[r[IOV_R1].region].map && !is_drain(h)
				? UINT32_MAX
				: made_up(m, m->regions[r[IOV_R1].region].def);
	if (m->out->helpers && h->id < IOV_CHECKED_HELPERS)
		m->out->helpers[h->id]++;
	return enter(m, m->slot, 0, turns, 0, next);
}

bool checked_called_back(struct cmachine *m, uint32_t *next)
{
	const struct cframe *f = checked_top(m);
	uint32_t site = f->callsite, turn = f->turn + 1, turns = f->turns, key = f->key;
	uint64_t r0 = f->r[IOV_R0].v;

	if (!f->r[IOV_R0].init || r0 > 1)
		return checked_fail(m, IOV_R0, r0, "is returned by a callback");
	m->depth--;
	m->slot = site;
	if (!checked_claims(m))
		return false;
	return r0 ? finish(m, site, turn, next) : enter(m, site, turn, turns, key, next);
}
