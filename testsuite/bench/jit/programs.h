/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the bench's programs work on, and their list. */
#ifndef IOV_BENCH_PROGRAMS_H
#define IOV_BENCH_PROGRAMS_H

#include <stdint.h>

struct data {
	uint64_t words[8];
	uint8_t packet[1500];
};

#define PROGRAMS(X) X(noop) X(prime) X(csum) X(classify) X(siphash) X(bswap) X(switches) X(calls)

#define NATIVE(name) uint64_t native_##name(const struct data *d);
PROGRAMS(NATIVE)
#undef NATIVE

#endif
