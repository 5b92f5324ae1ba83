/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the one hash of names and numbers for tables in memory. Nothing that is written out may depend on its values:
 * they differ between byte orders. */
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

/** `len` bytes, eight at a time. */
static inline uint64_t hash_bytes(const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	uint64_t h = len, word = 0;

	for (; len >= 8; p += 8, len -= 8) {
		memcpy(&word, p, 8);
		h = hash_mix(h, word);
	}
	word = 0;
	if (len & 4)
		memcpy(&word, p, 4);
	for (size_t i = len & 4; i < len; i++)
		word = word << 8 | p[i];
	return hash_mix(h, word);
}

static inline uint64_t hash_name(const char *name)
{
	return hash_bytes(name, strlen(name));
}

#endif
