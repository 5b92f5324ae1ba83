/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers one by one: limits, errors, and checksums against RFC 1071 computed anew over the whole data. */
#include "runtime/packet.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { HEAD = 40, START = 256, SIZE = 1024 };

static uint8_t buffer[SIZE];
static struct iov_prog xdp_prog = {.type = 6}, tc_prog = {.type = 3};
static struct iov_image xdp_image = {.prog = &xdp_prog}, tc_image = {.prog = &tc_prog};

static struct iov_ctx packet(uint32_t len)
{
	for (int i = 0; i < SIZE; i++)
		buffer[i] = (uint8_t)(i * 7 + 1);
	struct iov_ctx ctx = {.data = buffer + START, .data_meta = buffer + START, .data_end = buffer + START + len,
			      .head = buffer + HEAD, .tail_limit = buffer + SIZE};

	packet_arrives(&ctx);
	return ctx;
}

#define CALL(name, ...) CALL_(name, __VA_ARGS__, 0, 0, 0, 0, 0)
#define CALL_(name, a, b, c, d, e, ...)                                                                                \
	((int64_t)helper_##name((uint64_t)(a), (uint64_t)(b), (uint64_t)(c), (uint64_t)(d), (uint64_t)(e), &env))
#define P(x) ((uintptr_t)(x))

Test(helpers, adjust_head_stays_between_headroom_and_a_whole_header)
{
	struct iov_env env = {0};
	struct iov_ctx ctx = packet(60);

	cr_expect_eq(CALL(xdp_adjust_head, P(&ctx), -(START - HEAD) - 1), -EINVAL);
	cr_expect_eq(CALL(xdp_adjust_head, P(&ctx), 60 - 13), -EINVAL);
	cr_expect_eq(CALL(xdp_adjust_head, P(&ctx), INT32_MIN), -EINVAL);
	cr_expect_eq(CALL(xdp_adjust_head, P(&ctx), INT32_MAX), -EINVAL);
	cr_expect_eq(CALL(xdp_adjust_head, P(&ctx), 60 - 14), 0);
	cr_expect_eq(ctx.data_end - ctx.data, 14);
	cr_expect_eq(CALL(xdp_adjust_head, P(&ctx), -(START - HEAD) - 46), 0);
	cr_expect_eq(ctx.data, buffer + HEAD);
	cr_expect_eq(ctx.data_meta, ctx.data);
}

Test(helpers, adjust_meta_takes_words_and_moves_with_the_head)
{
	struct iov_env env = {0};
	struct iov_ctx ctx = packet(60);

	cr_expect_eq(CALL(xdp_adjust_meta, P(&ctx), 1), -EINVAL);
	cr_expect_eq(CALL(xdp_adjust_meta, P(&ctx), -6), -EACCES);
	cr_expect_eq(CALL(xdp_adjust_meta, P(&ctx), -256), -EINVAL, "not that much headroom");
	cr_expect_eq(CALL(xdp_adjust_meta, P(&ctx), -8), 0);
	cr_expect_eq(ctx.data - ctx.data_meta, 8);
	memcpy(ctx.data_meta, "metadata", 8);
	cr_expect_eq(CALL(xdp_adjust_head, P(&ctx), -16), 0);
	cr_expect_arr_eq(ctx.data - 8, "metadata", 8);
	cr_expect_eq(CALL(xdp_adjust_head, P(&ctx), -(START - HEAD) + 16), -EINVAL, "the metadata has to fit, too");
	cr_expect_eq(CALL(xdp_adjust_meta, P(&ctx), 8), 0);
	cr_expect_eq(ctx.data, ctx.data_meta);
}

Test(helpers, adjust_tail_gives_zeros)
{
	struct iov_env env = {0};
	struct iov_ctx ctx = packet(60);

	cr_expect_eq(CALL(xdp_adjust_tail, P(&ctx), -47), -EINVAL);
	cr_expect_eq(CALL(xdp_adjust_tail, P(&ctx), SIZE - START - 60 + 1), -EINVAL);
	cr_expect_eq(CALL(xdp_adjust_tail, P(&ctx), INT32_MIN), -EINVAL);
	cr_expect_eq(CALL(xdp_adjust_tail, P(&ctx), -46), 0);
	cr_expect_eq(CALL(xdp_adjust_tail, P(&ctx), 10), 0);
	cr_expect_eq(ctx.data_end - ctx.data, 24);
	for (int i = 14; i < 24; i++)
		cr_expect_eq(ctx.data[i], 0, "byte %d", i);
	cr_expect_eq(CALL(xdp_get_buff_len, P(&ctx)), 24);
}

Test(helpers, bytes_of_packets)
{
	struct iov_env env = {0};
	struct iov_ctx ctx = packet(60);
	uint8_t to[8] = {0}, from[4] = {1, 2, 3, 4};

	cr_expect_eq(CALL(xdp_load_bytes, P(&ctx), 52, P(to), 8), 0);
	cr_expect_arr_eq(to, buffer + START + 52, 8);
	cr_expect_eq(CALL(xdp_load_bytes, P(&ctx), 53, P(to), 8), -EINVAL);
	cr_expect_eq(CALL(xdp_load_bytes, P(&ctx), 0x10000, P(to), 8), -EFAULT);
	cr_expect_eq(CALL(xdp_store_bytes, P(&ctx), 56, P(from), 4), 0);
	cr_expect_arr_eq(ctx.data + 56, from, 4);
	cr_expect_eq(CALL(xdp_store_bytes, P(&ctx), UINT32_MAX, P(from), 4), -EFAULT);
	cr_expect_eq(CALL(skb_load_bytes, P(&ctx), 53, P(to), 8), -EFAULT);
	cr_expect_eq(to[0] | to[7], 0, "what cannot be loaded is zeros");
	cr_expect_eq(CALL(skb_load_bytes, P(&ctx), UINT32_MAX, P(to), 8), -EFAULT);
	cr_expect_eq(CALL(skb_load_bytes_relative, P(&ctx), 0, P(to), 4, 1), 0);
	cr_expect_arr_eq(to, ctx.data + 14, 4);
	cr_expect_eq(CALL(skb_store_bytes, P(&ctx), 0, P(from), 4, 4), -EINVAL);
	cr_expect_eq(CALL(skb_store_bytes, P(&ctx), 57, P(from), 4, 0), -EFAULT);
	cr_expect_eq(CALL(skb_store_bytes, P(&ctx), 0, P(from), 4, 1), 0);
	cr_expect_arr_eq(ctx.data, from, 4);
	cr_expect_eq(CALL(skb_pull_data, P(&ctx), 60), 0);
	cr_expect_eq(CALL(skb_pull_data, P(&ctx), 61), -ENOMEM);
}

/* One's complement sum of 16-bit words, by the book: from the start, in 32 bits. */
static uint16_t rfc1071(const uint8_t *bytes, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2) {
		uint16_t word;

		memcpy(&word, bytes + i, 2);
		sum += word;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)~sum;
}

static bool same_sum(uint16_t a, uint16_t b) { return a == b || (a % 0xffff == 0 && b % 0xffff == 0); }

Test(helpers, checksums_after_changes_are_those_of_the_whole)
{
	struct iov_env env = {0};
	uint64_t rng = 1;

	for (int round = 0; round < 2000; round++) {
		struct iov_ctx ctx = packet(40);
		uint16_t old2, new2, csum;
		uint32_t old4, new4;
		int64_t diff;

		for (int i = 0; i < 40; i++, rng = rng * 6364136223846793005u + 1442695040888963407u)
			ctx.data[i] = (uint8_t)(round % 3 ? rng >> 33 : rng >> 63 ? 0xff : 0);
		memset(ctx.data + 10, 0, 2);
		csum = rfc1071(ctx.data, 40);
		memcpy(ctx.data + 10, &csum, 2);

		memcpy(&old2, ctx.data + 20, 2);
		new2 = (uint16_t)(rng >> 20);
		memcpy(ctx.data + 20, &new2, 2);
		cr_assert_eq(CALL(l3_csum_replace, P(&ctx), 10, old2, new2, 2), 0);
		memcpy(&old4, ctx.data + 24, 4);
		new4 = (uint32_t)(rng >> 12);
		memcpy(ctx.data + 24, &new4, 4);
		cr_assert_eq(CALL(l4_csum_replace, P(&ctx), 10, old4, new4, 4), 0);
		old4 = new4;
		new4 = ~new4 * 3;
		diff = CALL(csum_diff, P(&old4), 4, P(&new4), 4, 0);
		memcpy(ctx.data + 24, &new4, 4);
		cr_assert_eq(CALL(l3_csum_replace, P(&ctx), 10, 0, diff, 0), 0);

		memcpy(&csum, ctx.data + 10, 2);
		memset(ctx.data + 10, 0, 2);
		cr_assert(same_sum(csum, rfc1071(ctx.data, 40)), "round %d", round);
	}
}

Test(helpers, checksum_errors)
{
	struct iov_env env = {0};
	struct iov_ctx ctx = packet(40);

	cr_expect_eq(CALL(l3_csum_replace, P(&ctx), 11, 0, 0, 2), -EFAULT, "odd place");
	cr_expect_eq(CALL(l3_csum_replace, P(&ctx), 40, 0, 0, 2), -EFAULT);
	cr_expect_eq(CALL(l3_csum_replace, P(&ctx), 10, 0, 0, 3), -EINVAL);
	cr_expect_eq(CALL(l3_csum_replace, P(&ctx), 10, 0, 0, 0x12), -EINVAL);
	cr_expect_eq(CALL(l3_csum_replace, P(&ctx), 10, 1, 0, 0), -EINVAL);
	cr_expect_eq(CALL(l4_csum_replace, P(&ctx), 10, 0, 0, 0x102), -EINVAL);
	memset(ctx.data + 10, 0, 2);
	cr_expect_eq(CALL(l4_csum_replace, P(&ctx), 10, 5, 6, 0x22), 0);
	cr_expect_eq(ctx.data[10] | ctx.data[11], 0, "no checksum stays none");
}

static char printed[128];
static void keep(void *ud, const char *text)
{
	(void)ud;
	snprintf(printed, sizeof(printed), "%s", text);
}

static int64_t print(const char *format, uint64_t a, uint64_t b, uint64_t c)
{
	struct iov_env env = {.trace = keep};

	printed[0] = 0;
	return CALL(trace_printk, P(format), strlen(format) + 1, a, b, c);
}

Test(helpers, trace_printk)
{
	cr_expect_eq(print("plain %% text", 0, 0, 0), 12);
	cr_expect_str_eq(printed, "plain % text");
	print("%d %u %x", (uint64_t)-1, UINT32_MAX + 6ull, 0xabc);
	cr_expect_str_eq(printed, "-1 5 abc");
	print("%lld %lu %llx", (uint64_t)-5, UINT64_MAX, 1ull << 40);
	cr_expect_str_eq(printed, "-5 18446744073709551615 10000000000");
	print("%c|%5d|%-4u|", 'x', 42, 7);
	cr_expect_str_eq(printed, "x|   42|7   |");
	cr_expect_eq(print("[%s] %pI4 %pi6", 1, P(printed), 0), 43, "no pointer to the host's memory is followed");
	cr_expect_str_eq(printed, "[] 0.0.0.0 00000000000000000000000000000000");
	cr_expect_eq(print("%sx", 1, 0, 0), -EINVAL);
	cr_expect_eq(print("%h", 1, 0, 0), -EINVAL);
	cr_expect_eq(print("%n", 1, 0, 0), -EINVAL);
	cr_expect_eq(print("%d %d %d %d", 1, 2, 3), -EINVAL);
	cr_expect_eq(print("bell \a", 0, 0, 0), -EINVAL);
	cr_expect_eq(print("%99999999d", 1, 0, 0), -EINVAL);
	cr_expect_eq(print("%", 1, 0, 0), -EINVAL);
	cr_expect_gt(print("%999999d", 1, 0, 0), 0, "cut at the line's end");
}

/* What is printed of the address `off` bytes away from the value of `map`'s element 7. */
static const char *seen(struct iov_map *map, int64_t off)
{
	const struct iov_image image = {.maps = &map, .map_count = 1};
	struct iov_env env = {.trace = keep, .image = &image};
	uint32_t key = 7;
	const char *format = "[%s]";

	printed[0] = 0;
	CALL(trace_printk, P(format), strlen(format) + 1, P(map->ops->lookup(map, &key, 0)) + (uint64_t)off, 0, 0);
	return printed;
}

Test(helpers, strings_of_a_map_are_its_values)
{
	static const struct iov_map_def def = {.type = 1, .key_size = 4, .value_size = 12, .max_entries = 4};
	const struct iov_map_options options = {.cpus = 1, .seed = 1};
	struct iov_map *map;
	uint32_t key = 7;

	cr_assert_eq(map_create(&def, &options, NULL, NULL, &map), IOV_OK);
	cr_assert_eq(map->ops->update(map, &key, "hello world", 0, 0), 0);
	cr_expect_str_eq(seen(map, 0), "[hello world]");
	cr_expect_str_eq(seen(map, 6), "[world]");
	cr_expect_str_eq(seen(map, -8), "[]", "the key is none");
	cr_expect_str_eq(seen(map, -24), "[]", "nor what the map keeps for itself");
	cr_expect_str_eq(seen(map, 1 << 20), "[]");
	map_destroy(map);
}

Test(helpers, formats_with_arguments_in_memory)
{
	struct iov_env env = {.trace = keep};
	uint64_t args[12] = {1, 2, 3, 4, 5};
	char text[8];

	cr_expect_eq(CALL(trace_vprintk, P("%d %d %d %d %d"), 15, P(args), 40), 9);
	cr_expect_str_eq(printed, "1 2 3 4 5");
	cr_expect_eq(CALL(trace_vprintk, P("%d"), 3, P(args), 41), -EINVAL);
	cr_expect_eq(CALL(trace_vprintk, P("%d"), 3, P(args), 104), -EINVAL);
	cr_expect_eq(CALL(trace_vprintk, P("%d %d"), 6, P(args), 8), -EINVAL);
	cr_expect_eq(CALL(snprintf, P(text), sizeof(text), P("%d-%d"), P(args), 16), 4);
	cr_expect_str_eq(text, "1-2");
	cr_expect_eq(CALL(snprintf, P(text), sizeof(text), P("long %d text"), P(args), 8), 12);
	cr_expect_str_eq(text, "long 1 ");
	cr_expect_eq(CALL(snprintf, 0, 0, P("%d"), P(args), 8), 2);
	cr_expect_eq(CALL(snprintf, P(text), sizeof(text), P("x"), 0, 8), -EINVAL);
}

static int keep_record(void *ud, const void *data, size_t size)
{
	memcpy(ud, data, size);
	return (int)size;
}

Test(helpers, perf_events_carry_part_of_the_packet)
{
	static const struct iov_map_def def = {.name = "p", .type = 4, .key_size = 4, .value_size = 4};
	struct iov_env env = {.cpu = 1};
	struct iov_ctx ctx = packet(60);
	struct iov_map *map = NULL;
	char got[64] = "";

	cr_assert_eq(map_create(&def, &(struct iov_map_options){.cpus = 1}, NULL, NULL, &map), IOV_OK);
	cr_expect_eq(CALL(perf_event_output, P(&ctx), P(map), UINT32_MAX | 6ull << 32, P("meta"), 4), 0);
	cr_expect_eq(CALL(perf_event_output, P(&ctx), P(map), UINT32_MAX | 61ull << 32, P("meta"), 4), -EFAULT);
	cr_expect_eq(CALL(perf_event_output, P(&ctx), P(map), UINT64_MAX, P("meta"), 4), -EINVAL);
	cr_expect_eq(CALL(perf_event_output, P(&ctx), P(map), 0, P("meta"), 4), -EOPNOTSUPP);
	cr_expect_eq(ring_consume(map, UINT64_MAX, keep_record, got), 1);
	cr_expect(!memcmp(got, "meta", 4) && !memcmp(got + 4, ctx.data, 6) && !got[10]);
	map_destroy(map);
}

static uint64_t turns;
static uint64_t count_to_seven(uint64_t i, uint64_t ctx, uint64_t c, uint64_t d, uint64_t e, struct iov_env *env)
{
	(void)c, (void)d, (void)e, (void)env;
	cr_expect_eq(ctx, 99);
	turns++;
	return i == 6;
}

Test(helpers, loops)
{
	struct iov_env env = {0};

	cr_expect_eq(CALL(loop, 5, P(count_to_seven), 99, 0), 5);
	cr_expect_eq(CALL(loop, 50, P(count_to_seven), 99, 0), 7);
	cr_expect_eq(turns, 12);
	cr_expect_eq(CALL(loop, 0, P(count_to_seven), 99, 0), 0);
	cr_expect_eq(CALL(loop, 1, P(count_to_seven), 99, 1), -EINVAL);
	cr_expect_eq(CALL(loop, (8 << 20) + 1, P(count_to_seven), 99, 0), -E2BIG);
}

Test(helpers, redirection)
{
	static const struct iov_map_def def = {
		.name = "d", .type = 14, .key_size = 4, .value_size = 4, .max_entries = 4};
	struct iov_env env = {.image = &xdp_image};
	struct iov_map *map = NULL;
	uint32_t key = 2, port = 9;

	cr_assert_eq(map_create(&def, &(struct iov_map_options){.cpus = 1}, NULL, NULL, &map), IOV_OK);
	cr_assert_eq(map_write(map, &key, &port, 0), 0);
	cr_expect_eq(CALL(redirect_map, P(map), 2, 0), 4);
	cr_expect_eq(env.redirect_ifindex, 9);
	cr_expect_eq(CALL(redirect_map, P(map), 1, 2), 2, "no entry: the flags say what to do");
	cr_expect_eq(CALL(redirect_map, P(map), 1, 8), 4, "broadcast");
	cr_expect_eq(CALL(redirect_map, P(map), 2, 64), 0);
	cr_expect_eq(CALL(redirect, 5, 0), 4);
	cr_expect_eq(env.redirect_ifindex, 5);
	cr_expect_eq(CALL(redirect, 5, 1), 0);
	env.image = &tc_image;
	cr_expect_eq(CALL(redirect, 6, 1), 7);
	cr_expect_eq(CALL(redirect, 6, 2), 2);
	map_destroy(map);
}

Test(helpers, random_numbers_are_the_seed_s)
{
	struct iov_env env = {.rng = {UINT64_MAX, 1ull << 60}}, again = {.rng = {UINT64_MAX, 1ull << 60}};
	int64_t first = CALL(get_prandom_u32, 0), second = CALL(get_prandom_u32, 0);

	cr_expect_neq(first, second);
	cr_expect_eq((uint64_t)first, helper_get_prandom_u32(0, 0, 0, 0, 0, &again));
	cr_expect_leq(first, UINT32_MAX);
}
