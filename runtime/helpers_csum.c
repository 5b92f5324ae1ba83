/* SPDX-License-Identifier: Apache-2.0 */
/* Internet checksums (RFC 1071, RFC 1624) as helpers. Sums are one's complement sums of 16-bit words as they lie in
 * memory. */
#include "runtime/helpers.h"

#include <string.h>

enum { FIELD_SIZE = 0xf, PSEUDO_HEADER = 1 << 4, MARK_MANGLED_0 = 1 << 5, MARK_ENFORCE = 1 << 6, IPV6 = 1 << 7 };
enum { MANGLED_0 = 0xffff, MAX_OFFSET = 0xffff };

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static uint64_t sum_of(const uint8_t *bytes, uint32_t len)
{
	uint64_t sum = 0;
	uint16_t word;

	for (; len > 1; bytes += 2, len -= 2) {
		memcpy(&word, bytes, 2);
		sum += word;
	}
	word = 0;
	memcpy(&word, bytes, len);
	return sum + word;
}

/* In 32 bits with end-around carry, where only a sum of zeros is 0: so 0 and 0xffff come out as in the kernel. */
static uint32_t add32(uint64_t a, uint64_t b)
{
	uint64_t sum = (a & UINT32_MAX) + (a >> 32) + b;

	sum = (sum & UINT32_MAX) + (sum >> 32);
	return (uint32_t)(sum + (sum >> 32));
}

uint64_t helper_csum_diff(uint64_t from, uint64_t from_size, uint64_t to, uint64_t to_size, uint64_t seed,
			  struct iov_env *env)
{
	uint32_t sum = (uint32_t)seed;

	(void)env;
	if ((uint32_t)to_size)
		sum = add32(sum_of(helper_ptr(to), (uint32_t)to_size), sum);
	if ((uint32_t)from_size) {
		uint32_t removed = add32(sum_of(helper_ptr(from), (uint32_t)from_size), 0);

		sum = (uint32_t)to_size ? add32(sum, ~removed) : ~add32(~sum, removed);
	}
	return fold(sum);
}

/* RFC 1624 equation 3, on sums of up to 32 bits. */
static void replace(uint8_t *at, uint64_t from, uint64_t to)
{
	uint16_t csum;

	memcpy(&csum, at, 2);
	csum = (uint16_t)~fold((uint16_t)~csum + (uint64_t)(uint16_t)~fold(from) + to);
	memcpy(at, &csum, 2);
}

static void replace_by_diff(uint8_t *at, uint32_t diff)
{
	uint16_t csum;

	memcpy(&csum, at, 2);
	csum = (uint16_t)~fold((uint64_t)diff + (uint16_t)~csum);
	memcpy(at, &csum, 2);
}

/* The checksum field, or an error; a field of two bytes at an even place in the packet. */
static int64_t field_at(uint64_t c, uint64_t offset, uint8_t **at)
{
	struct iov_ctx *ctx = helper_ptr(c);
	uint32_t off = (uint32_t)offset;

	if (off > MAX_OFFSET || off & 1 || off + 2 > ctx->data_end - ctx->data)
		return -EFAULT;
	*at = ctx->data + off;
	return 0;
}

static int64_t update(uint8_t *at, uint64_t from, uint64_t to, uint64_t size)
{
	switch (size) {
	case 0:
		if (from)
			return -EINVAL;
		replace_by_diff(at, (uint32_t)to);
		return 0;
	case 2:
		replace(at, (uint16_t)from, (uint16_t)to);
		return 0;
	case 4:
		replace(at, (uint32_t)from, (uint32_t)to);
		return 0;
	}
	return -EINVAL;
}

uint64_t helper_l3_csum_replace(uint64_t c, uint64_t offset, uint64_t from, uint64_t to, uint64_t flags,
				struct iov_env *env)
{
	uint8_t *at = NULL;
	int64_t error;

	(void)env;
	if (flags & ~(uint64_t)FIELD_SIZE)
		return helper_err(-EINVAL);
	error = field_at(c, offset, &at);
	return helper_err(error ? error : update(at, from, to, flags & FIELD_SIZE));
}

uint64_t helper_l4_csum_replace(uint64_t c, uint64_t offset, uint64_t from, uint64_t to, uint64_t flags,
				struct iov_env *env)
{
	static const uint16_t mangled = MANGLED_0;
	static const uint8_t zero[2];
	uint8_t *at = NULL;
	int64_t error;

	(void)env;
	if (flags & ~(uint64_t)(MARK_MANGLED_0 | MARK_ENFORCE | PSEUDO_HEADER | FIELD_SIZE | IPV6))
		return helper_err(-EINVAL);
	error = field_at(c, offset, &at);
	if (error)
		return helper_err(error);
	if (flags & MARK_MANGLED_0 && !(flags & MARK_ENFORCE) && !memcmp(at, zero, 2))
		return 0;
	error = update(at, from, to, flags & FIELD_SIZE);
	if (!error && flags & MARK_MANGLED_0 && !memcmp(at, zero, 2))
		memcpy(at, &mangled, 2);
	return helper_err(error);
}
