/* SPDX-License-Identifier: Apache-2.0 */
#include "frontend/search.h"

#include "frontend/driver.h"

#include <string.h>
#include <sys/stat.h>

static const char *const system_dirs[] = {IOV_VIRTUAL_INCLUDE, "/usr/local/include", "/usr/include/" IOV_MULTIARCH,
					  "/usr/include"};

/* In the order of being searched. */
static const char *const options[] = {"-iquote", "-I", "-isystem", "", "-idirafter"};

static bool is_flag(const struct iov_option_list *args, const char *flag)
{
	for (size_t i = 0; i < args->count; i++)
		if (!strcmp(args->items[i], flag))
			return true;
	return false;
}

static void add_option(const struct iov_option_list *args, const char *option, struct iov_arena *arena,
		       struct iov_option_list *out)
{
	for (size_t i = 0; i < args->count; i++) {
		size_t len = strlen(option);

		if (strncmp(args->items[i], option, len) != 0)
			continue;
		if (args->items[i][len])
			option_append(out, args->items[i] + len, arena);
		else if (i + 1 < args->count)
			option_append(out, args->items[++i], arena);
	}
}

/* The last that the command line says, or "". */
static const char *sysroot_of(const struct iov_option_list *args)
{
	static const char *const names[] = {"--sysroot", "-isysroot"};
	const char *root = "";

	for (size_t i = 0; i < args->count; i++) {
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			size_t len = strlen(names[k]);
			const char *arg = args->items[i];

			if (strncmp(arg, names[k], len) != 0)
				continue;
			if (!arg[len] && i + 1 < args->count)
				root = args->items[++i];
			else
				root = arg + len + (arg[len] == '=');
			break;
		}
	}
	return root;
}

const char *const *search_system(const struct iov_option_list *args, struct iov_arena *arena)
{
	const char *root = sysroot_of(args);
	size_t count = sizeof(system_dirs) / sizeof(system_dirs[0]);
	const char **dirs = arena_array(arena, count + 1, sizeof(*dirs));

	for (size_t i = 0; dirs && i < count; i++) {
		dirs[i] = i && *root ? arena_printf(arena, "%s%s", root, system_dirs[i]) : system_dirs[i];
		if (!dirs[i])
			return NULL;
	}
	return dirs;
}

/* A folder of the tool's, where it is on disk. */
static const char *unpack(const char *dir, const char *unpacked, struct iov_arena *arena)
{
	size_t root = strlen(IOV_VIRTUAL_ROOT);

	return unpacked && !strncmp(dir, IOV_VIRTUAL_ROOT, root) ? arena_printf(arena, "%s%s", unpacked, dir + root)
								 : dir;
}

static void add_system(struct search *s, const struct iov_option_list *args, const char *unpacked,
		       struct iov_arena *arena)
{
	const char *const *dirs = search_system(args, arena);

	if (!s->no_builtin)
		option_append(&s->angled, unpack(IOV_VIRTUAL_RESOURCES "/include", unpacked, arena), arena);
	for (const char *const *dir = dirs; dir && *dir && !s->no_system; dir++)
		option_append(&s->angled, unpack(*dir, unpacked, arena), arena);
}

void search_read(const struct iov_option_list *args, const char *unpacked, struct iov_arena *arena, struct search *out)
{
	bool none = is_flag(args, "-nostdinc");

	*out = (struct search){.no_system = none || is_flag(args, "-nostdlibinc"),
			       .no_builtin = none || is_flag(args, "-nobuiltininc")};
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (*options[i])
			add_option(args, options[i], arena, i ? &out->angled : &out->quote);
		else
			add_system(out, args, unpacked, arena);
	}
}

static void print_dirs(const struct iov_option_list *dirs, struct iov_buf *out)
{
	struct stat st;

	for (size_t i = 0; i < dirs->count; i++)
		if (!strncmp(dirs->items[i], IOV_VIRTUAL_ROOT, strlen(IOV_VIRTUAL_ROOT)) ||
		    (!stat(dirs->items[i], &st) && S_ISDIR(st.st_mode)))
			buf_printf(out, " %s\n", dirs->items[i]);
}

void search_print(const struct search *s, struct iov_buf *out)
{
	buf_puts(out, "#include \"...\" search starts here:\n");
	print_dirs(&s->quote, out);
	buf_puts(out, "#include <...> search starts here:\n");
	print_dirs(&s->angled, out);
	buf_puts(out, "End of search list.\n");
}
