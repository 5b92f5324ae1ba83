/* SPDX-License-Identifier: Apache-2.0 */
/* iov/iov.h: sinks, maps and rings, by the layers below. */
#include "runtime/module.h"
#include "asm/base/render.h"

#include <errno.h>
#include <string.h>

/* The allocator of a sink has to live as long as it does. */
struct owned_sink {
	struct iov_sink sink; /* first: the opaque type is this */
	struct iov_alloc alloc;
};

struct iov_sink *iov_sink_new(const struct iov_allocator *allocator)
{
	const struct iov_alloc hook = allocator ? (struct iov_alloc){allocator->resize, allocator->ud} : *alloc_libc();
	struct owned_sink *owned = alloc_zeroed(&hook, 1, sizeof(*owned));

	if (!owned)
		return NULL;
	owned->alloc = hook;
	sink_init(&owned->sink, &owned->alloc);
	return &owned->sink;
}

void iov_sink_free(struct iov_sink *sink)
{
	struct owned_sink *owned = (struct owned_sink *)sink;
	struct iov_alloc hook;

	if (!owned)
		return;
	hook = owned->alloc;
	sink_free(&owned->sink);
	alloc_free(&hook, owned, sizeof(*owned));
}

unsigned iov_sink_errors(const struct iov_sink *sink) { return sink->errors; }

size_t iov_sink_render(const struct iov_sink *sink, enum iov_format format, char *buffer, size_t size)
{
	static const enum iov_diag_format formats[] = {
		[IOV_TEXT] = IOV_DIAG_TEXT, [IOV_JSON] = IOV_DIAG_JSON, [IOV_SARIF] = IOV_DIAG_SARIF,
	};
	const struct iov_render how = {.format = formats[format], .tool = "libiov", .version = iov_version()};
	struct iov_buf out;
	size_t len = 0;

	buf_init(&out, sink->arena.alloc);
	diag_render(sink, &how, &out);
	if (!out.failed)
		len = out.len;
	if (size) {
		size_t n = len < size - 1 ? len : size - 1;

		if (n)
			memcpy(buffer, out.data, n);
		buffer[n] = 0;
	}
	buf_free(&out);
	return len;
}

struct iov_map *iov_module_map(const struct iov_module *m, const char *name)
{
	for (uint32_t i = 0; m && m->loaded && i < m->map_count; i++)
		if (!strcmp(m->maps[i]->def->name, name))
			return m->maps[i];
	return NULL;
}

struct iov_map *iov_module_map_at(const struct iov_module *m, size_t index)
{
	return m && m->loaded && index < m->map_count ? m->maps[index] : NULL;
}

void iov_map_info(const struct iov_map *map, struct iov_map_info *info)
{
	const struct iov_map_type *type = catalogue_map_type(map->head.type);

	*info = (struct iov_map_info){
		.name = map->def->name, .type = type ? type->name : "", .key_size = map->key_size,
		.value_size = map_read_size(map), .max_entries = map->head.max_entries, .cpus = map->cpus,
	};
}

static bool keyed(const struct iov_map *map, const void *key) { return map && (key || !map->key_size); }

int iov_map_lookup(struct iov_map *map, const void *key, void *value)
{
	return keyed(map, key) && value ? (int)map_read(map, key, value) : -EINVAL;
}

int iov_map_update(struct iov_map *map, const void *key, const void *value, uint64_t flags)
{
	return keyed(map, key) && value ? (int)map_write(map, key, value, flags) : -EINVAL;
}

int iov_map_delete(struct iov_map *map, const void *key)
{
	return keyed(map, key) ? (int)map_erase(map, key) : -EINVAL;
}

int iov_map_pop(struct iov_map *map, void *value)
{
	if (!map || !value)
		return -EINVAL;
	return map->ops->pop ? (int)map->ops->pop(map, value) : -EOPNOTSUPP;
}

int iov_map_take(struct iov_map *map, const void *key, void *value)
{
	return keyed(map, key) && value ? (int)map_take(map, key, value) : -EINVAL;
}

int iov_map_lookup_batch(struct iov_map *map, uint64_t *at, void *keys, void *values, uint32_t *count, uint64_t flags)
{
	return map && at && keys && values && count ? (int)map_read_batch(map, at, keys, values, count, flags, false)
						    : -EINVAL;
}

int iov_map_take_batch(struct iov_map *map, uint64_t *at, void *keys, void *values, uint32_t *count, uint64_t flags)
{
	return map && at && keys && values && count ? (int)map_read_batch(map, at, keys, values, count, flags, true)
						    : -EINVAL;
}

int iov_map_update_batch(struct iov_map *map, const void *keys, const void *values, uint32_t *count, uint64_t flags)
{
	return map && keys && values && count ? (int)map_write_batch(map, keys, values, count, flags) : -EINVAL;
}

int iov_map_delete_batch(struct iov_map *map, const void *keys, uint32_t *count, uint64_t flags)
{
	return map && keys && count ? (int)map_erase_batch(map, keys, count, flags) : -EINVAL;
}

void *iov_map_data(struct iov_map *map, size_t *size)
{
	enum { ARRAY = 2 };

	if (!map || !size || map->head.type != ARRAY || map->frozen)
		return NULL;
	*size = map->state_size;
	return map->head.data;
}

int iov_map_next_key(struct iov_map *map, const void *key, void *next)
{
	return map && next ? (int)map_next_key(map, key, next) : -EINVAL;
}

int iov_map_set_program(struct iov_map *map, uint32_t index, const struct iov_program *program)
{
	if (!map || (program && !module_has(map->module, program)))
		return -EINVAL;
	return (int)table_set_image(map, index, program ? program->image : NULL);
}

int iov_map_set_map(struct iov_map *map, const void *key, struct iov_map *inner)
{
	return map && key && inner && map->module == inner->module ? (int)table_set_map(map, key, inner) : -EINVAL;
}

uint64_t iov_ring_consume(struct iov_map *map, int (*visit)(void *ud, const void *data, size_t size), void *ud)
{
	return map && visit && map_is_ring(map) ? ring_consume(map, UINT64_MAX, visit, ud) : 0;
}

int iov_ring_produce(struct iov_map *map, const void *data, size_t size)
{
	enum { USER_RINGBUF = 31 };

	return map && data && map->head.type == USER_RINGBUF ? (int)ring_output(map, data, size, 0) : -EINVAL;
}
