/* SPDX-License-Identifier: Apache-2.0 */
/* The bench's programs, one source compiled three times: natively; to eBPF for Linux and libiov, as XDP programs whose
 * data is a global variable; and, with -DDPDK, to eBPF for DPDK, where a program gets the address of its data and maps
 * are functions of the host. Each gives a number that depends on all of its work, so that engines can be compared by
 * result as well. */
#include "testsuite/bench/jit/programs.h"

#define INLINE static inline __attribute__((always_inline))
#define NOINLINE static __attribute__((noinline))

#if defined(DPDK)
#define PROGRAM(name)                                                                                                  \
	INLINE uint32_t body_##name(struct data *d);                                                                   \
	__attribute__((section("dpdk/" #name), used)) uint64_t name(struct data *d)                                    \
	{                                                                                                              \
		return body_##name(d);                                                                                 \
	}                                                                                                              \
	INLINE uint32_t body_##name(struct data *d)
/* DPDK takes no loops. The value is pinned in each turn, or all loads would come first and spill. */
#define UNROLL_LOOP _Pragma("clang loop unroll(full)")
#define PIN(value) __asm__ volatile("" : "+r"(value))

uint64_t bench_flow(uint32_t key);
struct counter *bench_counter(uint32_t key);
uint64_t bench_flow_put(uint32_t key, uint64_t value);

#define counter_at bench_counter
INLINE uint64_t flow_get(uint32_t key) { return bench_flow(key); }
#define flow_put bench_flow_put

#elif defined(__bpf__)
#define PROGRAM(name)                                                                                                  \
	INLINE uint32_t body_##name(struct data *d);                                                                   \
	__attribute__((section("xdp"), used)) int name(void *ctx)                                                      \
	{                                                                                                              \
		(void)ctx;                                                                                             \
		return (int)body_##name(&data);                                                                        \
	}                                                                                                              \
	INLINE uint32_t body_##name(struct data *d)
#define UNROLL_LOOP
#define PIN(value)

enum { ARRAY_MAP = 2, HASH_MAP = 1 };
static void *(*map_lookup)(void *map, const void *key) = (void *)1;
static long (*map_update)(void *map, const void *key, const void *value, uint64_t flags) = (void *)2;

struct data data;
struct {
	int (*type)[ARRAY_MAP];
	int (*max_entries)[COUNTERS];
	uint32_t *key;
	struct counter *value;
} counters __attribute__((section(".maps"), used));
struct {
	int (*type)[HASH_MAP];
	int (*max_entries)[FLOWS];
	uint32_t *key;
	uint64_t *value;
} flows __attribute__((section(".maps"), used));
char _license[] __attribute__((section("license"), used)) = "GPL";

INLINE struct counter *counter_at(uint32_t key) { return map_lookup(&counters, &key); }

INLINE uint64_t flow_get(uint32_t key)
{
	uint64_t *value = map_lookup(&flows, &key);

	return value ? *value : 0;
}

INLINE void flow_put(uint32_t key, uint64_t value) { map_update(&flows, &key, &value, 0); }

#else
#include "testsuite/bench/jit/bench.h"

#define PROGRAM(name)                                                                                                  \
	INLINE uint32_t body_##name(struct data *d);                                                                   \
	uint32_t native_##name(void) { return body_##name(&native_state.data); }                                       \
	INLINE uint32_t body_##name(struct data *d)
#define UNROLL_LOOP
#define PIN(value)

INLINE struct counter *counter_at(uint32_t key) { return key < COUNTERS ? &native_state.counters[key] : 0; }

INLINE uint64_t flow_get(uint32_t key)
{
	const uint64_t *value = table_find(&native_state.flows, key);

	return value ? *value : 0;
}

#define flow_put(key, value) table_put(&native_state.flows, key, value)
#endif

PROGRAM(noop)
{
	(void)d;
	return 2;
}

/* Not static: verified once, for any i below 225. */
__attribute__((noinline)) uint32_t is_prime(uint32_t i)
{
	uint32_t k = 2;

#pragma clang loop unroll(disable)
	while (k < 15 && k * k <= i && i % k != 0)
		k++;
	return k * k > i;
}

/* Primes below n by trial division. */
PROGRAM(prime)
{
	uint32_t n = (uint32_t)d->words[0], found = 0;

#pragma clang loop unroll(disable)
	for (uint32_t i = 2; i < 200 && i < n; i++)
		found += is_prime(i);
	return found;
}

/* The Internet checksum over 1500 bytes. */
PROGRAM(csum)
{
	const uint16_t *p = (const uint16_t *)d->packet;
	uint64_t sum = 0;

	UNROLL_LOOP
	for (int i = 0; i < 750; i++) {
		sum += p[i];
		PIN(sum);
	}
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint32_t)(~sum & 0xffff);
}

static inline uint32_t be32(const uint8_t *p)
{
	return __builtin_bswap32(*(const uint32_t *)p);
}

static inline uint16_t be16(const uint8_t *p)
{
	return __builtin_bswap16(*(const uint16_t *)p);
}

/* Five-tuple of an IPv4 TCP packet against seven rules, then a hash of it. */
PROGRAM(classify)
{
	const uint8_t *p = d->packet;
	uint32_t source, target, ports, hash;
	uint16_t from, to;

	if (be16(p + 12) != 0x0800 || p[14] >> 4 != 4 || p[23] != 6)
		return 0;
	p += 14 + (p[14] & 15) * 4;
	source = be32(d->packet + 26);
	target = be32(d->packet + 30);
	from = be16(p);
	to = be16(p + 2);
	if (source >> 24 == 127 || target >> 28 == 14)
		return 1;
	if (to == 22 && source >> 8 != 0x0a0000)
		return 2;
	if (to == 25 || from == 25)
		return 3;
	if (to >= 6000 && to <= 6063)
		return 4;
	if ((p[13] & 3) == 3)
		return 5;
	if (source == target && from == to)
		return 6;
	ports = (uint32_t)from << 16 | to;
	hash = (source ^ target) * 0x9e3779b1u ^ ports;
	hash ^= hash >> 15;
	hash *= 0x85ebca6bu;
	return 7 + (hash >> 13);
}

#define ROTATE(x, n) ((x) << (n) | (x) >> (64 - (n)))
#define SIP_ROUND                                                                                                      \
	do {                                                                                                           \
		v0 += v1, v1 = ROTATE(v1, 13), v1 ^= v0, v0 = ROTATE(v0, 32);                                          \
		v2 += v3, v3 = ROTATE(v3, 16), v3 ^= v2;                                                               \
		v0 += v3, v3 = ROTATE(v3, 21), v3 ^= v0;                                                               \
		v2 += v1, v1 = ROTATE(v1, 17), v1 ^= v2, v2 = ROTATE(v2, 32);                                          \
	} while (0)

/* SipHash-2-4 of 32 bytes. */
PROGRAM(siphash)
{
	uint64_t v0 = d->words[0] ^ 0x736f6d6570736575u, v1 = d->words[1] ^ 0x646f72616e646f6du;
	uint64_t v2 = d->words[0] ^ 0x6c7967656e657261u, v3 = d->words[1] ^ 0x7465646279746573u;

#pragma unroll
	for (int i = 0; i < 4; i++) {
		v3 ^= d->words[2 + i];
		SIP_ROUND;
		SIP_ROUND;
		v0 ^= d->words[2 + i];
	}
	v3 ^= (uint64_t)32 << 56;
	SIP_ROUND;
	SIP_ROUND;
	v0 ^= (uint64_t)32 << 56;
	v2 ^= 0xff;
	SIP_ROUND;
	SIP_ROUND;
	SIP_ROUND;
	SIP_ROUND;
	return (uint32_t)((v0 ^ v1 ^ v2 ^ v3) >> 16);
}

/* 64 big-endian fields of 16, 32 and 64 bits. */
PROGRAM(bswap)
{
	uint64_t sum = 0;

#pragma unroll
	for (int i = 0; i < 16; i++) {
		const uint8_t *p = d->packet + 24 * i;

		sum += be16(p) ^ (uint64_t)be32(p + 4);
		sum ^= __builtin_bswap64(*(const uint64_t *)(p + 8)) + be16(p + 16);
	}
	return (uint32_t)(sum ^ sum >> 32);
}

/* 256 operations of a small machine with 16 instructions. */
PROGRAM(switches)
{
	uint64_t a = d->words[0], b = d->words[1];

	for (int i = 0; i < 256; i++) {
		switch (d->packet[i] & 15) {
		case 0: a += b; break;
		case 1: a -= b; break;
		case 2: a ^= b; break;
		case 3: b += a; break;
		case 4: b = ~b; break;
		case 5: a = a << 3 | 1; break;
		case 6: b >>= 1; break;
		case 7: a *= 5; break;
		case 8: b ^= a >> 7; break;
		case 9: a |= 0x10; break;
		case 10: b &= 0xffffffffffff; break;
		case 11: a = -a; break;
		case 12: b -= 77; break;
		case 13: a += 0x1234; break;
		case 14: b = b << 1; break;
		default: a ^= a >> 11; break;
		}
	}
	return (uint32_t)(a ^ b);
}

NOINLINE uint64_t step(uint64_t x, uint64_t i)
{
	__asm__ volatile("");
	return (x ^ i) * 3 + (x >> 5);
}

/* 64 calls of a function. */
PROGRAM(calls)
{
	uint64_t x = d->words[0];

	for (uint64_t i = 0; i < 64; i++)
		x = step(x, i);
	return (uint32_t)x;
}

/* Packets and bytes by the protocol of an IPv4 packet. */
PROGRAM(array)
{
	struct counter *counter = counter_at(d->packet[23]);

	if (!counter)
		return 0;
	counter->packets++;
	counter->bytes += be16(d->packet + 16);
	return (uint32_t)counter->bytes;
}

/* One flow of 65,536, which comes in no order, is looked up, and put back changed. */
PROGRAM(hash)
{
	uint64_t state = d->words[7] * 6364136223846793005u + 1442695040888963407u, value;
	uint32_t key = flow_key(state);

	d->words[7] = state;
	value = flow_get(key) + 1;
	flow_put(key, value);
	return (uint32_t)value;
}
