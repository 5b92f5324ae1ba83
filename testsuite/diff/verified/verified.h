/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what a random program leaves behind on its packets, and the live kernel as one more engine for it. */
#ifndef IOV_TEST_DIFF_VERIFIED_H
#define IOV_TEST_DIFF_VERIFIED_H

#include "testsuite/diff/verify/random.h"

#include <stddef.h>

enum { PACKETS = 4, BUFFER = 512, START = 256, HASH_KEYS = 2, ARRAY_ENTRIES = 4 };
enum { ARRAY_VALUE = 64, HASH_KEY = 8, HASH_VALUE = 16, RING_BYTES = 4096 };

struct outcome {
	uint32_t verdicts[PACKETS];
	uint32_t start[PACKETS], length[PACKETS]; /**< of the packet in its buffer */
	uint8_t packets[PACKETS][BUFFER];
	uint8_t array[ARRAY_ENTRIES][ARRAY_VALUE];
	uint8_t hash[HASH_KEYS][HASH_VALUE];      /**< of keys 0 and 1 */
	uint64_t ring, ring_bytes;
};

/** Bytes that maps and packets start from. */
extern const uint32_t verified_lengths[PACKETS];
void verified_fill(uint64_t seed, uint32_t n, uint8_t packet[BUFFER]);
void verified_value(uint64_t seed, uint32_t which, uint8_t *value, size_t size);
/** A record of the ring buffer, into struct outcome *ud. */
int verified_record(void *ud, void *data, size_t len);

/** vectors.c: program n of corner values, below vectors_count(); false: there is none of this number. */
uint64_t vectors_count(void);
bool vectors_program(uint64_t n, struct random *r);

/** NULL, or why the kernel cannot be asked. */
const char *kernel_open(void);
/** 1: `o` says what the program did. 0: the kernel does not take it. -1: it took it and did not run it. What the kernel
 * does not tell (bytes around a packet) is as in `like`. */
int kernel_run(const struct iov_insn *insns, uint32_t count, uint64_t seed, const struct outcome *like,
	       struct outcome *o);

#endif
