/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: -save-temps. What a source becomes on its way is what other command lines print: the plan is run once for each,
 * with another end, before it is run itself. Its messages come with that last run. */
#include "frontend/driver.h"

#include <string.h>

static const struct temps_kind {
	enum iovcc_mode mode;
	bool emit_llvm;
	const char *suffix;
} kinds[] = {
	{IOVCC_PREPROCESS, false, ".i"},
	{IOVCC_OBJECT, true, ".bc"},
	{IOVCC_ASM, false, ".s"},
};

/* Beside the output, or in the working folder. */
static const char *name_of(const struct iovcc_plan *plan, const char *input, const char *suffix,
			   struct iov_arena *arena)
{
	const char *name = plan_with_suffix(strcmp(input, "-") ? plan_base_name(input) : "a", suffix, arena);
	const char *output = plan->output ? plan->output : "";
	int folder = (int)(plan_base_name(output) - output);

	return plan->temps == IOVCC_TEMPS_BESIDE ? arena_printf(arena, "%.*s%s", folder, output, name) : name;
}

static bool is_kept(const struct iovcc_input *in, const struct temps_kind *kind)
{
	return in->language == IOVCC_C || (in->language == IOVCC_CPP_OUTPUT && kind->mode != IOVCC_PREPROCESS);
}

/* The plan's C sources with this end. */
static struct iovcc_plan variant(const struct iovcc_plan *plan, const struct temps_kind *kind, struct iov_arena *arena)
{
	struct iovcc_plan v = *plan;

	v.mode = kind->mode;
	v.emit_llvm = kind->emit_llvm;
	v.links = v.merges = v.lto = v.deps = v.deps_only = v.time_report = false;
	v.linked.count = v.libraries.count = v.step_count = 0;
	v.steps = arena_array(arena, plan->step_count, sizeof(*v.steps));
	for (size_t i = 0; v.steps && i < plan->step_count; i++) {
		const struct iovcc_input *in = &plan->steps[i].input;

		if (!is_kept(in, kind))
			continue;
		v.steps[v.step_count].input = *in;
		v.steps[v.step_count++].output = name_of(plan, in->path, kind->suffix, arena);
	}
	return v;
}

enum iov_status temps_write(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink)
{
	enum iov_status status = IOV_OK;
	struct iov_sink said;

	sink_init(&said, NULL);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && status == IOV_OK; i++) {
		struct iovcc_plan v = variant(plan, &kinds[i], arena);

		status = v.steps ? driver_steps(&v, arena, &said) : IOV_NOMEM;
	}
	for (const struct iov_diag *d = said.first; d; d = d->next)
		if (d->id == DIAG_FILE_WRITE)
			diag_copy(sink, d, d->severity);
	sink_free(&said);
	return sink->errors ? IOV_DIAGNOSED : status == IOV_NOMEM ? status : IOV_OK;
}
