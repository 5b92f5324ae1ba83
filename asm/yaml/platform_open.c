/* SPDX-License-Identifier: Apache-2.0 */
/* What a command line's --platform names. */
#include "asm/yaml/platform_read.h"

#include <string.h>

static const struct iov_platform *find_shipped(void *ud, const char *name)
{
	(void)ud;
	return platform_shipped(name);
}

static bool is_path(const char *name)
{
	const char *dot = strrchr(name, '.');

	return strchr(name, '/') || (dot && (!strcmp(dot, ".yaml") || !strcmp(dot, ".yml")));
}

static void hint_all(const char *const *names, struct iov_arena *arena, struct iov_diag *d)
{
	const char *all = names[0];

	for (size_t i = 1; all && names[i]; i++)
		all = arena_printf(arena, "%s, %s", all, names[i]);
	diag_hint(d, "there are %s; a file of yours ends in .yaml", all ? all : "none");
}

static const struct iov_platform_base shipped = {find_shipped, NULL};

enum iov_status platform_open_text(const char *name, const void *text, size_t len, struct iov_arena *arena,
				   struct iov_sink *sink, const struct iov_platform **out)
{
	const struct iov_yaml *root;
	enum iov_status status = yml_read(text, len, name, arena, sink, &root);

	return status == IOV_OK ? platform_parse(root, &shipped, arena, sink, out) : status;
}

enum iov_status platform_open_file(const char *path, struct iov_arena *arena, struct iov_sink *sink,
				   const struct iov_platform **out)
{
	return platform_read(path, &shipped, arena, sink, out);
}

enum iov_status platform_open(const char *name, struct iov_arena *arena, struct iov_sink *sink,
			      const struct iov_platform **out)
{
	const char *names[64] = {0}, *nearest;
	struct iov_diag *d;

	if (is_path(name))
		return platform_open_file(name, arena, sink, out);
	*out = platform_shipped(name);
	if (*out)
		return IOV_OK;
	d = diag_add(sink, DIAG_PLATFORM_UNKNOWN, IOV_NOWHERE, "there is no platform '%.80s'", name);
	for (size_t i = 0; i < 63 && platform_shipped_at(i); i++)
		names[i] = platform_shipped_at(i)->name;
	nearest = yml_nearest(name, names);
	if (nearest)
		diag_hint(d, "did you mean '%s'?", nearest);
	else
		hint_all(names, arena, d);
	return IOV_DIAGNOSED;
}
