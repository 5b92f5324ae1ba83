/* SPDX-License-Identifier: Apache-2.0 */
/* bpf_fib_lookup beside the live kernel's: the same ports, routes and neighbours in a network namespace of our own and
 * in a struct iov_network, the same random queries through one program, and every answer and byte of parameters the
 * same. Prints one result line a program type and engine. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <iov/iov.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/bpf.h>

enum { QUERIES = 2000, SHOWN = 5 };

struct query {
	struct bpf_fib_lookup params;
	uint32_t flags;
	int32_t answer;
};

static uint64_t rng_state = 11;
static uint32_t rnd(uint32_t below)
{
	rng_state = rng_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(rng_state >> 33) % below;
}

static const char setup[] =
	"set -e; ip link add v0 address 02:00:00:00:01:01 type veth peer name v1;"
	"ip link add w0 address 02:00:00:00:02:01 mtu 1400 type veth peer name w1;"
	"for d in lo v0 v1 w0 w1; do ip link set $d up; done;"
	"echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding;"
	"echo 0 >/proc/sys/net/ipv4/conf/v1/forwarding;"
	"ip addr add 10.0.1.1/24 dev v0; ip addr add 10.0.2.1/24 dev w0;"
	"ip addr add fd00:1::1/64 dev v0 nodad; ip addr add fd00:2::1/64 dev w0 nodad;"
	"ip route add 10.1.0.0/16 via 10.0.1.2; ip route add 10.1.5.0/24 via 10.0.2.2 metric 7;"
	"ip route add blackhole 10.2.0.0/24; ip route add unreachable 10.2.1.0/24; ip route add prohibit 10.2.2.0/24;"
	"ip route add 10.3.0.0/16 via 10.0.1.2 mtu lock 1200; ip route add default via 10.0.2.3;"
	"ip route add table 100 10.1.0.0/16 via 10.0.2.2;"
	"ip -6 route add fd00:a::/32 via fd00:1::2 metric 7; ip -6 route add fd00:a:5::/48 via fd00:2::2 metric 9;"
	"ip -6 route add blackhole fd00:b::/48 metric 5; ip -6 route add prohibit fd00:b:2::/48 metric 5;"
	"ip -6 route add table 100 fd00:a::/32 via fd00:2::2 metric 3;"
	"ip neigh add 10.0.1.2 lladdr 02:00:00:00:01:02 dev v0; ip neigh add 10.0.2.2 lladdr 02:00:00:00:02:02 dev w0;"
	"ip -6 neigh add fd00:1::2 lladdr 02:00:00:00:01:02 dev v0;"
	"ip -6 neigh add fd00:2::2 lladdr 02:00:00:00:02:02 dev w0";

/* "PREFIX/BITS PORT GATEWAY SOURCE MTU METRIC TABLE KIND", `-` for none. Linux' local and main tables of IPv4 are one
 * while there are no rules of one's own. */
static const char *const routes[] = {
	"10.0.1.1/32 v0 - - 0 0 254 1", "10.0.2.1/32 w0 - - 0 0 254 1", "10.0.1.255/32 v0 - - 0 0 254 1",
	"10.0.2.255/32 w0 - - 0 0 254 1", "127.0.0.0/8 lo - - 0 0 254 1", "10.0.1.0/24 v0 - 10.0.1.1 0 0 254 0",
	"10.0.2.0/24 w0 - 10.0.2.1 0 0 254 0", "10.1.0.0/16 v0 10.0.1.2 10.0.1.1 0 0 254 0",
	"10.1.5.0/24 w0 10.0.2.2 10.0.2.1 0 7 254 0", "10.2.0.0/24 lo - - 0 0 254 2", "10.2.1.0/24 lo - - 0 0 254 3",
	"10.2.2.0/24 lo - - 0 0 254 4", "10.3.0.0/16 v0 10.0.1.2 10.0.1.1 1200 0 254 0",
	"0.0.0.0/0 w0 10.0.2.3 10.0.2.1 0 0 254 0", "10.1.0.0/16 w0 10.0.2.2 10.0.2.1 0 0 100 0",
	"fd00:1::1/128 v0 - - 0 0 255 1", "fd00:2::1/128 w0 - - 0 0 255 1", "fd00:1::/128 v0 - - 0 0 255 1",
	"fd00:2::/128 w0 - - 0 0 255 1", "::1/128 lo - - 0 0 255 1", "fd00:1::/64 v0 - fd00:1::1 0 256 254 0",
	"fd00:2::/64 w0 - fd00:2::1 0 256 254 0", "fd00:a::/32 v0 fd00:1::2 fd00:1::1 0 7 254 0",
	"fd00:a:5::/48 w0 fd00:2::2 fd00:2::1 0 9 254 0", "fd00:b::/48 lo - - 0 5 254 2",
	"fd00:b:2::/48 lo - - 0 5 254 4", "fd00:a::/32 w0 fd00:2::2 fd00:2::1 0 3 100 0",
};

static const char *const addresses4[] = {"10.0.1.1", "10.0.1.2", "10.0.1.7", "10.0.2.2", "10.1.2.3", "10.1.5.6",
					 "10.2.0.1", "10.2.1.1", "10.2.2.1", "10.3.1.1", "192.0.2.1", "10.0.2.255"};
static const char *const addresses6[] = {"fd00:1::1", "fd00:1::2", "fd00:2::2", "fd00:a::9", "fd00:a:5::9", "fd00:b::1",
					 "fd00:b:2::1", "fd00:c::1", "fe80::1", "ff02::1", "fd00:2::77", "::1"};

static uint8_t address(const char *text, uint8_t *to)
{
	memset(to, 0, 16);
	if (strchr(text, ':'))
		return inet_pton(AF_INET6, text, to) == 1 ? 6 : 0;
	return inet_pton(AF_INET, text, to) == 1 ? 4 : 0;
}

static bool add_route(struct iov_network *n, const char *text)
{
	char prefix[64], port[16], gateway[64], source[64];
	unsigned bits, mtu, metric, table, kind;
	struct iov_route r = {0};

	if (sscanf(text, "%63[^/]/%u %15s %63s %63s %u %u %u %u", prefix, &bits, port, gateway, source, &mtu, &metric,
		   &table, &kind) != 9)
		return false;
	r.family = address(prefix, r.prefix);
	r.bits = (uint8_t)bits;
	r.kind = (uint8_t)kind;
	r.gateway_family = *gateway == '-' ? 0 : address(gateway, r.gateway);
	if (*source != '-')
		address(source, r.source);
	r.table = table;
	r.ifindex = if_nametoindex(port);
	r.metric = metric;
	r.mtu = mtu;
	return !iov_network_route(n, &r);
}

static struct iov_network *network(void)
{
	static const struct { const char *name; uint32_t mtu; uint8_t third; bool forwards; } ports[] = {
		{"lo", 65536, 0, true}, {"v0", 1500, 1, true}, {"w0", 1400, 2, true}};
	static const char *const neighbours[] = {"10.0.1.2", "10.0.2.2", "fd00:1::2", "fd00:2::2"};
	struct iov_network *n = iov_network_new(8, 64, 8, NULL);
	bool ok = n;

	for (size_t i = 0; ok && i < 3; i++) {
		struct iov_port p = {.ifindex = if_nametoindex(ports[i].name), .mtu = ports[i].mtu,
				     .mac = {2, 0, 0, 0, ports[i].third, 1}, .forwards = ports[i].forwards};

		ok = !iov_network_port(n, &p);
	}
	for (size_t i = 0; ok && i < sizeof(routes) / sizeof(routes[0]); i++)
		ok = add_route(n, routes[i]);
	for (size_t i = 0; ok && i < 4; i++) {
		struct iov_neighbour at = {.ifindex = if_nametoindex(i % 2 ? "w0" : "v0"),
					   .mac = {2, 0, 0, 0, (uint8_t)(i % 2 + 1), 2}};

		at.family = address(neighbours[i], at.address);
		ok = !iov_network_neighbour(n, &at);
	}
	return ok ? n : NULL;
}

static struct query make_query(void)
{
	static const uint32_t flags[] = {0, 0, 1, 2, 3, 4, 16, 1 | 8, 1 | 8 | 4, 64, 2 | 4 | 16};
	struct query q = {.flags = flags[rnd(11)]};
	uint8_t to[16], from[16];
	bool ip6 = rnd(2);

	q.params.family = rnd(20) ? (ip6 ? AF_INET6 : AF_INET) : (uint8_t)rnd(30);
	q.params.ifindex = rnd(20) ? if_nametoindex(rnd(2) ? "v0" : "w0") : 12345;
	q.params.tot_len = rnd(3) ? 0 : (uint16_t)(1100 + rnd(600));
	address(ip6 ? addresses6[rnd(11)] : addresses4[rnd(12)], to);
	address(ip6 ? "fd00:1::5" : "10.0.1.5", from);
	memcpy(ip6 ? (void *)q.params.ipv6_dst : (void *)&q.params.ipv4_dst, to, ip6 ? 16 : 4);
	memcpy(ip6 ? (void *)q.params.ipv6_src : (void *)&q.params.ipv4_src, from, ip6 ? 16 : 4);
	if (q.flags & 8)
		q.params.tbid = rnd(3) ? 100 : 254;
	return q;
}

static bool ours(const char *object, const char *program, enum iov_engine_choice engine, struct iov_network *n,
		 struct query *queries)
{
	static uint8_t buffer[4096];
	struct iov_packet packet = {.buffer = buffer, .size = sizeof(buffer), .start = 256, .length = 60};
	struct iov_load_options options = {.engine = engine, .seed = 1};
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_module *m = NULL;
	struct iov_worker *w = NULL;
	uint32_t verdict;
	char text[2048];
	bool ok = !iov_module_open_file(object, NULL, sink, &m) && !iov_module_load(m, &options, sink);

	iov_sink_render(sink, IOV_TEXT, text, sizeof(text));
	if (!ok)
		printf("FAIL fib %s: %s\n", program, text);
	w = ok ? iov_worker_new(m, 0) : NULL;
	if (w)
		iov_worker_set_network(w, n);
	for (uint32_t i = 0; ok && i < QUERIES; i++)
		ok = !iov_map_update(iov_module_map(m, "queries"), &i, &queries[i], 0);
	ok = ok && w && !iov_run(iov_module_program(m, program), w, &packet, &verdict);
	for (uint32_t i = 0; ok && i < QUERIES; i++)
		ok = !iov_map_lookup(iov_module_map(m, "queries"), &i, &queries[i]);
	iov_worker_free(w);
	iov_module_close(m);
	iov_sink_free(sink);
	return ok;
}

static bool kernel(struct bpf_object *o, const char *program, struct query *queries)
{
	int map = bpf_map__fd(bpf_object__find_map_by_name(o, "queries"));
	uint8_t frame[60] = {0};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = sizeof(frame), .repeat = 1);

	for (uint32_t i = 0; i < QUERIES; i++)
		if (bpf_map_update_elem(map, &i, &queries[i], 0))
			return false;
	if (bpf_prog_test_run_opts(bpf_program__fd(bpf_object__find_program_by_name(o, program)), &opts))
		return false;
	for (uint32_t i = 0; i < QUERIES; i++)
		if (bpf_map_lookup_elem(map, &i, &queries[i]))
			return false;
	return true;
}

static void show(const char *who, const struct query *q)
{
	const uint8_t *at = (const uint8_t *)q;

	fprintf(stderr, "  %-7s", who);
	for (size_t i = 0; i < sizeof(*q); i++)
		fprintf(stderr, "%s%02x", i % 4 ? "" : " ", at[i]);
	fprintf(stderr, "\n");
}

static void compare(const char *object, struct bpf_object *o, const char *program, enum iov_engine_choice engine,
		    struct iov_network *n)
{
	static struct query asked[QUERIES], want[QUERIES], got[QUERIES];
	unsigned differ = 0, answers = 0;

	for (uint32_t i = 0; i < QUERIES; i++)
		want[i] = got[i] = asked[i] = make_query();
	if (!kernel(o, program, want) || !ours(object, program, engine, n, got)) {
		printf("FAIL fib %s: it does not run\n", program);
		return;
	}
	for (uint32_t i = 0; i < QUERIES; i++) {
		answers |= want[i].answer >= 0 && want[i].answer < 16 ? 1u << want[i].answer : 1u << 31;
		if (!memcmp(&want[i], &got[i], sizeof(got[i])) || differ++ >= SHOWN)
			continue;
		show("asked", &asked[i]);
		show("kernel", &want[i]);
		show("ours", &got[i]);
	}
	printf("%s fib %s %s: %u of %u differ, %d kinds of answers\n", differ ? "FAIL" : "PASS", program,
	       engine == IOV_ENGINE_INTERPRETER ? "interp" : "jit", differ, QUERIES, __builtin_popcount(answers));
}

int main(int argc, char **argv)
{
	struct bpf_object *o;
	struct iov_network *n;

	if (argc != 2)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (unshare(CLONE_NEWNET) || system(setup)) {
		printf("SKIP fib: needs root, network namespaces, veth and ip(8)\n");
		return 0;
	}
	o = bpf_object__open(argv[1]);
	n = network();
	if (!n || !o || bpf_object__load(o)) {
		printf("FAIL fib: the program or the network cannot be made\n");
		return 1;
	}
	for (int tc = 0; tc < 2; tc++) {
		compare(argv[1], o, tc ? "at_tc" : "at_xdp", IOV_ENGINE_INTERPRETER, n);
		compare(argv[1], o, tc ? "at_tc" : "at_xdp", IOV_ENGINE_AUTO, n);
	}
	iov_network_free(n);
	bpf_object__close(o);
	return 0;
}
