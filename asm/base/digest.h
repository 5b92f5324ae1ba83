/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: SHA-256 (FIPS 180-4) and CRC-32C (RFC 3720 appendix B.4), for records that say what they belong to. */
#ifndef IOV_BASE_DIGEST_H
#define IOV_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { IOV_SHA256_BYTES = 32 };

struct iov_sha256 {
	uint32_t state[8];
	uint64_t bytes; /**< taken so far */
	uint8_t block[64];
};

void sha256_init(struct iov_sha256 *s);
void sha256_add(struct iov_sha256 *s, const void *data, size_t len);
void sha256_end(struct iov_sha256 *s, uint8_t out[IOV_SHA256_BYTES]);

/** A number in eight bytes, and a text with its length before it (NULL: as ""), so that neighbours cannot run together.
 */
void sha256_add_u64(struct iov_sha256 *s, uint64_t value);
void sha256_add_text(struct iov_sha256 *s, const char *text);

/** CRC-32C of `len` bytes, going on from `crc` (0: from the start). */
uint32_t crc32c(uint32_t crc, const void *data, size_t len);

#endif
