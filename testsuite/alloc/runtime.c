/* SPDX-License-Identifier: Apache-2.0 */
/* The public face of libiov, with its own allocator hook. */
#include "runtime/include/iov/iov.h"
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

static enum iov_status load(struct alloc_run *run, enum iov_engine_choice engine)
{
	const struct iov_allocator hook = {run->alloc->resize, run->alloc->ud};
	struct iov_load_options options = {.engine = engine, .cpus = 2, .seed = 1};
	struct iov_module *module;
	enum iov_result result;
	enum iov_status status;

	result = iov_module_open(run->object, run->object_len, "fixture.o", &hook, &run->sink, &module);
	if (result != IOV_R_OK)
		return status_of(result, &run->sink);
	result = iov_module_set(module, "limit", "7", &run->sink);
	if (result == IOV_R_OK)
		result = iov_module_load(module, &options, &run->sink);
	status = result == IOV_R_OK ? use(module) : status_of(result, &run->sink);
	iov_module_close(module);
	return status;
}

enum iov_status alloc_libiov_interpreter(struct alloc_run *run) { return load(run, IOV_ENGINE_INTERPRETER); }
enum iov_status alloc_libiov_machine(struct alloc_run *run) { return load(run, IOV_ENGINE_AUTO); }

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
