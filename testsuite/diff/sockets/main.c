/* SPDX-License-Identifier: Apache-2.0 */
/* bpf_sk_lookup_tcp() and its kin, and socket storage, beside the live kernel's: the same sockets in a network
 * namespace of our own and in a struct iov_sockets, the same random queries through one program, and every answer the
 * same. Prints one result line a program and engine. */
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
#include "query.h"
#include "groups.h"

enum { SHOWN = 5, ESTABLISHED = 1, CLOSED = 7, LISTENING = 10 };

static uint64_t rng_state = 3;
static uint32_t rnd(uint32_t below)
{
	rng_state = rng_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(rng_state >> 33) % below;
}

/* Protocol, local address and port, remote ones (port 0: it listens, or is not connected), device. */
static const struct plan {
	uint8_t protocol;
	const char *local;
	uint16_t port;
	const char *remote;
	uint16_t remote_port;
	const char *device;
} plans[] = {
	{6, "127.0.0.1", 1000, "0.0.0.0", 0, ""},    {6, "0.0.0.0", 1001, "0.0.0.0", 0, ""},
	{6, "127.0.0.2", 1001, "0.0.0.0", 0, ""},    {6, "127.0.0.1", 2000, "127.0.0.1", 1000, ""},
	{6, "0.0.0.0", 1004, "0.0.0.0", 0, "lo"},    {6, "0.0.0.0", 1005, "0.0.0.0", 0, "other"},
	{6, "::1", 1000, "::", 0, ""},               {6, "::", 1001, "::", 0, ""},
	{17, "127.0.0.1", 1000, "0.0.0.0", 0, ""},   {17, "0.0.0.0", 1001, "0.0.0.0", 0, ""},
	{17, "127.0.0.1", 1002, "127.0.0.1", 9, ""}, {17, "127.0.0.2", 1001, "0.0.0.0", 0, ""},
	{17, "0.0.0.0", 1004, "0.0.0.0", 0, "lo"},   {17, "0.0.0.0", 1004, "0.0.0.0", 0, ""},
	{17, "::1", 1000, "::", 0, ""},              {17, "::", 1003, "::", 0, ""},
	{17, "::1", 1003, "::1", 9, ""},
};

static const char *const addresses4[] = {"127.0.0.1", "127.0.0.2", "127.0.0.3", "10.0.0.1"};
static const char *const addresses6[] = {"::1", "fd00::1"};
static const uint16_t ports[] = {9, 1000, 1001, 1002, 1003, 1004, 1005, 2000, 2001};

static int family_of(const char *address) { return strchr(address, ':') ? AF_INET6 : AF_INET; }

static socklen_t name(const char *address, uint16_t port, struct sockaddr_storage *to)
{
	struct sockaddr_in *in = (void *)to;
	struct sockaddr_in6 *in6 = (void *)to;

	memset(to, 0, sizeof(*to));
	to->ss_family = (sa_family_t)family_of(address);
	if (to->ss_family == AF_INET) {
		in->sin_port = htons(port);
		inet_pton(AF_INET, address, &in->sin_addr);
		return sizeof(*in);
	}
	in6->sin6_port = htons(port);
	inet_pton(AF_INET6, address, &in6->sin6_addr);
	return sizeof(*in6);
}

/* The kernel's socket; it lives as long as this process. Of UDP sockets that share a port by SO_REUSEPORT Linux takes
 * any, of those by SO_REUSEADDR the one that fits best. */
static bool make(const struct plan *p)
{
	struct sockaddr_storage local, remote;
	socklen_t size = name(p->local, p->port, &local);
	int one = 1, fd = socket(family_of(p->local), p->protocol == 6 ? SOCK_STREAM : SOCK_DGRAM, 0);

	name(p->remote, p->remote_port, &remote);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    (p->protocol == 6 && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one))) ||
	    (local.ss_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one))) ||
	    (*p->device && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, p->device, (socklen_t)strlen(p->device))) ||
	    bind(fd, (void *)&local, size))
		return false;
	if (p->remote_port)
		return !connect(fd, (void *)&remote, size);
	return p->protocol == 17 || !listen(fd, 4);
}

static struct iov_socket described(const struct plan *p, uint64_t cookie)
{
	struct iov_socket s = {.family = family_of(p->local) == AF_INET ? 4 : 6, .protocol = p->protocol,
			       .local_port = p->port, .remote_port = p->remote_port, .cookie = cookie,
			       .ifindex = *p->device ? if_nametoindex(p->device) : 0,
			       .state = p->remote_port ? ESTABLISHED : p->protocol == 6 ? LISTENING : CLOSED};
	static const struct bpf_tcp_sock tcp;

	inet_pton(family_of(p->local), p->local, s.local);
	inet_pton(family_of(p->remote), p->remote, s.remote);
	s.tcp = &tcp;
	return s;
}

static struct iov_sockets *sockets(void)
{
	/* What the kernel makes of the connection at its other end. */
	static const struct plan accepted = {6, "127.0.0.1", 1000, "127.0.0.1", 2000, ""};
	struct iov_sockets *all = iov_sockets_new(32, NULL);
	struct iov_socket s = described(&accepted, 99);
	bool ok = all && iov_sockets_add(all, &s) > 0;

	for (size_t i = 0; ok && i < sizeof(plans) / sizeof(plans[0]); i++) {
		ok = make(&plans[i]);
		s = described(&plans[i], i + 1);
		ok = ok && iov_sockets_add(all, &s) > 0;
	}
	return ok ? all : NULL;
}

static struct query make_query(void)
{
	struct query q = {.netns = rnd(12) ? -1 : (int64_t)rnd(3) - 1, .flags = rnd(30) == 0};
	uint16_t from = htons(ports[rnd(9)]), to = htons(ports[rnd(9)]);
	bool ip6 = rnd(3) == 0;

	q.size = rnd(30) == 0 ? 8 : ip6 ? sizeof(q.tuple.ipv6) : sizeof(q.tuple.ipv4);
	if (ip6) {
		inet_pton(AF_INET6, addresses6[rnd(2)], q.tuple.ipv6.saddr);
		inet_pton(AF_INET6, addresses6[rnd(2)], q.tuple.ipv6.daddr);
		q.tuple.ipv6.sport = from;
		q.tuple.ipv6.dport = to;
	} else {
		inet_pton(AF_INET, addresses4[rnd(4)], &q.tuple.ipv4.saddr);
		inet_pton(AF_INET, addresses4[rnd(4)], &q.tuple.ipv4.daddr);
		q.tuple.ipv4.sport = from;
		q.tuple.ipv4.dport = to;
	}
	return q;
}

static bool ours(const char *object, const char *program, enum iov_engine_choice engine, struct iov_sockets *all,
		 struct query *queries)
{
	static uint8_t buffer[4096];
	struct iov_packet packet = {.buffer = buffer, .size = sizeof(buffer), .start = 256, .length = 60};
	struct iov_load_options options = {.engine = engine, .seed = 1, .program = program};
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_module *m = NULL;
	struct iov_worker *w = NULL;
	uint32_t verdict;
	char text[2048];
	bool ok = !iov_module_open_file(object, NULL, sink, &m) && !iov_module_load(m, &options, sink);

	iov_sink_render(sink, IOV_TEXT, text, sizeof(text));
	if (!ok)
		printf("FAIL sockets %s: %s\n", program, text);
	w = ok ? iov_worker_new(m, 0) : NULL;
	if (w)
		iov_worker_set_sockets(w, all);
	for (uint32_t i = 0; ok && i < QUERIES; i++)
		ok = !iov_map_update(iov_module_map(m, "queries"), &i, &queries[i], 0);
	for (uint32_t i = 0; ok && i < QUERIES; i++)
		ok = w && !iov_run(iov_module_program(m, program), w, &packet, &verdict);
	for (uint32_t i = 0; ok && i < QUERIES; i++)
		ok = !iov_map_lookup(iov_module_map(m, "queries"), &i, &queries[i]);
	iov_worker_free(w);
	iov_module_close(m);
	iov_sink_free(sink);
	return ok;
}

static bool kernel(const char *object, const char *program, struct query *queries)
{
	struct bpf_object *o = bpf_object__open(object);
	uint8_t frame[60] = {0};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = sizeof(frame), .repeat = QUERIES);
	bool ok = o && !bpf_object__load(o);
	int map = ok ? bpf_map__fd(bpf_object__find_map_by_name(o, "queries")) : -1;

	for (uint32_t i = 0; ok && i < QUERIES; i++)
		ok = !bpf_map_update_elem(map, &i, &queries[i], 0);
	ok = ok && !bpf_prog_test_run_opts(bpf_program__fd(bpf_object__find_program_by_name(o, program)), &opts);
	for (uint32_t i = 0; ok && i < QUERIES; i++)
		ok = !bpf_map_lookup_elem(map, &i, &queries[i]);
	bpf_object__close(o);
	return ok;
}

static void show(const char *who, const struct query *q)
{
	fprintf(stderr, "  %-7s netns %lld flags %llu: found %u family %u type %u protocol %u state %u dev %u ", who,
		(long long)q->netns, (unsigned long long)q->flags, q->found, q->family, q->type, q->protocol, q->state,
		q->bound_dev_if);
	fprintf(stderr, "%08x:%u-%08x:%04x full %u tcp %u listener %u released %u seen %llu\n", ntohl(q->src_ip4),
		q->src_port, ntohl(q->dst_ip4), q->dst_port, q->full, q->tcp, q->listener, q->released,
		(unsigned long long)q->seen);
}

/* Addresses of the family that it has not are no one's to say. */
static void mask(struct query *q)
{
	if (q->family == AF_INET)
		memset(q->src_ip6, 0, sizeof(q->src_ip6));
	else
		q->src_ip4 = q->dst_ip4 = 0;
}

static void compare(const char *object, const char *program, enum iov_engine_choice engine, struct iov_sockets *all)
{
	static struct query want[QUERIES], got[QUERIES];
	unsigned differ = 0, found = 0;

	for (uint32_t i = 0; i < QUERIES; i++)
		want[i] = got[i] = make_query();
	if (!kernel(object, program, want) || !ours(object, program, engine, all, got)) {
		printf("FAIL sockets %s: it does not run\n", program);
		return;
	}
	for (uint32_t i = 0; i < QUERIES; i++) {
		found += want[i].found;
		mask(&want[i]);
		mask(&got[i]);
		if (!memcmp(&want[i], &got[i], sizeof(got[i])) || differ++ >= SHOWN)
			continue;
		show("kernel", &want[i]);
		show("ours", &got[i]);
	}
	printf("%s sockets %s %s: %u of %u differ, %u find a socket\n", differ || found < 300 ? "FAIL" : "PASS",
	       program,
	       engine == IOV_ENGINE_INTERPRETER ? "interp" : engine == IOV_ENGINE_AUTO ? "jit" : "checked", differ,
	       QUERIES, found);
}

int main(int argc, char **argv)
{
	static const char *const programs[] = {"xdp_tcp", "xdp_skc", "xdp_udp", "tc_tcp", "tc_skc", "tc_udp"};
	struct iov_sockets *all;

	if (argc != 2)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (unshare(CLONE_NEWNET) || system("ip link set lo up && ip link add other type veth peer name another && "
					    "ip link set other up")) {
		printf("SKIP sockets: needs root, network namespaces and ip(8)\n");
		return 0;
	}
	all = sockets();
	if (!all) {
		printf("FAIL sockets: the sockets cannot be made\n");
		return 1;
	}
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		compare(argv[1], programs[i], IOV_ENGINE_INTERPRETER, all);
		compare(argv[1], programs[i], IOV_ENGINE_AUTO, all);
		compare(argv[1], programs[i], IOV_ENGINE_CHECKING, all);
	}
	iov_sockets_free(all);
	return !groups(argv[1]);
}
