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

/* Eight and four bytes as a number, whatever the machine's order. */
static inline uint64_t hash_load8(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(v) : v;
}
static inline uint64_t hash_load4(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap32(v) : v;
}

/** `len` bytes, eight at a time; the last ones overlap. */
static inline uint64_t hash_bytes(const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	uint64_t h = len;

	if (len > 8) {
		const uint8_t *last = p + len - 8;

		for (; p < last; p += 8)
			h = hash_mix(h, hash_load8(p));
		return hash_mix(h, hash_load8(last));
	}
	if (len >= 4)
		return hash_mix(h, hash_load4(p) | hash_load4(p + len - 4) << 32);
	return len ? hash_mix(h, (uint64_t)p[0] << 16 | (uint64_t)p[len / 2] << 8 | p[len - 1]) : 0;
}

static inline uint64_t hash_name(const char *name)
{
	return hash_bytes(name, strlen(name));
}

#endif
