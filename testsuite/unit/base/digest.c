/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 and CRC-32C against published vectors (FIPS 180-4 examples, RFC 3720 B.4) and in pieces. */
#include "asm/base/digest.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void expect_sha(const char *text, size_t repeat, const char *hex)
{
	struct iov_sha256 s;
	uint8_t out[IOV_SHA256_BYTES];
	char shown[65];

	sha256_init(&s);
	for (size_t i = 0; i < repeat; i++)
		sha256_add(&s, text, strlen(text));
	sha256_end(&s, out);
	for (int i = 0; i < IOV_SHA256_BYTES; i++)
		snprintf(shown + 2 * i, 3, "%02x", out[i]);
	cr_assert_str_eq(shown, hex, "%s x %zu", text, repeat);
}

Test(digest, sha256)
{
	expect_sha("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	expect_sha("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	expect_sha("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
		   "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	expect_sha("a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Every length around the block's size, in one piece and byte by byte. */
Test(digest, pieces)
{
	uint8_t data[200], a[IOV_SHA256_BYTES], b[IOV_SHA256_BYTES];

	for (size_t len = 0; len < sizeof(data); len++) {
		struct iov_sha256 s;

		for (size_t i = 0; i < len; i++)
			data[i] = (uint8_t)(i * 7 + len);
		sha256_init(&s);
		sha256_add(&s, data, len);
		sha256_end(&s, a);
		sha256_init(&s);
		for (size_t i = 0; i < len; i++)
			sha256_add(&s, data + i, 1);
		sha256_end(&s, b);
		cr_assert(!memcmp(a, b, sizeof(a)), "%zu", len);
	}
}

Test(digest, crc32c)
{
	uint8_t zeros[32] = {0}, ones[32], rising[32];

	memset(ones, 0xff, sizeof(ones));
	for (uint8_t i = 0; i < 32; i++)
		rising[i] = i;
	cr_assert_eq(crc32c(0, zeros, 32), 0x8a9136aau);
	cr_assert_eq(crc32c(0, ones, 32), 0x62a8ab43u);
	cr_assert_eq(crc32c(0, rising, 32), 0x46dd794eu);
	cr_assert_eq(crc32c(crc32c(0, rising, 5), rising + 5, 27), 0x46dd794eu);
}
