/* SPDX-License-Identifier: Apache-2.0 */
/* What a program hands to a helper may lie in a map, where another thread's program changes it while the helper reads:
 * what was checked is what is used. The memory ends at a page that nobody may touch. */
#include "runtime/guard.h"
#include "runtime/maps/map.h"
#include "runtime/packet.h"
#include "runtime/sockets.h"

#include <iov/iov.h>

#include <criterion/criterion.h>
#include <linux/bpf.h>
#include <linux/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { CALLS = 1000000, PORT = 1 };

struct flip {
	volatile uint8_t *at;
	uint8_t with;
	int stop;
};

/* Programs order nothing here, so that ThreadSanitizer is not to look. */
__attribute__((no_sanitize_thread)) static void *flip(void *ud)
{
	struct flip *f = ud;

	while (!__atomic_load_n(&f->stop, __ATOMIC_RELAXED))
		*f->at = (uint8_t)(*f->at ^ f->with);
	return NULL;
}

static void hammer(uint64_t (*call)(void *memory, struct iov_env *env), void *memory, uint8_t *at, uint8_t with,
		   struct iov_env *env)
{
	struct flip f = {.at = at, .with = with};
	pthread_t thread;

	cr_assert_eq(pthread_create(&thread, NULL, flip, &f), 0);
	for (int i = 0; i < CALLS; i++)
		(void)call(memory, env);
	__atomic_store_n(&f.stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
}

/* First in each test: what it has made already would be lost. */
static void needs_threads(void)
{
	const char *preloaded = getenv("LD_PRELOAD");

	if (preloaded && strstr(preloaded, "vgpreload"))
		cr_skip_test("valgrind runs one thread at a time");
}

/* `size` bytes right before the page. */
static uint8_t *at_the_end(size_t size)
{
	uint8_t *memory = alloc_resize(guard_alloc(), NULL, 0, 4096);

	cr_assert(memory);
	memset(memory, 0, 4096);
	return memory + 4096 - size;
}

static void give_back(uint8_t *memory, size_t size) { alloc_free(guard_alloc(), memory + size - 4096, 4096); }

static uint64_t now(void *ud)
{
	(void)ud;
	return 0;
}

static uint64_t look_up(void *memory, struct iov_env *env)
{
	struct bpf_fib_lookup *p = memory;

	p->ifindex = PORT;
	p->tot_len = 0;
	return helper_fib_lookup((uintptr_t)env->ctx, (uintptr_t)p, sizeof(*p), 0, 0, env);
}

Test(races, the_port_of_a_route_lookup)
{
	const struct iov_route route = {.family = 4, .ifindex = PORT};
	const struct iov_neighbour near = {.family = 4, .ifindex = PORT};
	struct iov_network *network;
	struct iov_prog prog = {.type = 3};
	struct iov_image image = {.prog = &prog};
	uint8_t packet[64] = {0};
	struct iov_ctx ctx = {.data = packet, .data_end = packet + 60};
	struct iov_env env = {.image = &image, .ctx = &ctx};
	struct bpf_fib_lookup *p;

	needs_threads();
	env.network = network = iov_network_new(1, 1, 1, NULL);
	p = (struct bpf_fib_lookup *)(void *)at_the_end(sizeof(*p));
	cr_assert_eq(iov_network_port(network, &(struct iov_port){.ifindex = PORT, .mtu = 1500, .forwards = true}), 0);
	cr_assert_eq(iov_network_route(network, &route), 0);
	cr_assert_eq(iov_network_neighbour(network, &near), 0);
	p->family = AF_INET;
	cr_expect_eq(look_up(p, &env), BPF_FIB_LKUP_RET_SUCCESS);
	cr_expect_eq(p->mtu_result, 1500);
	hammer(look_up, p, (uint8_t *)&p->ifindex, 0x40, &env);
	give_back((uint8_t *)p, sizeof(*p));
	iov_network_free(network);
}

static uint64_t make_cookie(void *memory, struct iov_env *env)
{
	static uint8_t ip[20];

	return helper_tcp_raw_gen_syncookie_ipv4((uintptr_t)ip, (uintptr_t)memory, sizeof(struct tcphdr), 0, 0, env);
}

Test(races, the_length_of_a_segment)
{
	struct iov_env env = {.seed = 1, .now = now};
	struct tcphdr *tcp;

	needs_threads();
	tcp = (struct tcphdr *)(void *)at_the_end(sizeof(*tcp));
	tcp->doff = sizeof(*tcp) / 4;
	cr_expect_gt((int64_t)make_cookie(tcp, &env), 0);
	hammer(make_cookie, tcp, (uint8_t *)tcp + 12, 0xa0, &env);
	give_back((uint8_t *)tcp, sizeof(*tcp));
}

static uint64_t print(void *memory, struct iov_env *env)
{
	return helper_trace_printk((uintptr_t)memory, 4, 0, 0, 0, env);
}

Test(races, the_end_of_a_format)
{
	struct iov_env env = {0};
	uint8_t *format;

	needs_threads();
	format = at_the_end(4);
	memcpy(format, "end", 4);
	cr_expect_eq(print(format, &env), 3);
	hammer(print, format, format + 3, 'x', &env);
	give_back(format, 4);
}

static struct iov_map *trie;

static uint64_t put(void *memory, struct iov_env *env)
{
	static const uint64_t value = 1;

	(void)env;
	(void)trie->ops->update(trie, memory, &value, 0, 0);
	(void)trie->ops->lookup(trie, memory, 0);
	return (uint64_t)trie->ops->erase(trie, memory);
}

Test(races, the_length_of_a_prefix)
{
	static const struct iov_map_def def = {.name = "m", .type = 11, .key_size = 8, .value_size = 8,
					       .max_entries = 8, .flags = IOV_F_NO_PREALLOC};
	uint8_t *key, other[8] = {32, 0, 0, 0, 10, 0, 0, 3};
	struct iov_env env = {0};
	uint64_t value = 2;

	needs_threads();
	key = at_the_end(8);
	cr_assert_eq(map_create(&def, &(struct iov_map_options){.cpus = 1}, guard_alloc(), NULL, &trie), IOV_OK);
	cr_assert_eq(map_write(trie, other, &value, 0), 0);
	memcpy(key, other, 8);
	key[7] = 2;
	hammer(put, key, key + 1, 0xff, &env);
	key[1] = 0;
	cr_expect_eq(map_read(trie, other, &value), 0);
	cr_expect_eq(value, 2);
	map_destroy(trie);
	give_back(key, 8);
}
