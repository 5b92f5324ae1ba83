/* SPDX-License-Identifier: Apache-2.0 */
/* What belongs to a packet's socket, SYN cookies of a listening one, storage where there is no room. (Which socket a
 * lookup finds is compared with the live kernel by testsuite/diff/sockets.) */
#include "runtime/packet.h"
#include "runtime/sockets.h"

#include <criterion/criterion.h>
#include <linux/tcp.h>
#include <string.h>

static struct iov_prog tc_prog = {.type = 3}, cgroup_prog = {.type = 8, .attach_type = 1};
static struct iov_image tc_image = {.prog = &tc_prog}, cgroup_image = {.prog = &cgroup_prog};

#define CALL(name, ...) CALL_(name, __VA_ARGS__, 0, 0, 0, 0, 0)
#define CALL_(name, a, b, c, d, e, ...)                                                                                \
	((int64_t)helper_##name((uint64_t)(a), (uint64_t)(b), (uint64_t)(c), (uint64_t)(d), (uint64_t)(e), &env))
#define P(x) ((uintptr_t)(x))

static uint64_t clock_ns;
static uint64_t now(void *ud)
{
	(void)ud;
	return clock_ns;
}

static struct iov_sockets *two(void)
{
	struct iov_sockets *s = iov_sockets_new(2, NULL);
	struct iov_socket listener = {.family = 6, .protocol = 6, .state = 10, .local_port = 80, .cookie = 5,
				      .uid = 1000, .classid = 7, .cgroup_level = 2, .cgroups = {1, 20, 300}};
	struct iov_socket gone = {.family = 4, .protocol = 6, .state = 6, .local_port = 80, .remote_port = 9,
				  .cookie = 6, .uid = 1};

	cr_assert_eq(iov_sockets_add(s, &listener), 1);
	cr_assert_eq(iov_sockets_add(s, &gone), 2);
	cr_expect_eq(iov_sockets_add(s, &gone), -ENOSPC);
	return s;
}

Test(sockets, wrong_ones_are_refused)
{
	struct iov_sockets *s = iov_sockets_new(1, NULL);

	cr_expect_eq(iov_sockets_add(s, &(struct iov_socket){.family = 5, .protocol = 6, .cookie = 1}), -EINVAL);
	cr_expect_eq(iov_sockets_add(s, &(struct iov_socket){.family = 4, .protocol = 1, .cookie = 1}), -EINVAL);
	cr_expect_eq(iov_sockets_add(s, &(struct iov_socket){.family = 4, .protocol = 6}), -EINVAL);
	cr_expect_eq(iov_sockets_add(s, &(struct iov_socket){.family = 4, .protocol = 6, .cookie = 1, .state = 13}),
		     -EINVAL);
	cr_expect_eq(iov_sockets_add(s, &(struct iov_socket){.family = 4, .protocol = 6, .cookie = 1,
							     .cgroup_level = 8}), -EINVAL);
	cr_expect_null(sockets_at(s, 1));
	cr_expect_null(sockets_at(NULL, 1));
	cr_expect_eq(iov_sockets_add(NULL, &(struct iov_socket){.family = 4, .protocol = 6, .cookie = 1}), -EINVAL);
	cr_expect_eq(iov_sockets_add(s, NULL), -EINVAL);
	iov_sockets_free(s);
	iov_sockets_free(NULL);
}

Test(sockets, the_packets_socket_answers)
{
	struct iov_sockets *s = two();
	struct iov_env env = {.image = &tc_image, .sockets = s};
	struct iov_ctx ctx = {.sock = sockets_at(s, 1)};

	cr_expect_eq(CALL(get_socket_cookie, P(&ctx)), 5);
	cr_expect_eq(CALL(get_socket_uid, P(&ctx)), 1000);
	cr_expect_eq(CALL(skb_cgroup_id, P(&ctx)), 300);
	cr_expect_eq(CALL(skb_ancestor_cgroup_id, P(&ctx), 1), 20);
	cr_expect_eq(CALL(skb_ancestor_cgroup_id, P(&ctx), 3), 0);
	cr_expect_eq(CALL(skb_ancestor_cgroup_id, P(&ctx), -1), 0);
	cr_expect_eq(CALL(sk_cgroup_id, P(ctx.sock)), 300);
	cr_expect_eq(CALL(skb_cgroup_classid, P(&ctx)), 7);
	cr_expect_eq(CALL(sk_fullsock, P(ctx.sock)), P(ctx.sock));
	cr_expect_eq(CALL(get_listener_sock, P(ctx.sock)), P(ctx.sock));
	cr_expect_eq(CALL(tcp_sock, P(ctx.sock)), 0, "the host gave no figures");
	cr_expect_eq(CALL(sk_assign, P(&ctx), P(sockets_at(s, 2)), 1), -EINVAL);
	cr_expect_eq(CALL(sk_assign, P(&ctx), P(sockets_at(s, 2)), 0), 0);
	cr_expect_eq(sockets_number(s, ctx.sock), 2);
	cr_expect_eq(CALL(get_socket_cookie, P(&ctx)), 6, "what is left of a connection has a name");
	cr_expect_eq(CALL(get_socket_uid, P(&ctx)), 65534, "and belongs to nobody");
	cr_expect_eq(CALL(sk_fullsock, P(ctx.sock)), 0);
	cr_expect_eq(CALL(skb_cgroup_id, P(&ctx)), 0);
	ctx.sock = NULL;
	cr_expect_eq(CALL(get_socket_cookie, P(&ctx)), 0);
	cr_expect_eq(CALL(get_socket_uid, P(&ctx)), 65534);
	cr_expect_eq(CALL(skb_cgroup_classid, P(&ctx)), 0);
	iov_sockets_free(s);
}

Test(sockets, a_listener_gives_cookies_for_two_minutes)
{
	struct iov_sockets *s = two();
	struct iov_env env = {.image = &tc_image, .sockets = s, .seed = 99, .now = now};
	struct tcphdr syn = {.doff = 5, .syn = 1, .seq = htonl(1234), .source = 5, .dest = 6}, ack = syn;
	uint64_t sk = P(sockets_at(s, 1)), other = P(sockets_at(s, 2));
	uint8_t ip[40] = {0x45};
	int64_t cookie;

	clock_ns = 1000 * 60000000000u + 59000000000u;
	cookie = CALL(tcp_gen_syncookie, sk, P(ip), 20, P(&syn), 20);
	cr_expect_eq(cookie >> 32, 536);
	ack.syn = 0;
	ack.ack = 1;
	ack.seq = htonl(1235);
	ack.ack_seq = htonl((uint32_t)cookie + 1);
	cr_expect_eq(CALL(tcp_check_syncookie, sk, P(ip), 20, P(&ack), 20), 0);
	clock_ns += 60000000000u;
	cr_expect_eq(CALL(tcp_check_syncookie, sk, P(ip), 20, P(&ack), 20), 0, "in the next minute, too");
	clock_ns += 60000000000u;
	cr_expect_eq(CALL(tcp_check_syncookie, sk, P(ip), 20, P(&ack), 20), -ENOENT);
	cr_expect_eq(CALL(tcp_check_syncookie, other, P(ip), 20, P(&ack), 20), -EINVAL, "it does not listen");
	cr_expect_eq(CALL(tcp_check_syncookie, sk, P(ip), 19, P(&ack), 20), -EINVAL);
	cr_expect_eq(CALL(tcp_check_syncookie, sk, P(ip), 20, P(&syn), 20), -ENOENT, "no acknowledgement");
	cr_expect_eq(CALL(tcp_gen_syncookie, sk, P(ip), 20, P(&ack), 20), -EINVAL, "no SYN");
	cr_expect_eq(CALL(tcp_gen_syncookie, sk, P(ip), 20, P(&syn), 24), -EINVAL);
	ip[0] = 0x60;
	cr_expect_eq(CALL(tcp_gen_syncookie, sk, P(ip), 40, P(&syn), 20) >> 32, 1220);
	cr_expect_eq(CALL(tcp_gen_syncookie, sk, P(ip), 20, P(&syn), 20), -EINVAL, "half an IPv6 header");
	ip[0] = 0x50;
	cr_expect_eq(CALL(tcp_gen_syncookie, sk, P(ip), 40, P(&syn), 20), -EPROTONOSUPPORT);
	iov_sockets_free(s);
}

static struct iov_map *storage(uint32_t type, uint32_t key_size, uint32_t entries, struct iov_map_def *def)
{
	struct iov_map *map = NULL;

	*def = (struct iov_map_def){.name = "storage", .type = type, .key_size = key_size, .value_size = 12,
				    .max_entries = entries, .flags = type == 24};
	cr_assert_eq(map_create(def, &(struct iov_map_options){.cpus = 2, .seed = 3}, NULL, NULL, &map), IOV_OK);
	return map;
}

Test(sockets, storage_is_of_one_group_and_attachment)
{
	struct iov_env env = {.image = &cgroup_image, .cgroup = 44};
	struct iov_map_def def;
	struct iov_map *map = storage(19, 16, 3, &def);
	struct { uint64_t group; uint32_t attach, pad; } key = {44, 1, 0};
	uint32_t value[3], *a, *b;

	a = helper_ptr((uint64_t)CALL(get_local_storage, P(map)));
	cr_expect_eq(a[0] | a[1] | a[2], 0);
	a[1] = 8;
	cr_expect_eq(map_read(map, &key, value), 0);
	cr_expect_eq(value[1], 8);
	env.cgroup = 45;
	b = helper_ptr((uint64_t)CALL(get_local_storage, P(map)));
	cr_expect_neq(a, b);
	for (env.cgroup = 46; env.cgroup < 200; env.cgroup++) {
		b = helper_ptr((uint64_t)CALL(get_local_storage, P(map)));
		cr_assert_not_null(b, "a full map gives what nothing else uses");
		b[0] = b[2] = 1;
	}
	env.cgroup = 44;
	cr_expect_eq(CALL(get_local_storage, P(map)), P(a));
	cr_expect_eq(map_erase(map, &key), 0);
	a = helper_ptr((uint64_t)CALL(get_local_storage, P(map)));
	cr_expect_eq(a[0] | a[1] | a[2], 0, "what was deleted begins anew");
	map_destroy(map);
}

Test(sockets, storage_of_sockets_goes_by_their_cookies)
{
	struct iov_sockets *s = two();
	struct iov_env env = {.image = &tc_image};
	struct iov_map_def def;
	struct iov_map *map = storage(24, 4, 0, &def);
	uint64_t sk = P(sockets_at(s, 1)), key = 0, cookie = 5;
	uint32_t first[3] = {1, 2, 3}, value[3] = {0};

	cr_expect_eq(CALL(sk_storage_get, P(map), sk, 0, 0), 0);
	cr_expect_eq(CALL(sk_storage_get, P(map), sk, 0, 2), 0, "a flag that is none");
	cr_expect_eq(CALL(sk_storage_get, P(map), P(sockets_at(s, 2)), 0, 1), 0, "no full socket");
	cr_expect_neq(CALL(sk_storage_get, P(map), sk, P(first), 1), 0);
	cr_expect_eq(map_next_key(map, NULL, &key), 0);
	cr_expect_eq(key, cookie);
	cr_expect_eq(map_read(map, &cookie, value), 0);
	cr_expect_arr_eq(value, first, sizeof(first));
	cr_expect_eq(CALL(sk_storage_delete, P(map), P(sockets_at(s, 2))), -EINVAL);
	cr_expect_eq(CALL(sk_storage_delete, P(map), sk), 0);
	cr_expect_eq(CALL(sk_storage_delete, P(map), sk), -ENOENT);
	map_destroy(map);
	iov_sockets_free(s);
}
