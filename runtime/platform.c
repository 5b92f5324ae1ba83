/* SPDX-License-Identifier: Apache-2.0 */
/* iov/iov.h: platform files. What a file says lives in an arena of the platform's own, which goes with it. */
#include "asm/yaml/platform_read.h"
#include "runtime/module.h"

/* `platform` is first: the opaque type is this. */
struct owned_platform {
	struct iov_platform platform;
	struct iov_arena arena;
	struct iov_alloc hook;
};

/* text NULL: the file `name`. */
static enum iov_status read_into(struct owned_platform *owned, const char *name, const void *text, size_t size,
				 struct iov_sink *sink)
{
	const char *label = arena_strdup(&owned->arena, name);
	const struct iov_platform *read;
	enum iov_status status = IOV_NOMEM;

	if (label)
		status = text ? platform_open_text(label, text, size, &owned->arena, sink, &read)
			      : platform_open_file(label, &owned->arena, sink, &read);
	if (!status)
		owned->platform = *read;
	return status;
}

static enum iov_result open_as(const char *name, const void *text, size_t size, const struct iov_allocator *allocator,
			       struct iov_sink *sink, struct iov_platform **out)
{
	const struct iov_alloc hook = allocator ? (struct iov_alloc){allocator->resize, allocator->ud} : *alloc_libc();
	struct owned_platform *owned;
	enum iov_status status;

	*out = NULL;
	owned = alloc_zeroed(&hook, 1, sizeof(*owned));
	if (!owned)
		return IOV_R_MEMORY;
	owned->hook = hook;
	arena_init(&owned->arena, &owned->hook);
	status = read_into(owned, name, text, size, sink);
	if (status)
		iov_platform_close(&owned->platform);
	else
		*out = &owned->platform;
	return module_result(status);
}

enum iov_result iov_platform_open(const void *text, size_t size, const char *name,
				  const struct iov_allocator *allocator, struct iov_sink *sink,
				  struct iov_platform **out)
{
	if (!text || !sink || !out)
		return IOV_R_USAGE;
	return open_as(name ? name : "platform", text, size, allocator, sink, out);
}

enum iov_result iov_platform_open_file(const char *path, const struct iov_allocator *allocator, struct iov_sink *sink,
				       struct iov_platform **out)
{
	return path && sink && out ? open_as(path, NULL, 0, allocator, sink, out) : IOV_R_USAGE;
}

void iov_platform_close(struct iov_platform *platform)
{
	struct owned_platform *owned = (struct owned_platform *)platform;
	struct iov_alloc hook;

	if (!owned)
		return;
	hook = owned->hook;
	arena_free(&owned->arena);
	alloc_free(&hook, owned, sizeof(*owned));
}

const char *iov_platform_name(const struct iov_platform *platform) { return platform->name; }
