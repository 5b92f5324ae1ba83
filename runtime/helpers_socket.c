/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers about sockets, which are the host's (iov_worker_set_sockets): looking them up, what belongs to the packet's,
 * storage. Nothing here counts references: sockets live as long as runs do. */
#include "runtime/packet.h"
#include "runtime/sockets.h"

#define ARGS uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env
#define UNUSED2 IOV_UNUSED(r2, r3, r4, r5, env)

enum { OVERFLOW_UID = 65534, XDP_TYPE = 6, GET_CREATE = 1 };

static const struct sockets_entry *entry(uint64_t r) { return helper_ptr(r); }

/* --- Lookups. ---------------------------------------------------------------------------------------------------- */

static bool read_tuple(const struct bpf_sock_tuple *t, uint32_t size, struct sockets_flow *f)
{
	if (size == sizeof(t->ipv4)) {
		f->family = 4;
		memcpy(f->remote, &t->ipv4.saddr, 4);
		memcpy(f->local, &t->ipv4.daddr, 4);
		f->remote_port = ntohs(t->ipv4.sport);
		f->local_port = ntohs(t->ipv4.dport);
		return true;
	}
	f->family = 6;
	if (size != sizeof(t->ipv6))
		return false;
	memcpy(f->remote, t->ipv6.saddr, 16);
	memcpy(f->local, t->ipv6.daddr, 16);
	f->remote_port = ntohs(t->ipv6.sport);
	f->local_port = ntohs(t->ipv6.dport);
	return true;
}

/* There is one network namespace: the current one. */
static const struct sockets_entry *look_up(const struct iov_env *env, uint64_t c, uint64_t tuple, uint64_t size,
					   uint64_t netns, uint64_t flags, uint8_t protocol)
{
	const struct iov_ctx *ctx = packet_ctx(c);
	struct sockets_flow f = {.protocol = protocol};

	if (!read_tuple(helper_ptr(tuple), (uint32_t)size, &f) || flags || (int32_t)netns >= 0)
		return NULL;
	f.ifindex = env->image->prog->type == XDP_TYPE ? ctx->xdp.ingress_ifindex : ctx->skb.ifindex;
	return sockets_find(env->sockets, &f);
}

static uint64_t full(const struct sockets_entry *e) { return e && socket_is_full(e) ? (uintptr_t)e : 0; }

uint64_t helper_skc_lookup_tcp(ARGS) { return (uintptr_t)look_up(env, r1, r2, r3, r4, r5, SOCKET_TCP); }
uint64_t helper_sk_lookup_tcp(ARGS) { return full(look_up(env, r1, r2, r3, r4, r5, SOCKET_TCP)); }
uint64_t helper_sk_lookup_udp(ARGS) { return full(look_up(env, r1, r2, r3, r4, r5, SOCKET_UDP)); }

uint64_t helper_sk_release(ARGS)
{
	IOV_UNUSED(r1, r2, r3, r4, r5);
	(void)env;
	return 0;
}

uint64_t helper_sk_fullsock(ARGS)
{
	UNUSED2;
	return full(entry(r1));
}

uint64_t helper_tcp_sock(ARGS)
{
	const struct sockets_entry *e = entry(r1);

	UNUSED2;
	return socket_is_full(e) && e->uapi.protocol == SOCKET_TCP && e->given.tcp ? (uintptr_t)&e->tcp : 0;
}

uint64_t helper_get_listener_sock(ARGS)
{
	UNUSED2;
	return entry(r1)->uapi.state == SOCKET_LISTEN && entry(r1)->uapi.protocol == SOCKET_TCP ? r1 : 0;
}

uint64_t helper_sk_assign(ARGS)
{
	(void)r4, (void)r5, (void)env;
	if (!r2 || r3)
		return helper_err(-EINVAL);
	packet_ctx(r1)->sock = helper_ptr(r2);
	return 0;
}

/* --- What belongs to a socket: the packet's, or one that was found. ---------------------------------------------- */

static const struct sockets_entry *of_packet(uint64_t ctx)
{
	const struct sockets_entry *e = packet_ctx(ctx)->sock;

	return e && socket_is_full(e) ? e : NULL;
}

static uint64_t cgroup(const struct sockets_entry *e, int32_t level)
{
	return e && socket_is_full(e) && level >= 0 && level <= e->given.cgroup_level ? e->given.cgroups[level] : 0;
}

static uint64_t own_cgroup(const struct sockets_entry *e) { return e ? cgroup(e, e->given.cgroup_level) : 0; }

uint64_t helper_skb_cgroup_id(ARGS)
{
	UNUSED2;
	return own_cgroup(of_packet(r1));
}

uint64_t helper_sk_cgroup_id(ARGS)
{
	UNUSED2;
	return own_cgroup(entry(r1));
}

uint64_t helper_skb_ancestor_cgroup_id(ARGS)
{
	IOV_UNUSED(r3, r4, r5, env);
	return cgroup(of_packet(r1), (int32_t)r2);
}

uint64_t helper_sk_ancestor_cgroup_id(ARGS)
{
	IOV_UNUSED(r3, r4, r5, env);
	return cgroup(entry(r1), (int32_t)r2);
}

uint64_t helper_skb_under_cgroup(ARGS)
{
	const struct sockets_entry *e = of_packet(r1);
	const struct iov_map *map = helper_ptr(r2);
	uint32_t index = (uint32_t)r3;
	bool under = false;
	uint64_t group;

	IOV_UNUSED(r4, r5, env);
	if (!e || index >= map->head.max_entries)
		return helper_err(e ? -E2BIG : -ENOENT);
	group = table_group(map, index);
	for (int32_t level = 0; level <= e->given.cgroup_level; level++)
		under |= e->given.cgroups[level] == group;
	return group ? under : helper_err(-EAGAIN);
}

uint64_t helper_skb_cgroup_classid(ARGS)
{
	UNUSED2;
	return of_packet(r1) ? of_packet(r1)->given.classid : 0;
}

uint64_t helper_get_cgroup_classid(ARGS) { return helper_skb_cgroup_classid(r1, r2, r3, r4, r5, env); }

uint64_t helper_get_socket_cookie(ARGS)
{
	const struct sockets_entry *e = packet_ctx(r1)->sock;

	UNUSED2;
	return e ? e->given.cookie : 0;
}

uint64_t helper_get_socket_uid(ARGS)
{
	UNUSED2;
	return of_packet(r1) ? of_packet(r1)->given.uid : OVERFLOW_UID;
}

/* --- Storage: a map's values for sockets, by their cookie, and for control groups. -------------------------------- */

static void *stored(struct iov_map *map, const void *key, const void *first, bool create, uint32_t cpu)
{
	void *value = map->ops->lookup(map, key, cpu);

	if (value || !create)
		return value;
	/* Another thread may make it at the same time: the one that came first counts. */
	(void)map->ops->update(map, key, first, IOV_NOEXIST, cpu);
	return map->ops->lookup(map, key, cpu);
}

uint64_t helper_sk_storage_get(uint64_t map, uint64_t sk, uint64_t value, uint64_t flags, uint64_t r5,
			       struct iov_env *env)
{
	(void)r5;
	if (!sk || !socket_is_full(entry(sk)) || flags > GET_CREATE)
		return 0;
	return (uintptr_t)stored(helper_ptr(map), &entry(sk)->given.cookie, helper_ptr(value), flags, env->cpu);
}

uint64_t helper_sk_storage_delete(uint64_t map, uint64_t sk, uint64_t r3, uint64_t r4, uint64_t r5,
				  struct iov_env *env)
{
	struct iov_map *m = helper_ptr(map);

	IOV_UNUSED(r3, r4, r5, env);
	if (!sk || !socket_is_full(entry(sk)))
		return helper_err(-EINVAL);
	return helper_err(m->ops->erase(m, &entry(sk)->given.cookie));
}

/* Of the control group that the host says the program is attached to. Where the map is full, what nothing else uses:
 * the verifier takes it for granted that there is a value. */
uint64_t helper_get_local_storage(uint64_t map, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5,
				  struct iov_env *env)
{
	struct iov_map *m = helper_ptr(map);
	uint64_t key[2] = {env->cgroup, 0};
	void *value;

	IOV_UNUSED(r2, r3, r4, r5);
	if (m->key_size > sizeof(key[0]))
		memcpy(&key[1], &env->image->prog->attach_type, sizeof(uint32_t));
	value = stored(m, key, NULL, true, env->cpu);
	return (uintptr_t)(value ? value : storage_spare(m, env->cpu));
}
