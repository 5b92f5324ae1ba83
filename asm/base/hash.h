/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the one hash of names and numbers, for tables in memory and for orders that content decides: the same on every
 * machine. Not for keys that an attacker may choose where a collision would do more than cost time. */
#ifndef IOV_BASE_HASH_H
#define IOV_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** `h` with `v` taken in. */
static inline uint64_t hash_mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15;
	return h ^ h >> 32;
}

static inline uint64_t hash_word(uint64_t word)
{
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(word) : word;
}

/** `len` bytes, eight at a time. */
static inline uint64_t hash_bytes(const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	uint64_t h = len, word = 0;

	for (; len >= 8; p += 8, len -= 8) {
		memcpy(&word, p, 8);
		h = hash_mix(h, hash_word(word));
	}
	word = 0;
	for (size_t i = 0; i < len; i++)
		word |= (uint64_t)p[i] << 8 * i;
	return hash_mix(h, word);
}

static inline uint64_t hash_name(const char *name)
{
	return hash_bytes(name, strlen(name));
}

#endif
