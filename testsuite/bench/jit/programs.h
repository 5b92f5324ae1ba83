/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the bench's programs work on, and their list. Seen by all forms of programs.c and by the bench. */
#ifndef IOV_BENCH_PROGRAMS_H
#define IOV_BENCH_PROGRAMS_H

#if defined(__bpf__)
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
typedef int int32_t;
#else
#include <stdint.h>
#endif

struct data {
	uint64_t words[8];
	uint8_t packet[1500];
};

struct counter {
	uint64_t packets, bytes;
};

enum { COUNTERS = 256, FLOWS = 65536 };

/** Programs without maps, then those with. */
#define PLAIN_PROGRAMS(X) X(noop) X(prime) X(csum) X(classify) X(siphash) X(bswap) X(switches) X(calls)
#define MAP_PROGRAMS(X) X(array) X(hash)
#define PROGRAMS(X) PLAIN_PROGRAMS(X) MAP_PROGRAMS(X)

enum program {
#define X(name) P_##name,
	PROGRAMS(X)
#undef X
	P_COUNT,
	P_PLAIN = P_array,
};

/** A flow's key from the state of a generator: they come in no order, and no two are alike. Scattered, as those of real
 * flows: multiples of one number would fall into the places of a table that multiplies, too, without one collision. */
static inline uint32_t flow_key(uint64_t state)
{
	uint32_t key = (uint32_t)(state >> 48) * 0x9e3779b1u;

	key = (key ^ key >> 15) * 0x85ebca6bu;
	return key ^ key >> 13;
}

#endif
