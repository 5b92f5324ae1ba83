/* SPDX-License-Identifier: Apache-2.0 */
/* How often an LRU map has what is asked for, beside true LRU of the same room, on a trace by Zipf's law with exponent
 * 1: key number k is asked for in proportion to 1 / (k + 1). Shared by the unit tests and the benchmark. */
#ifndef BENCH_MAPS_ZIPF_H
#define BENCH_MAPS_ZIPF_H

#include "runtime/maps/map.h"

#include <string.h>

enum { ZIPF_KEYS = 20000, ZIPF_ROOM = 2000, ZIPF_TURNS = 400000 };

struct zipf_hits {
	uint32_t map, true_lru, refused; /**< of ZIPF_TURNS; refused: updates that the map did not take */
};

/* True LRU of ZIPF_ROOM keys, as a list by number; ZIPF_KEYS: both ends of it. */
struct zipf_lru {
	uint32_t newer[ZIPF_KEYS + 1], older[ZIPF_KEYS + 1], held;
	bool holds[ZIPF_KEYS];
};

static inline bool zipf_true_lru(struct zipf_lru *l, uint32_t key)
{
	enum { END = ZIPF_KEYS };
	bool hit = l->holds[key];

	if (hit) {
		l->newer[l->older[key]] = l->newer[key];
		l->older[l->newer[key]] = l->older[key];
	} else if (l->held == ZIPF_ROOM) {
		uint32_t last = l->newer[END];

		l->newer[END] = l->newer[last];
		l->older[l->newer[last]] = END;
		l->holds[last] = false;
	} else {
		l->held++;
	}
	l->older[key] = l->older[END];
	l->newer[key] = END;
	l->newer[l->older[END]] = key;
	l->older[END] = key;
	l->holds[key] = true;
	return hit;
}

static inline uint32_t zipf_key(const double *sums, uint64_t *state)
{
	uint32_t low = 0, high = ZIPF_KEYS - 1;
	double at;

	*state = *state * 6364136223846793005u + 1442695040888963407u;
	at = (double)(*state >> 34) / (1 << 30) * sums[ZIPF_KEYS - 1];
	while (low < high) {
		uint32_t mid = (low + high) / 2;

		if (sums[mid] < at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/** The map has keys of 4 and values of 8 bytes, and room for ZIPF_ROOM. */
static inline struct zipf_hits zipf_run(struct iov_map *map)
{
	static struct zipf_lru lru;
	static double sums[ZIPF_KEYS];
	struct zipf_hits hits = {0};
	uint64_t state = 5;

	lru = (struct zipf_lru){.newer[ZIPF_KEYS] = ZIPF_KEYS, .older[ZIPF_KEYS] = ZIPF_KEYS};
	for (uint32_t k = 0; k < ZIPF_KEYS; k++)
		sums[k] = (k ? sums[k - 1] : 0) + 1.0 / (k + 1);
	for (uint32_t turn = 0; turn < ZIPF_TURNS; turn++) {
		uint32_t key = zipf_key(sums, &state);
		uint64_t value = turn;
		bool hit = map->ops->lookup(map, &key, 0);

		hits.map += hit;
		hits.true_lru += zipf_true_lru(&lru, key);
		hits.refused += !hit && map->ops->update(map, &key, &value, 0, 0);
	}
	return hits;
}

#endif
