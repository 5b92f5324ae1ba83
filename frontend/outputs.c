/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what would be lost when a plan is run: a source that is its own output, an output that another one takes the
 * place of. Asked before anything is compiled. */
#include "frontend/driver.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A file that a plan names. */
struct named {
	const char *path;
	dev_t device;
	ino_t inode;
};

struct named_list {
	struct named *items;
	size_t count;
};

/* Only what exists and could be replaced can be lost: devices are written in place. */
static void add_existing(struct named_list *list, const char *path)
{
	struct stat st;

	if (path && !stat(path, &st) && S_ISREG(st.st_mode))
		list->items[list->count++] = (struct named){path, st.st_dev, st.st_ino};
}

static int by_file(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	return (x->inode > y->inode) - (x->inode < y->inode);
}

static enum iov_status usage(struct iov_sink *sink, const char *what, const char *path)
{
	diag_add(sink, DIAG_USAGE, IOV_NOWHERE, what, path);
	return IOV_USAGE;
}

static enum iov_status check_inputs(const struct iovcc_plan *plan, struct named_list *inputs,
				    struct named_list *outputs, struct iov_sink *sink)
{
	for (size_t i = 0; i < plan->input_count; i++)
		add_existing(inputs, plan->inputs[i].path);
	for (size_t i = 0; i < plan->step_count; i++) {
		add_existing(outputs, plan->steps[i].output);
		add_existing(outputs, plan->steps[i].deps);
	}
	if (plan->links || plan->merges)
		add_existing(outputs, plan->links ? plan_module(plan) : plan->merger.output);
	if (inputs->count)
		qsort(inputs->items, inputs->count, sizeof(*inputs->items), by_file);
	for (size_t i = 0; inputs->count && i < outputs->count; i++)
		if (bsearch(&outputs->items[i], inputs->items, inputs->count, sizeof(*inputs->items), by_file))
			return usage(sink, "the output %s is an input", outputs->items[i].path);
	return IOV_OK;
}

static int by_path(const void *a, const void *b)
{
	const struct iovcc_step *const *x = a, *const *y = b;

	return strcmp((*x)->output, (*y)->output);
}

/* Names are made of the inputs' without their folders: a/x.c and b/x.c both give x.o. */
static enum iov_status check_twins(const struct iovcc_plan *plan, const struct iovcc_step **steps,
				   struct iov_sink *sink)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->step_count; i++)
		if (plan->steps[i].output && strcmp(plan->steps[i].output, "-") != 0)
			steps[count++] = &plan->steps[i];
	if (count)
		qsort(steps, count, sizeof(*steps), by_path);
	for (size_t i = 1; i < count; i++)
		if (!strcmp(steps[i - 1]->output, steps[i]->output))
			return usage(sink, "two inputs would be written to %s, one over the other", steps[i]->output);
	return IOV_OK;
}

enum iov_status plan_check_outputs(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink)
{
	struct named_list inputs = {arena_array(arena, plan->input_count + 1, sizeof(struct named)), 0};
	struct named_list outputs = {arena_array(arena, 2 * plan->step_count + 1, sizeof(struct named)), 0};
	const struct iovcc_step **steps = arena_array(arena, plan->step_count + 1, sizeof(*steps));
	enum iov_status status;

	if (!inputs.items || !outputs.items || !steps)
		return IOV_NOMEM;
	status = check_inputs(plan, &inputs, &outputs, sink);
	if (status == IOV_OK)
		status = check_twins(plan, steps, sink);
	for (size_t i = 0; i < plan->step_count && status == IOV_OK; i++)
		if (plan->steps[i].deps && plan->steps[i].output && plan->steps[i].output[0] != '-' &&
		    !strcmp(plan->steps[i].deps, plan->steps[i].output))
			status = usage(sink, "both the output and the make rule would be written to %s",
				       plan->steps[i].deps);
	return status;
}
