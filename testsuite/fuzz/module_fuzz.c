/* SPDX-License-Identifier: Apache-2.0 */
/* Objects and packets through each engine of libiov: verdicts, packets, traces, records and maps are the interpreter's
 * everywhere, and the checking engine finds no claim of the verifier belied (its answers are its own where it makes up
 * what functions give: see makes_up()). The packets end where nobody may read or write. Their bytes are the last of the
 * input, behind the object, XORed into a frame that parses.
 * The mutator changes instructions as often as bytes, else hardly anything gets past the reader. */
#include <iov/iov.h>

#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PAGE = 4096, HEADROOM = 256, LENGTHS = 5, ENGINES = 3, SLOW_MS = 50, MOST_KEYS = 64, PORT = 7 };
enum { TEXT_START = 64, PACKET = 64 };

static const enum iov_engine_choice engines[ENGINES] = {
	IOV_ENGINE_INTERPRETER, IOV_ENGINE_MACHINE, IOV_ENGINE_CHECKING,
};

/* One field of one 8-byte slot. */
static void change_slot(uint8_t *slot, unsigned seed)
{
	static const uint8_t codes[] = {0x07, 0x0f, 0x17, 0x1f, 0x57, 0x67, 0x77, 0xb7, 0xbf, 0xbc, 0x0c, 0xc7, 0xb4,
					0x05, 0x15, 0x1d, 0x25, 0x2d, 0xad, 0xbd, 0x3d, 0xc5, 0xa5, 0x61, 0x69, 0x71,
					0x79, 0x81, 0x63, 0x6b, 0x73, 0x7b, 0x62, 0x7a, 0xdb, 0xc3, 0x85, 0x95, 0x18};
	int16_t step = (int16_t)((seed >> 8) % 17 - 8);
	int16_t off;

	switch (seed % 6) {
	case 0:
		slot[0] = codes[(seed >> 8) % sizeof(codes)];
		break;
	case 1:
		slot[1] = (uint8_t)((slot[1] & 0xf0) | (seed >> 8) % 11);
		break;
	case 2:
		slot[1] = (uint8_t)((slot[1] & 0x0f) | (seed >> 8) % 11 << 4);
		break;
	case 3:
		memcpy(&off, slot + 2, 2);
		off = (int16_t)(off + step);
		memcpy(slot + 2, &off, 2);
		break;
	case 4:
		slot[4 + (seed >> 8) % 4] = (uint8_t)(seed >> 16);
		break;
	case 5:
		slot[4] = (uint8_t)(slot[4] + step);
		break;
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	if (size < TEXT_START + 16 || seed % 8 == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	if (seed % 8 == 1) { /* what lies behind the object is the packet's alone */
		data[size - 1 - (seed >> 8) % (size < PACKET ? size : PACKET)] = (uint8_t)(seed >> 16);
		return size;
	}
	if (seed % 64 == 2 && size + PACKET <= max_size) {
		memset(data + size, 0, PACKET);
		return size + PACKET;
	}
	for (unsigned i = 0; i <= seed % 3; i++, seed = seed * 1103515245 + 12345) {
		size_t slots = (size - TEXT_START) / 8;

		/* Code stands near the start of an object. */
		change_slot(data + TEXT_START + (seed >> 4) % (slots < 200 ? slots : 200) * 8, seed * 2654435761u >> 3);
	}
	return size;
}

/* What a host sees of a run: numbers in their order, so that the first that differs has a place. */
struct seen {
	uint64_t *at;
	size_t count, room;
};

struct stage {
	const uint8_t *data;
	size_t size;
	struct iov_module *module;
	struct iov_worker *worker;
	struct seen *seen;
	uint64_t time;
};

static void add(struct seen *s, uint64_t number)
{
	if (s->count == s->room) {
		s->room = s->room * 2 + 256;
		s->at = realloc(s->at, s->room * sizeof(*s->at));
		if (!s->at)
			abort();
	}
	s->at[s->count++] = number;
}

static void add_bytes(struct seen *s, const void *bytes, size_t size)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3u;
	add(s, size);
	add(s, hash);
}

static void trace(void *ud, const char *line) { add_bytes(((struct stage *)ud)->seen, line, strlen(line)); }

static int record(void *ud, const void *data, size_t size)
{
	add_bytes(((struct stage *)ud)->seen, data, size);
	return 0;
}

static int send_copy(void *ud, uint32_t port, bool ingress, const void *bytes, size_t size)
{
	add(((struct stage *)ud)->seen, port + ((uint64_t)ingress << 32));
	add_bytes(((struct stage *)ud)->seen, bytes, size);
	return port == PORT ? 0 : -22;
}

static uint64_t now(void *ud) { return ((struct stage *)ud)->time += 1000; }

/* Ethernet, IPv4, TCP; the rest counts. */
static void fill(const struct stage *s, uint8_t *frame, size_t length, size_t nth)
{
	static const uint8_t headers[] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 46, 1, 2, 0x40, 0, 64,
					  6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x12, 0x34, 0, 80, 0, 0, 0, 1, 0, 0, 0,
					  2, 0x50, 0x10, 1, 0, 0, 0, 0, 0};

	for (size_t i = 0; i < length; i++) {
		frame[i] = i < sizeof(headers) ? headers[i] : (uint8_t)(i * 37 + nth);
		if (nth > 2 && i < s->size)
			frame[i] ^= s->data[s->size - 1 - i];
	}
}

/* The end of the buffer is the end of the packet or, for every second one, of some room behind it. */
static void run_packet(struct stage *s, const struct iov_program *program, size_t nth)
{
	static const size_t lengths[LENGTHS] = {0, 14, 60, 60, 300};
	static uint8_t *end;
	size_t tail = nth & 1 ? 0 : 64, length = lengths[nth];
	struct iov_packet p = {.size = HEADROOM + length + tail, .start = HEADROOM, .length = length, .ifindex = PORT,
			       .socket = nth & 1};
	uint32_t verdict;

	if (!end) {
		end = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (end == MAP_FAILED || mprotect(end, PAGE, PROT_NONE) || mprotect(end + 2 * PAGE, PAGE, PROT_NONE))
			abort();
		end += 2 * PAGE;
	}
	p.buffer = end - p.size;
	memset(p.buffer, 0, p.size);
	fill(s, p.buffer + p.start, length, nth);
	if (iov_run(program, s->worker, &p, &verdict)) {
		fprintf(stderr, "%s: %s\n", iov_program_name(program), iov_worker_violation(s->worker));
		abort();
	}
	if (p.start > p.size || p.length > p.size - p.start || p.meta > p.start)
		abort();
	add(s->seen, verdict);
	add(s->seen, p.start << 32 | p.meta);
	add(s->seen, (uint64_t)p.mark << 32 | p.priority);
	add(s->seen, (uint64_t)p.redirect_port << 32 | p.redirect_key);
	add(s->seen, (uint64_t)p.redirect_flags << 32 | (uint32_t)p.vlan_proto << 16 | p.vlan_tci);
	add_bytes(s->seen, p.buffer + p.start - p.meta, p.length + p.meta);
	add(s->seen, iov_worker_run_timers(s->worker));
}

static void see_map(struct stage *s, struct iov_map *map)
{
	struct iov_map_info info;
	uint8_t *key, *value;

	iov_map_info(map, &info);
	key = calloc(1, info.key_size + 1);
	value = calloc(1, info.value_size + 1);
	if (!key || !value)
		abort();
	for (int i = 0; i < MOST_KEYS && !iov_map_next_key(map, i ? key : NULL, key); i++) {
		add_bytes(s->seen, key, info.key_size);
		add(s->seen, (uint64_t)iov_map_lookup(map, key, value));
		if (strcmp(info.type, "prog_array") && !strstr(info.type, "of_maps"))
			add_bytes(s->seen, value, info.value_size);
	}
	for (int i = 0; i < MOST_KEYS && !info.key_size && !iov_map_pop(map, value); i++)
		add_bytes(s->seen, value, info.value_size);
	add(s->seen, iov_ring_consume(map, record, s));
	free(key);
	free(value);
}

/* Functions of the kernel, timers, dynptrs and kernel pointers are modelled by the checking engine, not run. */
static bool makes_up(const uint8_t *data, size_t size)
{
	static const int32_t modelled[] = {
		BPF_FUNC_timer_init, BPF_FUNC_kptr_xchg, BPF_FUNC_dynptr_from_mem, BPF_FUNC_ringbuf_reserve_dynptr,
		BPF_FUNC_user_ringbuf_drain,
	};

	if (memmem(data, size, ".ksyms", 6))
		return true;
	for (size_t at = 0; at + 8 <= size; at += 8) {
		int32_t imm;

		memcpy(&imm, data + at + 4, sizeof(imm));
		for (size_t i = 0; data[at] == 0x85 && i < sizeof(modelled) / sizeof(*modelled); i++)
			if (imm == modelled[i])
				return true;
	}
	return false;
}

static uint64_t milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static struct iov_network *network(void)
{
	static struct iov_network *n;

	if (n)
		return n;
	n = iov_network_new(2, 2, 2, NULL);
	if (!n || iov_network_port(n, &(struct iov_port){.ifindex = PORT, .mtu = 1500, .forwards = true}) ||
	    iov_network_route(n, &(struct iov_route){.family = 4, .bits = 8, .prefix = {10}, .ifindex = PORT}) ||
	    iov_network_neighbour(n, &(struct iov_neighbour){.family = 4, .address = {10, 0, 0, 2}, .ifindex = PORT}))
		abort();
	return n;
}

static struct iov_sockets *sockets(void)
{
	static const struct iov_socket listener = {.family = 4, .protocol = 6, .state = 10, .local = {10, 0, 0, 2},
						   .local_port = 80, .cookie = 5, .cgroups = {1, 2}, .cgroup_level = 1};
	static struct iov_sockets *all;

	if (!all) {
		all = iov_sockets_new(2, NULL);
		if (!all || iov_sockets_add(all, &listener) != 1)
			abort();
	}
	return all;
}

/* False: it was not loaded, or took long, which the other engines need not repeat. */
static bool play(struct stage *s, enum iov_engine_choice engine)
{
	const struct iov_load_options options = {.engine = engine, .seed = 1, .max_map_bytes = 4 << 20,
						 .object_bytes = 1 << 16, .verify_budget = 20000};
	struct iov_sink *sink = iov_sink_new(NULL);
	uint64_t began = milliseconds();
	bool loaded;

	s->module = NULL;
	loaded = !iov_module_open(s->data, s->size, "fuzz.o", NULL, sink, &s->module) &&
		 !iov_module_load(s->module, &options, sink);
	if (loaded) {
		s->worker = iov_worker_new(s->module, 0);
		iov_worker_set_clock(s->worker, now, s);
		iov_worker_set_trace(s->worker, trace, s);
		iov_worker_set_send(s->worker, send_copy, s);
		iov_worker_set_network(s->worker, network());
		iov_worker_set_sockets(s->worker, sockets());
		iov_worker_set_cgroup(s->worker, 2);
		for (size_t i = 0; iov_module_program_at(s->module, i); i++)
			for (size_t nth = 0; nth < LENGTHS; nth++)
				run_packet(s, iov_module_program_at(s->module, i), nth);
		for (size_t i = 0; iov_module_map_at(s->module, i); i++)
			see_map(s, iov_module_map_at(s->module, i));
		iov_worker_free(s->worker);
	}
	iov_module_close(s->module);
	iov_sink_free(sink);
	return loaded && milliseconds() - began < SLOW_MS;
}

static void compare(const struct seen *want, const struct seen *have, enum iov_engine_choice engine)
{
	for (size_t at = 0; at < want->count; at++) {
		if (have->count == want->count && have->at[at] == want->at[at])
			continue;
		fprintf(stderr, "engine %d: number %zu of %zu is %llx, of %zu of the interpreter's %llx\n",
			(int)engine, at, have->count, at < have->count ? (unsigned long long)have->at[at] : 0,
			want->count, (unsigned long long)want->at[at]);
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen seen[ENGINES] = {0};

	for (int i = 0; i < ENGINES; i++) {
		struct stage s = {.data = data, .size = size, .seen = &seen[i]};
		bool goes_on = play(&s, engines[i]);

		if (i && seen[i].count && !(engines[i] == IOV_ENGINE_CHECKING && makes_up(data, size)))
			compare(&seen[0], &seen[i], engines[i]);
		if (!i && !goes_on)
			break;
	}
	for (int i = 0; i < ENGINES; i++)
		free(seen[i].at);
	return 0;
}
