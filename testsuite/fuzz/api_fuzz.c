/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of iov.h in any order: the input is a list of calls with their arguments, on modules (whole, cut off,
 * changed), maps of every type, packets (none, tiny, huge, beyond their buffers), timers, rings, networks and sockets.
 * What a call is given has exactly the size that the header asks for, so that the sanitizer sees a byte too many; what
 * it may answer is checked. Only what the header forbids is not done: nothing is used after it was freed. */
#include <iov/iov.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MODULES = 2, WORKERS = 2, HEADROOM = 256, MOST_CPUS = 4, MOST_BATCH = 12, BURST = 5, PACKET_MOST = 1 << 20 };

struct module {
	struct iov_module *m;
	struct iov_worker *workers[WORKERS];
	bool loaded;
};

struct play {
	const uint8_t *at, *end;
	struct module modules[MODULES];
	struct iov_sink *sink;
	struct iov_network *network;
	struct iov_sockets *sockets;
	uint64_t time;
};

static uint8_t *object;
static size_t object_size;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *path = getenv("IOV_FUZZ_OBJECT");
	FILE *in = path ? fopen(path, "rb") : NULL;

	(void)argc, (void)argv;
	object = malloc(1 << 20);
	if (!in || !object)
		abort();
	object_size = fread(object, 1, 1 << 20, in);
	fclose(in);
	return 0;
}

static uint8_t byte(struct play *p) { return p->at < p->end ? *p->at++ : 0; }
static uint32_t word(struct play *p)
{
	uint32_t low = byte(p);

	return low | (uint32_t)byte(p) << 8;
}

/* Small numbers, and those at the edges. */
static uint64_t number(struct play *p)
{
	static const uint64_t edges[] = {1ull << 31, (1ull << 31) - 1, UINT32_MAX, 1ull << 32, INT64_MAX, UINT64_MAX};
	uint32_t n = byte(p);

	return n < 224 ? n % 32 : n < 250 ? 1ull << (n - 224) : edges[n - 250];
}

/* Bytes of the size that a call wants, to be freed; some keys are met again. */
static uint8_t *bytes(struct play *p, size_t size)
{
	uint8_t *out = calloc(1, size ? size : 1);

	if (!out)
		abort();
	for (size_t i = 0; i < size && i < 4; i++)
		out[i] = i ? 0 : byte(p) % 9;
	if (size > 4 && byte(p) % 4 == 0)
		for (size_t i = 0; i < size; i++)
			out[i] = byte(p);
	return out;
}

static void must(bool so)
{
	if (!so)
		abort();
}

static void free_workers(struct module *m)
{
	for (int i = 0; i < WORKERS; i++) {
		iov_worker_free(m->workers[i]);
		m->workers[i] = NULL;
	}
}

/* Programs and maps that were put into another module's maps would stay there: both go together. */
static void close_all(struct play *p)
{
	for (int i = 0; i < MODULES; i++)
		free_workers(&p->modules[i]);
	for (int i = 0; i < MODULES; i++) {
		iov_module_close(p->modules[i].m);
		p->modules[i] = (struct module){0};
	}
}

static void open_module(struct play *p, struct module *m)
{
	uint8_t how = byte(p), *copy;
	size_t size = how % 8 ? object_size : object_size * byte(p) / 255;
	enum iov_result result;

	if (m->m)
		return;
	copy = malloc(size ? size : 1);
	must(copy);
	memcpy(copy, object, size);
	for (unsigned i = 0; size && how % 8 == 7 && i < 1u + how / 64; i++)
		copy[(word(p) * 7919u + word(p)) % size] = byte(p);
	result = iov_module_open(copy, size, "api.o", NULL, p->sink, &m->m);
	must((result == IOV_R_OK) == (m->m != NULL));
	free(copy);
}

static void prepare_module(struct play *p, struct module *m)
{
	static const char *const names[] = {
		"total", "small", "limit", "ring", "hash", "lru", "no", "", "outer", "array",
	};
	static const char *const values[] = {"1", "-1", "0x10000", "99999999999999999999", "", "'x'", "true", "0"};
	const char *name = names[byte(p) % 10];
	uint8_t *given;
	size_t size;

	switch (byte(p) % 4) {
	case 0:
		iov_module_set(m->m, name, values[byte(p) % 8], p->sink);
		break;
	case 1:
		size = byte(p) % 10;
		given = bytes(p, size);
		iov_module_set_bytes(m->m, name, given, size, p->sink);
		free(given);
		break;
	case 2:
		iov_module_set_entries(m->m, name, (uint32_t)number(p), p->sink);
		break;
	default:
		iov_module_set_entries(m->m, name, byte(p) % 20, p->sink);
		break;
	}
}

static void load_module(struct play *p, struct module *m)
{
	static const char *const programs[] = {NULL, NULL, NULL, "work", "no"};
	const struct iov_load_options options = {
		.engine = (enum iov_engine_choice)(byte(p) % 4), .cpus = byte(p) % (MOST_CPUS + 1), .seed = 1,
		.max_map_bytes = byte(p) % 4 ? 4 << 20 : number(p),
		.object_bytes = byte(p) % 2 ? 0 : number(p) % 100000,
		.verify_budget = byte(p) % 8 ? 50000 : number(p) + 1, .harden_constants = byte(p) & 1,
		.harden_branches = byte(p) & 1, .program = programs[byte(p) % 5],
	};
	enum iov_result result = iov_module_load(m->m, byte(p) % 16 ? &options : NULL, p->sink);

	must(!m->loaded || result == IOV_R_USAGE);
	m->loaded |= result == IOV_R_OK;
}

static uint64_t now(void *ud) { return ((struct play *)ud)->time; }

static int send_copy(void *ud, uint32_t port, bool ingress, const void *what, size_t size)
{
	volatile uint8_t last = size ? ((const uint8_t *)what)[size - 1] : 0;

	(void)ud, (void)ingress, (void)last;
	return port == 7 ? 0 : -EINVAL;
}

static void make_worker(struct play *p, struct module *m, int which)
{
	uint32_t cpu = byte(p) % (MOST_CPUS + 2);

	iov_worker_free(m->workers[which]);
	m->workers[which] = iov_worker_new(m->m, cpu);
	if (!m->workers[which])
		return;
	iov_worker_set_clock(m->workers[which], now, p);
	iov_worker_set_network(m->workers[which], p->network);
	iov_worker_set_sockets(m->workers[which], p->sockets);
	iov_worker_set_send(m->workers[which], byte(p) & 1 ? send_copy : NULL, p);
	iov_worker_set_cgroup(m->workers[which], byte(p));
}

/* One in eight does not lie in its buffer. */
static struct iov_packet make_packet(struct play *p)
{
	static const size_t sizes[] = {0, 1, 13, 14, 60, 64, 1500, 9000, PACKET_MOST - HEADROOM};
	size_t length = sizes[byte(p) % 9], tail = byte(p) % 4 * 32;
	struct iov_packet packet = {.size = HEADROOM + length + tail, .start = HEADROOM, .length = length};

	packet.buffer = calloc(1, packet.size);
	must(packet.buffer);
	for (size_t i = 0; i < length && i < 4; i++)
		packet.buffer[HEADROOM + i] = byte(p);
	if (length >= 14)
		packet.buffer[HEADROOM + 12] = 8;
	packet.socket = byte(p) % 3;
	packet.ifindex = byte(p) % 9;
	packet.meta = byte(p) % 8 ? 0 : (size_t)number(p);
	if (byte(p) % 8)
		return packet;
	packet.start = byte(p) & 1 ? packet.start : (size_t)number(p);
	packet.length = byte(p) & 1 ? packet.length : (size_t)number(p);
	return packet;
}

static void check_packet(const struct iov_packet *p)
{
	must(p->start <= p->size && p->length <= p->size - p->start && p->meta <= p->start);
}

static void run_programs(struct play *p, struct module *m, struct module *other)
{
	struct iov_worker *worker = m->workers[byte(p) % WORKERS];
	struct iov_packet packets[BURST];
	size_t count = byte(p) % (BURST + 1);
	const struct iov_program *program = iov_module_program_at(byte(p) % 8 ? m->m : other->m, byte(p) % 4);
	uint32_t verdicts[BURST];
	enum iov_result result;

	for (size_t i = 0; i < count; i++)
		packets[i] = make_packet(p);
	result = count == 1 ? iov_run(program, worker, packets, verdicts)
			    : iov_run_burst(program, worker, packets, count, verdicts);
	must(result == IOV_R_OK || result == IOV_R_USAGE);
	for (size_t i = 0; i < count; i++) {
		if (result == IOV_R_OK) {
			check_packet(&packets[i]);
			(void)iov_verdict_name(program, verdicts[i]);
		}
		free(packets[i].buffer);
	}
}

static int visit(void *ud, const void *data, size_t size)
{
	struct play *p = ud;
	volatile uint8_t sum = 0;

	for (size_t i = 0; i < size; i++)
		sum = (uint8_t)(sum + ((const uint8_t *)data)[i]);
	return byte(p) & 1;
}

static void answer(int e) { must(e <= 0 && e > -4096); }

static void batch(struct play *p, struct iov_map *map, const struct iov_map_info *info)
{
	uint32_t room = byte(p) % (MOST_BATCH + 1), count = room;
	uint8_t *keys = bytes(p, (size_t)info->key_size * room), *values = bytes(p, info->value_size * room);
	uint64_t at = byte(p) % 4 ? 0 : number(p), flags = byte(p) % 4 ? 0 : number(p);
	uint8_t which = byte(p) % 4;

	for (uint32_t i = 0; info->key_size && i < room; i++)
		keys[(size_t)info->key_size * i] = byte(p) % 9;
	for (int i = 0; i < 3; i++) {
		int e = which == 0   ? iov_map_lookup_batch(map, &at, keys, values, &count, flags)
			: which == 1 ? iov_map_take_batch(map, &at, keys, values, &count, flags)
			: which == 2 ? iov_map_update_batch(map, keys, values, &count, flags)
				     : iov_map_delete_batch(map, keys, &count, flags);

		answer(e);
		must(count <= room);
		if (e || which > 1)
			break;
		count = room;
	}
	free(keys);
	free(values);
}

static void one_element(struct play *p, struct iov_map *map, const struct iov_map_info *info)
{
	uint8_t *key = bytes(p, info->key_size), *value = bytes(p, info->value_size), *next = bytes(p, info->key_size);
	const uint8_t *no_key = byte(p) % 16 && info->key_size ? key : NULL;
	uint64_t flags = byte(p) % 4 ? byte(p) % 8 : number(p);

	switch (byte(p) % 7) {
	case 0:
		answer(iov_map_lookup(map, no_key, value));
		break;
	case 1:
		answer(iov_map_update(map, no_key, value, flags));
		break;
	case 2:
		answer(iov_map_delete(map, no_key));
		break;
	case 3:
		answer(iov_map_take(map, no_key, value));
		break;
	case 4:
		answer(iov_map_pop(map, value));
		break;
	case 5:
		answer(iov_map_next_key(map, no_key, next));
		break;
	default:
		answer(iov_map_update(map, no_key, NULL, flags));
		break;
	}
	free(key);
	free(value);
	free(next);
}

static void links(struct play *p, struct iov_map *map, const struct iov_map_info *info, struct module *other)
{
	uint8_t *key = bytes(p, info->key_size);
	struct iov_map *inner = iov_module_map(other->m, byte(p) & 1 ? "one" : "two");

	if (byte(p) & 1)
		answer(iov_map_set_program(map, (uint32_t)number(p), iov_module_program_at(other->m, byte(p) % 4)));
	else if (info->key_size)
		answer(iov_map_set_map(map, key, byte(p) % 8 ? inner : iov_module_map_at(other->m, byte(p) % 32)));
	free(key);
}

static void data(struct iov_map *map)
{
	size_t size = 0;
	uint8_t *all = iov_map_data(map, &size);

	if (all && size)
		all[size - 1] = all[0];
}

static void produce(struct play *p, struct iov_map *map)
{
	size_t size = byte(p) % 4 ? byte(p) : 5000;
	uint8_t *record = bytes(p, size);

	answer(iov_ring_produce(map, record, size));
	free(record);
}

static void use_map(struct play *p, struct module *m, struct module *other)
{
	struct iov_map *map = iov_module_map_at(m->m, byte(p) % 32);
	struct iov_map_info info;

	if (!map)
		return;
	iov_map_info(map, &info);
	switch (byte(p) % 8) {
	case 0:
		batch(p, map, &info);
		break;
	case 1:
		links(p, map, &info, other);
		break;
	case 2:
		iov_ring_consume(map, visit, p);
		break;
	case 3:
		produce(p, map);
		break;
	case 4:
		data(map);
		break;
	default:
		one_element(p, map, &info);
		break;
	}
}

static void route(struct play *p)
{
	struct iov_route r = {.family = byte(p) % 8, .bits = byte(p), .kind = byte(p) % 8,
			      .gateway_family = byte(p) % 8, .table = (uint32_t)number(p),
			      .ifindex = byte(p) % 9, .mtu = (uint32_t)number(p)};
	struct iov_neighbour n = {.family = r.family, .ifindex = r.ifindex};

	r.prefix[byte(p) % 16] = byte(p);
	r.gateway[byte(p) % 16] = n.address[byte(p) % 16] = byte(p);
	if (byte(p) & 1)
		answer(iov_network_route(p->network, &r));
	else
		answer(iov_network_neighbour(p->network, &n));
}

/* A network or a table is made anew when no worker has it. */
static void surroundings(struct play *p)
{
	struct iov_socket socket = {.family = byte(p) % 8, .protocol = byte(p), .state = byte(p),
				    .cgroup_level = byte(p) % 16, .cookie = byte(p), .local_port = byte(p)};
	struct iov_port port = {.ifindex = byte(p) % 9, .mtu = (uint32_t)number(p), .forwards = byte(p) & 1};

	for (int i = 0; i < MODULES; i++)
		free_workers(&p->modules[i]);
	switch (byte(p) % 5) {
	case 0:
		iov_network_free(p->network);
		p->network = iov_network_new(byte(p) % 5, byte(p) % 5, byte(p) % 5, NULL);
		break;
	case 1:
		iov_sockets_free(p->sockets);
		p->sockets = iov_sockets_new(byte(p) % 5, NULL);
		break;
	case 2:
		must(iov_sockets_add(p->sockets, &socket) <= 4);
		break;
	case 3:
		answer(iov_network_port(p->network, &port));
		break;
	default:
		route(p);
		break;
	}
}

static void render(struct play *p)
{
	char *text;
	size_t size = byte(p);

	text = malloc(size + 1);
	must(text);
	(void)iov_sink_render(p->sink, (enum iov_format)(byte(p) % 3), text, size);
	free(text);
	iov_sink_free(p->sink);
	p->sink = iov_sink_new(NULL);
	must(p->sink);
}

static void call(struct play *p)
{
	uint8_t what = byte(p);
	struct module *m = &p->modules[what & 1], *other = &p->modules[(what >> 1 & 15) ? what & 1 : !(what & 1)];

	p->time += 10;
	switch (byte(p) % 16) {
	case 0:
		open_module(p, m);
		break;
	case 1:
		prepare_module(p, m);
		break;
	case 2:
		load_module(p, m);
		break;
	case 3:
		make_worker(p, m, what >> 7);
		break;
	case 4:
		if (m->workers[what >> 7])
			iov_worker_run_timers(m->workers[what >> 7]);
		break;
	case 5:
		surroundings(p);
		break;
	case 6:
		render(p);
		break;
	case 7:
		if (what > 240)
			close_all(p);
		break;
	case 8:
	case 9:
	case 10:
		run_programs(p, m, other);
		break;
	default:
		use_map(p, m, other);
		break;
	}
}

/* Half of the inputs begin with a module that is loaded. */
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	struct play p = {.at = input, .end = input + size, .sink = iov_sink_new(NULL)};

	must(p.sink);
	if (byte(&p) & 1) {
		const struct iov_load_options options = {.engine = (enum iov_engine_choice)(byte(&p) % 4), .seed = 1,
							 .cpus = 1 + byte(&p) % MOST_CPUS, .max_map_bytes = 4 << 20};

		must(!iov_module_open(object, object_size, "api.o", NULL, p.sink, &p.modules[0].m));
		must(!iov_module_load(p.modules[0].m, &options, p.sink));
		p.modules[0].loaded = true;
		make_worker(&p, &p.modules[0], 0);
	}
	while (p.at < p.end)
		call(&p);
	close_all(&p);
	iov_network_free(p.network);
	iov_sockets_free(p.sockets);
	iov_sink_free(p.sink);
	return 0;
}
