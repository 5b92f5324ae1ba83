/* SPDX-License-Identifier: Apache-2.0 */
/* The public face of libiov, with its own allocator hook. */
#include "runtime/include/iov/iov.h"
#include "runtime/maps/map.h"
#include "testsuite/alloc/alloc.h"

#include <string.h>

static enum iov_status status_of(enum iov_result result, const struct iov_sink *sink)
{
	static const enum iov_status of[] = {[IOV_R_OK] = IOV_OK,
					     [IOV_R_INPUT] = IOV_DIAGNOSED,
					     [IOV_R_MEMORY] = IOV_NOMEM,
					     [IOV_R_USAGE] = IOV_USAGE,
					     [IOV_R_BUG] = IOV_BUG};

	return result == IOV_R_INPUT && sink->oom ? IOV_NOMEM : of[result];
}

/* Packets through a loaded module, then its maps. */
static enum iov_status use(struct iov_module *module)
{
	static uint8_t buffer[1024];
	struct iov_packet packet = {.buffer = buffer, .size = sizeof(buffer), .start = 256, .length = 100};
	struct iov_worker *worker = iov_worker_new(module, 0);
	uint8_t key[64] = {0}, value[256];
	enum iov_result result;
	uint32_t verdict;

	if (!worker)
		return IOV_NOMEM;
	result = iov_run(iov_module_program(module, NULL), worker, &packet, &verdict);
	for (size_t i = 0; iov_module_map_at(module, i); i++) {
		struct iov_map *map = iov_module_map_at(module, i);

		iov_map_lookup(map, key, value);
		iov_map_next_key(map, NULL, key);
	}
	iov_worker_free(worker);
	return result == IOV_R_OK ? IOV_OK : IOV_BUG;
}

static enum iov_status load(struct alloc_run *run, struct iov_load_options options)
{
	const struct iov_allocator hook = {run->alloc->resize, run->alloc->ud};
	struct iov_module *module;
	enum iov_result result;
	enum iov_status status;

	result = iov_module_open(run->object, run->object_len, "fixture.o", &hook, &run->sink, &module);
	if (result != IOV_R_OK)
		return status_of(result, &run->sink);
	result = iov_module_set(module, "limit", "7", &run->sink);
	options.cpus = 2;
	options.seed = 1;
	if (result == IOV_R_OK)
		result = iov_module_load(module, &options, &run->sink);
	status = result == IOV_R_OK ? use(module) : status_of(result, &run->sink);
	iov_module_close(module);
	return status;
}

enum iov_status alloc_libiov_interpreter(struct alloc_run *run)
{
	return load(run, (struct iov_load_options){.engine = IOV_ENGINE_INTERPRETER});
}

enum iov_status alloc_libiov_machine(struct alloc_run *run)
{
	return load(run, (struct iov_load_options){.engine = IOV_ENGINE_AUTO});
}

enum iov_status alloc_libiov_hardened(struct alloc_run *run)
{
	return load(run, (struct iov_load_options){.harden_constants = true, .harden_branches = true});
}

enum iov_status alloc_libiov_checked(struct alloc_run *run)
{
	return load(run, (struct iov_load_options){.engine = IOV_ENGINE_CHECKING});
}

static const char acme[] =
	"name: acme\ninherit: iovrun\nhelpers:\n  add:\n    - name: acme_meter\n      id: 0x1001\n"
	"      declaration: \"u32 acme_meter(const void *key, u32 key_size)\"\n";

static enum iov_result open_acme(struct alloc_run *run, struct iov_platform **out)
{
	const struct iov_allocator hook = {run->alloc->resize, run->alloc->ud};

	return iov_platform_open(acme, sizeof(acme) - 1, "acme.yaml", &hook, &run->sink, out);
}

enum iov_status alloc_libiov_platform(struct alloc_run *run)
{
	struct iov_platform *platform;
	enum iov_result result = open_acme(run, &platform);

	iov_platform_close(platform);
	return status_of(result, &run->sink);
}

static uint64_t meter(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	(void)r1, (void)r2, (void)r3, (void)r4, (void)r5, (void)env;
	return 0;
}

/* More than the list of helpers has room for at first. */
static enum iov_result prepare(struct iov_module *module, struct iov_sink *sink)
{
	static const uint32_t limit = 9;
	enum iov_result result = IOV_R_OK;

	for (int i = 0; !result && i < 20; i++)
		result = iov_helper_register(module, "acme_meter", meter, sink);
	if (!result)
		result = iov_module_set_bytes(module, "limit", &limit, sizeof(limit), sink);
	if (!result)
		result = iov_module_set_type(module, NULL, "xdp", sink);
	return result ? result : iov_module_set_entries(module, "flows", 100, sink);
}

enum iov_status alloc_libiov_helper(struct alloc_run *run)
{
	const struct iov_allocator hook = {run->alloc->resize, run->alloc->ud};
	struct iov_module *module = NULL;
	struct iov_platform *platform;
	enum iov_result result = open_acme(run, &platform);
	struct iov_load_options options = {.own_platform = platform, .seed = 1};
	enum iov_status status;

	if (!result)
		result = iov_module_open(run->object, run->object_len, "fixture.o", &hook, &run->sink, &module);
	if (!result)
		result = prepare(module, &run->sink);
	if (!result)
		result = iov_module_load(module, &options, &run->sink);
	status = result ? status_of(result, &run->sink) : use(module);
	iov_module_close(module);
	iov_platform_close(platform);
	return status;
}

enum iov_status alloc_libiov_network(struct alloc_run *run)
{
	const struct iov_allocator hook = {run->alloc->resize, run->alloc->ud};
	const struct iov_port port = {.ifindex = 1, .mtu = 1500};
	const struct iov_route route = {.family = 4, .bits = 8, .prefix = {10}, .ifindex = 1};
	const struct iov_neighbour neighbour = {.family = 4, .address = {10, 0, 0, 1}, .ifindex = 1};
	struct iov_network *network = iov_network_new(4, 10, 10, &hook);
	enum iov_status status = network ? IOV_OK : IOV_NOMEM;

	if (network && (iov_network_port(network, &port) || iov_network_route(network, &route) ||
			iov_network_neighbour(network, &neighbour)))
		status = IOV_BUG;
	iov_network_free(network);
	return status;
}

enum iov_status alloc_libiov_sockets(struct alloc_run *run)
{
	const struct iov_allocator hook = {run->alloc->resize, run->alloc->ud};
	const struct iov_socket socket = {.family = 4, .protocol = 6, .state = 10, .local_port = 80, .cookie = 1};
	struct iov_sockets *sockets = iov_sockets_new(3, &hook);
	enum iov_status status = sockets ? IOV_OK : IOV_NOMEM;

	if (sockets && iov_sockets_add(sockets, &socket) != 1)
		status = IOV_BUG;
	iov_sockets_free(sockets);
	return status;
}

/* The sizes that each type wants; the first pair that it takes. */
static enum iov_status make_map(struct alloc_run *run, uint32_t type)
{
	static const struct iov_map_def inner = {.name = "inner", .type = 2, .key_size = 4, .value_size = 8,
						 .max_entries = 1};
	static const uint32_t sizes[][2] = {{4, 8}, {8, 8}, {4, 4}, {0, 8}, {0, 0}};
	static const uint32_t flags[] = {0, IOV_F_NO_PREALLOC};
	enum iov_status status = IOV_DIAGNOSED;

	for (int i = 0; status == IOV_DIAGNOSED && i < 10; i++) {
		const struct iov_map_def def = {.name = "map", .type = type, .key_size = sizes[i / 2][0],
						.value_size = sizes[i / 2][1], .max_entries = 4096, .inner = &inner,
						.flags = flags[i % 2]};
		struct iov_map *map = NULL;

		status = map_create(&def, &(struct iov_map_options){.cpus = 2, .seed = 1}, run->alloc, &run->sink,
				    &map);
		map_destroy(map);
	}
	return status;
}

enum iov_status alloc_map_create(struct alloc_run *run)
{
	enum iov_status status = IOV_OK;

	for (uint32_t type = 1; !status && type < 64; type++)
		if (map_ops(type))
			status = make_map(run, type);
	return status == IOV_DIAGNOSED ? IOV_BUG : status;
}

enum iov_status alloc_libiov_sink(struct alloc_run *run)
{
	const struct iov_allocator hook = {run->alloc->resize, run->alloc->ud};
	struct iov_sink *sink = iov_sink_new(&hook);
	struct iov_module *module;
	char text[64];
	size_t len;

	if (!sink)
		return IOV_NOMEM;
	iov_module_open("garbage", 7, "garbage.o", &hook, sink, &module);
	len = iov_sink_render(sink, IOV_TEXT, text, sizeof(text));
	iov_sink_free(sink);
	return len > sizeof(text) ? IOV_OK : IOV_NOMEM;
}
