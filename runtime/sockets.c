/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets in chains by their local port. Which one gets a packet is Linux' choice (net/ipv4: inet_lookup, udp_lookup):
 * the more of it a socket is bound to, the better it fits. */
#include "runtime/sockets.h"
#include "asm/base/alloc.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

enum { CHAINS = 1024, DEVICE = 1, REMOTE = 2, LOCAL = 4, CONNECTED = 8 };

struct iov_sockets {
	struct iov_alloc alloc;
	uint32_t count, room, chains[CHAINS];
	struct sockets_entry all[];
};

static size_t bytes(uint32_t room) { return sizeof(struct iov_sockets) + room * sizeof(struct sockets_entry); }

struct iov_sockets *iov_sockets_new(uint32_t sockets, const struct iov_allocator *allocator)
{
	const struct iov_alloc hook = allocator ? (struct iov_alloc){allocator->resize, allocator->ud} : *alloc_libc();
	struct iov_sockets *s = alloc_zeroed(&hook, 1, bytes(sockets));

	if (!s)
		return NULL;
	s->alloc = hook;
	s->room = sockets;
	return s;
}

void iov_sockets_free(struct iov_sockets *s)
{
	struct iov_alloc hook;

	if (!s)
		return;
	hook = s->alloc;
	alloc_free(&hook, s, bytes(s->room));
}

/* As programs see it: addresses and the remote port in network order, the local port in the machine's. */
static struct bpf_sock seen(const struct iov_socket *g)
{
	struct bpf_sock b = {.bound_dev_if = g->ifindex, .family = g->family == 4 ? AF_INET : AF_INET6,
			     .type = g->protocol == SOCKET_TCP ? SOCK_STREAM : SOCK_DGRAM, .protocol = g->protocol,
			     .mark = g->mark, .priority = g->priority, .src_port = g->local_port,
			     .dst_port = htons(g->remote_port), .state = g->state, .rx_queue_mapping = -1};

	memcpy(g->family == 4 ? (void *)&b.src_ip4 : (void *)b.src_ip6, g->local, g->family == 4 ? 4 : 16);
	memcpy(g->family == 4 ? (void *)&b.dst_ip4 : (void *)b.dst_ip6, g->remote, g->family == 4 ? 4 : 16);
	return b;
}

int iov_sockets_add(struct iov_sockets *s, const struct iov_socket *socket)
{
	struct sockets_entry *e;
	uint32_t *chain;

	if (!s || !socket || (socket->family != 4 && socket->family != 6) || !socket->cookie ||
	    socket->state > SOCKET_REQUEST || (socket->protocol != SOCKET_TCP && socket->protocol != SOCKET_UDP) ||
	    socket->cgroup_level >= sizeof(socket->cgroups) / sizeof(socket->cgroups[0]))
		return -EINVAL;
	if (s->count == s->room || s->count == INT32_MAX)
		return -ENOSPC;
	e = &s->all[s->count++];
	e->given = *socket;
	e->uapi = seen(socket);
	if (socket->tcp)
		e->tcp = *socket->tcp;
	chain = &s->chains[socket->local_port % CHAINS];
	e->next = *chain;
	*chain = s->count;
	return (int)s->count;
}

static bool any(const uint8_t *address)
{
	static const uint8_t zeros[16];

	return !memcmp(address, zeros, sizeof(zeros));
}

/* How well it fits, or -1. */
static int fits(const struct iov_socket *g, const struct sockets_flow *f)
{
	size_t size = f->family == 4 ? 4 : 16;
	bool connected = g->remote_port != 0;

	if (g->family != f->family || g->protocol != f->protocol || g->local_port != f->local_port ||
	    (g->ifindex && g->ifindex != f->ifindex) || (!any(g->local) && memcmp(g->local, f->local, size)))
		return -1;
	if (connected && (g->remote_port != f->remote_port || memcmp(g->remote, f->remote, size)))
		return -1;
	if (g->protocol == SOCKET_TCP && !connected && g->state != SOCKET_LISTEN)
		return -1;
	return (g->ifindex ? DEVICE : 0) | (connected ? REMOTE : 0) | (any(g->local) ? 0 : LOCAL) |
	       (connected && g->protocol == SOCKET_TCP ? CONNECTED : 0);
}

const struct sockets_entry *sockets_find(const struct iov_sockets *s, const struct sockets_flow *flow)
{
	const struct sockets_entry *best = NULL;
	int most = -1;

	for (uint32_t n = s ? s->chains[flow->local_port % CHAINS] : 0; n; n = s->all[n - 1].next) {
		int how = fits(&s->all[n - 1].given, flow);

		if (how >= most && how >= 0) /* of equals, the first that was added */
			best = &s->all[n - 1], most = how;
	}
	return best;
}

const struct sockets_entry *sockets_at(const struct iov_sockets *s, uint32_t number)
{
	return s && number && number <= s->count ? &s->all[number - 1] : NULL;
}

uint32_t sockets_number(const struct iov_sockets *s, const struct sockets_entry *e)
{
	return s && e >= s->all && e < s->all + s->count ? (uint32_t)(e - s->all) + 1 : 0;
}
