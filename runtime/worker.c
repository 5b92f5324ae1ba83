/* SPDX-License-Identifier: Apache-2.0 */
/* iov/iov.h: running a program on a packet. The context is made for each packet; nothing is allocated. */
#include "runtime/sockets.h"
#include "runtime/module.h"
#include "runtime/objects.h"
#include "runtime/maps/timers.h"
#include "runtime/packet.h"

#include <string.h>
#include <time.h>

enum { ETH_HEADER = PACKET_ETH_HEADER, MAX_META = 255 };

static uint64_t monotonic(void *ud)
{
	struct timespec t;

	(void)ud;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

struct iov_worker *iov_worker_new(const struct iov_module *module, uint32_t cpu)
{
	struct iov_worker *w;

	if (!module || !module->loaded || cpu >= module->cpus)
		return NULL;
	w = alloc_zeroed(module->alloc, 1, sizeof(*w));
	if (!w)
		return NULL;
	w->module = module;
	w->env.cpu = cpu;
	w->env.hosted = true;
	w->env.checked = &w->checked;
	w->env.now = monotonic;
	w->env.seed = module->seed;
	w->env.rng[0] = module->seed ^ 0x9e3779b97f4a7c15u;
	w->env.rng[1] = (module->seed + cpu) * 0xd6e8feb86659fd93u | 1;
	return w;
}

void iov_worker_free(struct iov_worker *w)
{
	if (w)
		alloc_free(w->module->alloc, w, sizeof(*w));
}

void iov_worker_set_clock(struct iov_worker *w, uint64_t (*now)(void *ud), void *ud)
{
	w->env.now = now ? now : monotonic;
	w->env.now_ud = ud;
}

void iov_worker_set_data(struct iov_worker *w, void *data) { w->env.data = data; }
void *iov_env_data(const struct iov_env *env) { return env->data; }
uint32_t iov_env_cpu(const struct iov_env *env) { return env->cpu; }

void *iov_env_packet(const struct iov_env *env, size_t *length)
{
	*length = packet_len(env->ctx);
	return env->ctx->data;
}

uint64_t iov_worker_run_timers(struct iov_worker *w)
{
	uint64_t now = w->env.now(w->env.now_ud), ran = 0;
	struct objects *heap = w->module->objects;

	if (heap)
		objects_enter(heap, w->env.cpu);
	for (uint32_t i = 0; i < w->module->map_count; i++)
		ran += timers_run(w->module->maps[i], &w->env, now);
	if (heap)
		objects_leave(heap, w->env.cpu);
	return ran;
}

void iov_worker_set_trace(struct iov_worker *w, void (*trace)(void *ud, const char *line), void *ud)
{
	w->env.trace = trace;
	w->env.trace_ud = ud;
}

void iov_worker_set_network(struct iov_worker *w, const struct iov_network *network) { w->env.network = network; }

void iov_worker_set_sockets(struct iov_worker *w, const struct iov_sockets *sockets) { w->env.sockets = sockets; }

void iov_worker_set_cgroup(struct iov_worker *w, uint64_t id) { w->env.cgroup = id; }

void iov_worker_set_send(struct iov_worker *w,
			 int (*send)(void *ud, uint32_t port, bool ingress, const void *bytes, size_t size), void *ud)
{
	w->env.send = send;
	w->env.send_ud = ud;
}

static bool lies_in_buffer(const struct iov_packet *p)
{
	return p->buffer && p->size <= IOV_PACKET_MOST && p->start >= IOV_HEADROOM_RESERVED && p->start <= p->size &&
	       p->length <= p->size - p->start &&
	       p->meta <= p->start - IOV_HEADROOM_RESERVED && p->meta <= MAX_META && !(p->meta & 3);
}

/* PACKET_BROADCAST, PACKET_MULTICAST by the destination address; all else is taken as ours, PACKET_HOST. */
static uint32_t packet_type_of(const struct iov_packet *p)
{
	static const uint8_t everyone[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	const uint8_t *to = p->buffer + p->start;

	if (p->length < ETH_HEADER || !(to[0] & 1))
		return 0;
	return memcmp(to, everyone, sizeof(everyone)) ? 2 : 1;
}

/* Types that get packets without their link header: as Linux calls them, from the network layer. */
static bool below_link(uint32_t type)
{
	enum { CGROUP_SKB = 8, LWT_IN = 10, LWT_OUT = 11, LWT_XMIT = 12, SEG6LOCAL = 19 };

	return type == CGROUP_SKB || (type >= LWT_IN && type <= LWT_XMIT) || type == SEG6LOCAL;
}

static void set_skb_fields(struct iov_skb_fields *skb, const struct iov_packet *p)
{
	*skb = (struct iov_skb_fields){
		.len = (uint32_t)p->length,
		.mark = p->mark,
		.priority = p->priority,
		.protocol = packet_protocol(p->buffer + p->start, p->length),
		.pkt_type = packet_type_of(p),
		.ifindex = p->ifindex ? p->ifindex : 1,
		.ingress_ifindex = p->ifindex ? p->ifindex : 1,
		.queue_mapping = p->rx_queue,
		.wire_len = (uint32_t)p->length,
		.vlan_present = p->vlan_proto != 0,
		.vlan_proto = p->vlan_proto,
		.vlan_tci = p->vlan_tci,
	};
}

/* A cgroup's programs see the addresses of the socket: as if it had sent the packet. */
static void set_socket(struct iov_ctx *ctx)
{
	enum { FAMILY_IP4 = 2, FAMILY_IP6 = 10 };
	uint64_t left = packet_len(ctx);

	if (ctx->skb.protocol == htons(PACKET_IP4) && left >= PACKET_IP4_HEADER) {
		ctx->skb.family = FAMILY_IP4;
		memcpy(&ctx->skb.local_ip4, ctx->net + 12, 4);
		memcpy(&ctx->skb.remote_ip4, ctx->net + 16, 4);
	} else if (ctx->skb.protocol == htons(PACKET_IP6) && left >= PACKET_IP6_HEADER) {
		ctx->skb.family = FAMILY_IP6;
		memcpy(ctx->skb.local_ip6, ctx->net + 8, 16);
		memcpy(ctx->skb.remote_ip6, ctx->net + 24, 16);
	}
}

static void set_skb(struct iov_ctx *ctx, const struct iov_packet *p, uint32_t type)
{
	set_skb_fields(&ctx->skb, p);
	packet_arrives(ctx);
	if (!below_link(type))
		return;
	ctx->data = ctx->data_meta = ctx->net;
	ctx->skb.len = (uint32_t)packet_len(ctx);
	set_socket(ctx);
}

static void set_context(struct iov_ctx *ctx, const struct iov_packet *p, const struct iov_sockets *sockets,
			uint32_t type)
{
	ctx->data = p->buffer + p->start;
	ctx->data_end = ctx->data + p->length;
	ctx->data_meta = ctx->data - p->meta;
	ctx->head = p->buffer + IOV_HEADROOM_RESERVED;
	ctx->tail_limit = p->buffer + p->size;
	ctx->sock = sockets_at(sockets, p->socket);
	if (type == IOV_XDP)
		ctx->xdp = (struct iov_xdp_fields){.ingress_ifindex = p->ifindex ? p->ifindex : 1,
						   .rx_queue_index = p->rx_queue};
	else
		set_skb(ctx, p, type);
}

static void packet_back(struct iov_packet *p, const struct iov_ctx *ctx)
{
	p->start = (size_t)(ctx->data - p->buffer);
	p->length = (size_t)(ctx->data_end - ctx->data);
	p->meta = (size_t)(ctx->data - ctx->data_meta);
}

/* What a socket buffer carries beside its bytes; and the link header, which stands before the packet again. The bytes
 * before the headroom's end are no program's, so that there is room for it. */
static void skb_back(struct iov_packet *p, const struct iov_ctx *ctx, const uint8_t *link, size_t link_size)
{
	p->start -= link_size;
	p->length += link_size;
	memcpy(p->buffer + p->start, link, link_size);
	p->mark = ctx->skb.mark;
	p->priority = ctx->skb.priority;
	p->vlan_proto = ctx->skb.vlan_present ? (uint16_t)ctx->skb.vlan_proto : 0;
	p->vlan_tci = ctx->skb.vlan_present ? (uint16_t)ctx->skb.vlan_tci : 0;
}

/* The packet lies in its buffer. */
static uint32_t run(const struct iov_program *program, struct iov_worker *w, struct iov_packet *p)
{
	struct iov_ctx *ctx = &w->ctx;
	struct objects *heap = program->image->objects;
	uint32_t type = program->prog->type, verdict;
	uint8_t link[ETH_HEADER];
	size_t link_size = 0;

	w->checked.failed = false;
	set_context(ctx, p, w->env.sockets, type);
	if (type != IOV_XDP && ctx->data == ctx->net) {
		link_size = (size_t)(ctx->net - ctx->mac);
		memcpy(link, ctx->mac, link_size);
	}
	if (heap)
		objects_enter(heap, w->env.cpu);
	verdict = (uint32_t)image_run(program->image, &w->env, ctx);
	if (heap)
		objects_leave(heap, w->env.cpu);
	packet_back(p, ctx);
	if (type != IOV_XDP) {
		skb_back(p, ctx, link, link_size);
		p->socket = sockets_number(w->env.sockets, ctx->sock);
	}
	p->redirect_port = (uint32_t)w->env.redirect_ifindex;
	p->redirect_map = w->env.redirect_map;
	p->redirect_key = w->env.redirect_key;
	p->redirect_flags = w->env.redirect_flags;
	return verdict;
}

enum iov_result iov_run_burst(const struct iov_program *program, struct iov_worker *w, struct iov_packet *packets,
			      size_t count, uint32_t *verdicts)
{
	enum { AHEAD = 4 }; /* packets whose first bytes are on their way to the cache */

	if (!program || !w || !module_has(w->module, program) || (count && (!packets || !verdicts)))
		return IOV_R_USAGE;
	for (size_t i = 0; i < count; i++)
		if (!lies_in_buffer(&packets[i]))
			return IOV_R_USAGE;
	for (size_t i = 0; i < count && i < AHEAD; i++)
		__builtin_prefetch(packets[i].buffer + packets[i].start);
	for (size_t i = 0; i < count; i++) {
		if (count - i > AHEAD)
			__builtin_prefetch(packets[i + AHEAD].buffer + packets[i + AHEAD].start);
		w->at = i;
		verdicts[i] = run(program, w, &packets[i]);
		if (w->checked.failed)
			return IOV_R_BUG;
	}
	return IOV_R_OK;
}

enum iov_result iov_run(const struct iov_program *program, struct iov_worker *w, struct iov_packet *p,
			uint32_t *verdict)
{
	return iov_run_burst(program, w, p, 1, verdict);
}

size_t iov_worker_at(const struct iov_worker *w) { return w->at; }

const char *iov_worker_violation(const struct iov_worker *w) { return w->checked.failed ? w->checked.text : NULL; }

const char *iov_verdict_name(const struct iov_program *program, uint32_t verdict)
{
	static const char *const xdp[] = {"XDP_ABORTED", "XDP_DROP", "XDP_PASS", "XDP_TX", "XDP_REDIRECT"};
	static const char *const tc[] = {"TC_ACT_OK",     "TC_ACT_RECLASSIFY", "TC_ACT_SHOT",
					 "TC_ACT_PIPE",   "TC_ACT_STOLEN",     "TC_ACT_QUEUED",
					 "TC_ACT_REPEAT", "TC_ACT_REDIRECT",   "TC_ACT_TRAP"};
	enum { SCHED_CLS = 3, SCHED_ACT = 4 };
	uint32_t type = program->prog->type;

	if (type == IOV_XDP)
		return verdict < sizeof(xdp) / sizeof(xdp[0]) ? xdp[verdict] : NULL;
	if (type != SCHED_CLS && type != SCHED_ACT)
		return NULL;
	if (verdict == UINT32_MAX)
		return "TC_ACT_UNSPEC";
	return verdict < sizeof(tc) / sizeof(tc[0]) ? tc[verdict] : NULL;
}
