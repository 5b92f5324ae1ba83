/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the last step of a plan with several inputs: the objects that the other steps made, which are still in memory,
 * and those on disk become one module through the linker's library, which verifies it and writes it. Options between
 * the commas of -Wl, are iovld's own. */
#include "frontend/driver.h"

#include "linker/inputs.h"
#include "linker/tool.h"

#include <string.h>

/* What build systems hand to the linkers of host programs, and means nothing here. */
static bool is_host_option(const char *word)
{
	static const char *const starts[] = {"-z",
					     "-O",
					     "--as-needed",
					     "--no-as-needed",
					     "--build-id",
					     "--hash-style=",
					     "-Bsymbolic",
					     "--sort-common",
					     "--warn-",
					     "--no-undefined",
					     "--fatal-warnings",
					     "-rpath",
					     "--enable-new-dtags",
					     "-soname",
					     "--start-group",
					     "--end-group",
					     "--dynamic-linker",
					     "-s",
					     "-x",
					     "-X"};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (!strncmp(word, starts[i], strlen(starts[i])))
			return true;
	return false;
}

/* Those of them whose value is the next word. */
static bool takes_word(const char *word)
{
	return !strcmp(word, "-z") || !strcmp(word, "-rpath") || !strcmp(word, "-soname");
}

/* The linker's own words, behind a name for argv[0]. */
static struct iov_option_list linker_words(const struct iovcc_plan *plan, struct iov_arena *arena)
{
	struct iov_option_list words = {0};

	option_append(&words, "iovcc", arena);
	for (size_t i = 0; i < plan->linker.count; i++) {
		const char *word = plan->linker.items[i];

		if (!is_host_option(word))
			option_append(&words, word, arena);
		else if (takes_word(word))
			i++;
	}
	return words;
}

static enum iov_status read_words(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink,
				  struct iov_ld_options *options, struct iov_option_list *files)
{
	static const struct iov_option_spec spec = {.tool = "iovcc -Wl,", .options = iov_ld_options};
	struct iov_option_list words = linker_words(plan, arena);
	struct iov_option_common common = {0};

	if (words.count <= 1)
		return IOV_OK;
	return option_parse(&spec, (int)words.count, (char **)words.items, arena, sink, options, &common, files);
}

static void add_list(struct iov_option_list *to, const struct iov_option_list *from, struct iov_arena *arena)
{
	for (size_t i = 0; i < from->count; i++)
		option_append(to, from->items[i], arena);
}

/* What the steps gave, but for what was merged. */
static size_t gather(const struct iovcc_plan *plan, const struct iovcc_result *results,
		     const struct iovcc_result *merged, struct iov_input_bytes *into)
{
	size_t count = 0;

	if (plan->merges)
		into[count++] = (struct iov_input_bytes){plan->merger.input.path, merged->out.data, merged->out.len};
	for (size_t i = 0; i < plan->step_count; i++)
		if (!plan->merges || plan_is_assembly(&plan->steps[i]))
			into[count++] = (struct iov_input_bytes){plan->steps[i].input.path, results[i].out.data,
								 results[i].out.len};
	return count;
}

enum iov_status join_steps(const struct iovcc_plan *plan, const struct iovcc_result *results,
			   const struct iovcc_result *merged, struct iov_arena *arena, struct iov_sink *sink)
{
	struct iov_ld_options options = {0};
	struct iov_option_list files = {0}, named = {0};
	struct iov_input_bytes *memory = arena_array(arena, plan->step_count + 1, sizeof(*memory));
	enum iov_status status = memory ? read_words(plan, arena, sink, &options, &named) : IOV_NOMEM;

	if (status != IOV_OK)
		return status;
	add_list(&files, &plan->linked, arena);
	add_list(&files, &named, arena);
	options.memory = memory;
	options.memory_count = gather(plan, results, merged, memory);
	options.output = plan_module(plan);
	options.folders = plan->folders;
	options.libraries = plan->libraries;
	options.platforms = plan->platforms;
	options.target_btf = plan->target_btf ? plan->target_btf : options.target_btf;
	options.relocatable |= plan->relocatable;
	options.no_verify |= plan->no_verify;
	options.keep_debug |= plan->codegen.debug;
	status = ld_files(&options, &files, arena, sink);
	for (size_t i = 0; i < plan->step_count; i++)
		places_resolve(plan, sink, plan->steps[i].input.path);
	return status;
}

static void show_words(struct iov_buf *out, const char *option, const struct iov_option_list *words)
{
	for (size_t i = 0; i < words->count; i++)
		buf_printf(out, " \"%s%s\"", option, words->items[i]);
}

void join_show(const struct iovcc_plan *plan, struct iov_buf *out)
{
	buf_puts(out, " \"iovld\"");
	for (size_t i = 0; i < plan->step_count; i++)
		buf_printf(out, " \"%s\"", plan->steps[i].input.path);
	show_words(out, "", &plan->linked);
	show_words(out, "-L", &plan->folders);
	show_words(out, "-l", &plan->libraries);
	show_words(out, "--platform=", &plan->platforms);
	if (plan->target_btf)
		buf_printf(out, " \"--target-btf=%s\"", plan->target_btf);
	show_words(out, "", &plan->linker);
	buf_printf(out, "%s%s%s \"-o\" \"%s\"\n", plan->relocatable ? " \"-r\"" : "",
		   plan->no_verify ? " \"--no-verify\"" : "", plan->codegen.debug ? " \"--keep-debug\"" : "",
		   plan_module(plan));
}
