/* SPDX-License-Identifier: Apache-2.0 */
/* SYN cookies (Bernstein, Schenk 1996), in the form that Linux gives them: a first hash and the client's sequence
 * number hide the minute, in the upper 8 bits, and the class of the segment size, which a second hash over the minute
 * hides in the lower 24. A cookie is good in its minute and the next. The hash is SipHash-2-4 (Aumasson, Bernstein
 * 2012) under keys made of the module's seed: all workers make the same, and no one outside can. */
#include "runtime/packet.h"
#include "runtime/sockets.h"

#include <linux/tcp.h>

enum { MINUTE_BITS = 24, LASTS = 2, HASHED = (1 << MINUTE_BITS) - 1, DEFAULT4 = 536, DEFAULT6 = 1220, CLASSES = 4 };

/* Sizes that most hosts announce: the largest that is not above a client's stands for it. */
static const uint16_t classes[2][CLASSES] = {{536, 1300, 1440, 1460}, {1220, 1420, 1440, 8940}};

static uint64_t rotate(uint64_t x, int by) { return x << by | x >> (64 - by); }

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32) + v[3];
	v[2] += v[1];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

static uint64_t sip(uint64_t key0, uint64_t key1, const uint64_t *words, unsigned count)
{
	uint64_t v[4] = {key0 ^ 0x736f6d6570736575u, key1 ^ 0x646f72616e646f6du, key0 ^ 0x6c7967656e657261u,
			 key1 ^ 0x7465646279746573u};

	for (unsigned i = 0; i <= count; i++) {
		uint64_t word = i < count ? words[i] : (uint64_t)count * 8 << 56;

		v[3] ^= word;
		sip_round(v);
		sip_round(v);
		v[0] ^= word;
	}
	v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* What a cookie is made from: addresses and ports, as they stand in the packet. */
struct flow {
	bool ip6;
	const uint8_t *addresses; /**< source and destination, one behind the other */
	const struct tcphdr *tcp;
	const struct iov_env *env;
};

static uint32_t hash(const struct flow *f, uint32_t minute, uint64_t which)
{
	uint64_t words[5] = {0}, seed = f->env->seed + which;
	unsigned count = f->ip6 ? 4 : 1;

	memcpy(words, f->addresses, count * 8);
	memcpy(&words[count], &f->tcp->source, 4);
	memcpy((uint8_t *)&words[count] + 4, &minute, 4);
	return (uint32_t)sip(seed * 0x9e3779b97f4a7c15u, ~seed * 0xd6e8feb86659fd93u, words, count + 1);
}

static uint32_t minute_of(const struct iov_env *env) { return (uint32_t)(env->now(env->now_ud) / 60000000000u); }

static uint64_t make(const struct flow *f, uint32_t size)
{
	uint32_t class = CLASSES - 1, minute = minute_of(f->env), cookie;

	while (class && size < classes[f->ip6][class])
		class--;
	cookie = hash(f, 0, 0) + ntohl(f->tcp->seq) + (minute << MINUTE_BITS) +
		 ((hash(f, minute, 1) + class) & HASHED);
	return cookie | (uint64_t)classes[f->ip6][class] << 32;
}

/* The acknowledgement of a segment that carried a cookie. */
static bool good(const struct flow *f)
{
	uint32_t minute = minute_of(f->env), age;
	uint32_t cookie = ntohl(f->tcp->ack_seq) - 1 - hash(f, 0, 0) - (ntohl(f->tcp->seq) - 1);

	age = (minute - (cookie >> MINUTE_BITS)) & (UINT32_MAX >> MINUTE_BITS);
	return age < LASTS && ((cookie - hash(f, minute - age, 1)) & HASHED) < CLASSES;
}

/* The last segment size of those that the options announce; 0: none. */
static uint32_t announced(const struct tcphdr *tcp)
{
	enum { END = 0, NOTHING = 1, SEGMENT = 2, SEGMENT_BYTES = 4 };
	const uint8_t *at = (const uint8_t *)(tcp + 1), *end = (const uint8_t *)tcp + tcp->doff * 4;
	uint32_t size = 0;

	while (at < end && *at != END) {
		if (*at == NOTHING) {
			at++;
			continue;
		}
		if (end - at < 2 || at[1] < 2 || at[1] > end - at)
			break;
		if (at[0] == SEGMENT && at[1] == SEGMENT_BYTES && (at[2] || at[3]))
			size = (uint32_t)at[2] << 8 | at[3];
		at += at[1];
	}
	return size;
}

/* A header with its options, copied: another thread may be changing what lies in a map. */
union segment {
	struct tcphdr tcp;
	uint8_t bytes[60];
};

static bool copy_whole(uint64_t from, uint32_t size, union segment *out)
{
	if (size < sizeof(out->tcp) || size > sizeof(*out))
		return false;
	memcpy(out, helper_ptr(from), sizeof(out->tcp));
	if (size != out->tcp.doff * 4u)
		return false;
	memcpy(out->bytes + sizeof(out->tcp), (const uint8_t *)helper_ptr(from) + sizeof(out->tcp),
	       size - sizeof(out->tcp));
	return true;
}

static struct flow flow_of(bool ip6, uint64_t ip, const struct tcphdr *tcp, const struct iov_env *env)
{
	return (struct flow){ip6, (const uint8_t *)helper_ptr(ip) + (ip6 ? 8 : 12), tcp, env};
}

static uint64_t generate(const struct flow *f)
{
	uint32_t size = announced(f->tcp);

	return make(f, size ? size : f->ip6 ? DEFAULT6 : DEFAULT4);
}

static uint64_t raw_generate(bool ip6, uint64_t ip, uint64_t tcp, uint64_t size, const struct iov_env *env)
{
	union segment segment;
	const struct flow f = flow_of(ip6, ip, &segment.tcp, env);

	return copy_whole(tcp, (uint32_t)size, &segment) ? generate(&f) : helper_err(-EINVAL);
}

static uint64_t raw_check(bool ip6, uint64_t ip, uint64_t tcp, const struct iov_env *env)
{
	const struct flow f = flow_of(ip6, ip, helper_ptr(tcp), env);

	return good(&f) ? 0 : helper_err(-EACCES);
}

#define ARGS uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env

uint64_t helper_tcp_raw_gen_syncookie_ipv4(ARGS)
{
	(void)r4, (void)r5;
	return raw_generate(false, r1, r2, r3, env);
}

uint64_t helper_tcp_raw_gen_syncookie_ipv6(ARGS)
{
	(void)r4, (void)r5;
	return raw_generate(true, r1, r2, r3, env);
}

uint64_t helper_tcp_raw_check_syncookie_ipv4(ARGS)
{
	(void)r3, (void)r4, (void)r5;
	return raw_check(false, r1, r2, env);
}

uint64_t helper_tcp_raw_check_syncookie_ipv6(ARGS)
{
	(void)r3, (void)r4, (void)r5;
	return raw_check(true, r1, r2, env);
}

/* The same for a listening socket, which here always answers with cookies (Linux: tcp_syncookies=2). */
static int64_t listens(uint64_t sk, const uint8_t *ip, uint32_t size, bool *ip6)
{
	enum { IP4_HEADER = 20, IP6_HEADER = 40 };
	const struct sockets_entry *e = helper_ptr(sk);

	if (size < IP4_HEADER)
		return -EINVAL;
	*ip6 = ip[0] >> 4 == 6;
	if (!*ip6 && ip[0] >> 4 != 4)
		return -EPROTONOSUPPORT;
	return *ip6 && (size < IP6_HEADER || e->given.family != 6) ? -EINVAL : 0;
}

static bool is_listener(uint64_t sk)
{
	const struct sockets_entry *e = helper_ptr(sk);

	return e && e->uapi.state == SOCKET_LISTEN && e->uapi.protocol == SOCKET_TCP;
}

uint64_t helper_tcp_gen_syncookie(ARGS)
{
	union segment segment;
	const struct tcphdr *tcp = &segment.tcp;
	int64_t error;
	struct flow f;
	bool ip6;

	if (!copy_whole(r4, (uint32_t)r5, &segment) || !is_listener(r1) || !tcp->syn || tcp->ack || tcp->fin ||
	    tcp->rst)
		return helper_err(-EINVAL);
	error = listens(r1, helper_ptr(r2), (uint32_t)r3, &ip6);
	if (error)
		return helper_err(error);
	f = flow_of(ip6, r2, tcp, env);
	return generate(&f);
}

uint64_t helper_tcp_check_syncookie(ARGS)
{
	const struct tcphdr *tcp = helper_ptr(r4);
	int64_t error;
	struct flow f;
	bool ip6;

	if ((uint32_t)r5 < sizeof(*tcp) || !is_listener(r1))
		return helper_err(-EINVAL);
	if (!tcp->ack || tcp->rst || tcp->syn)
		return helper_err(-ENOENT);
	error = listens(r1, helper_ptr(r2), (uint32_t)r3, &ip6);
	if (error)
		return helper_err(error);
	f = flow_of(ip6, r2, tcp, env);
	return good(&f) ? 0 : helper_err(-ENOENT);
}
