/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the verification of an object's programs on the platforms that the command line names (by default the one that
 * most programs meet, see iovcc_default_platform). What the verifier cannot judge yet, or not without the types of the
 * target kernel, programs whose type a platform does not offer, and references that another object will define are
 * warnings under -c, since objects are compiled for other loaders and for linking; all else is an error. What was
 * accepted is recorded: facts and evidence. */
#include "frontend/driver.h"

#include "asm/base/tool.h"
#include "asm/yaml/platform_read.h"
#include "backend/assess/evidence.h"
#include "backend/assess/unlinked.h"
#include "linker/object/target.h"

#include <string.h>

const char iovcc_default_platform[] = "linux-6.12";

static enum iov_status open_platform(const struct iovcc_plan *plan, const char *name, struct iov_arena *arena,
				     struct iov_sink *sink, const struct iov_platform **out)
{
	bool carried = plan->files && plan->files->kind == IOVCC_FILES_CARRIED;
	size_t len;
	const char *text = carried ? files_text(plan->files, name, YML_MAX_BYTES, arena, &len) : NULL;

	return text ? platform_open_text(name, text, len, arena, sink, out) : platform_open(name, arena, sink, out);
}

enum iov_status proof_platforms(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink,
				const struct iov_platform ***out, size_t *count)
{
	size_t n = plan->platforms.count ? plan->platforms.count : 1;
	const struct iov_platform **list = arena_array(arena, n, sizeof(*list));

	enum iov_status status = list ? IOV_OK : IOV_NOMEM;

	for (size_t i = 0; i < n && status == IOV_OK; i++)
		status = open_platform(plan, plan->platforms.count ? plan->platforms.items[i] : iovcc_default_platform,
				       arena, sink, &list[i]);
	*out = list;
	*count = n;
	return status;
}

enum iov_status proof_limits(struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink)
{
	const struct iov_platform **platforms;
	size_t count;
	enum iov_status status = proof_platforms(plan, arena, sink, &platforms, &count);

	if (status != IOV_OK)
		return status == IOV_DIAGNOSED ? IOV_USAGE : status;
	for (size_t i = 0; i < count; i++) {
		if (platforms[i]->max_stack && platforms[i]->max_stack < plan->codegen.max_stack)
			plan->codegen.max_stack = platforms[i]->max_stack;
		if (!plan->cpu_given && platforms[i]->cpu && platforms[i]->cpu < plan->codegen.cpu)
			plan->codegen.cpu = platforms[i]->cpu;
	}
	return IOV_OK;
}

static enum iov_severity severity_of(const struct iovcc_plan *plan, const struct iov_diag *d)
{
	bool unjudged = d->id == DIAG_V_UNSUPPORTED || d->id == DIAG_V_PROG_TYPE || d->id == DIAG_UNDEFINED ||
			(d->id == DIAG_V_TARGET_TYPES && !plan->target_btf);

	/* -Werror is for what the source says, not for what this tool cannot do yet. */
	return unjudged && plan->mode == IOVCC_OBJECT && d->severity == IOV_ERROR ? IOV_WARNING : d->severity;
}

/* What this tool cannot do yet is said once, with the names of all programs that it concerns. */
static struct iov_diag *said(const struct iovcc_plan *plan, const struct iov_diag *d, const struct iov_sink *sink)
{
	struct iov_diag *before = diag_said(sink, d);

	if (before || d->id != DIAG_V_UNSUPPORTED || plan->mode != IOVCC_OBJECT || !d->span.program)
		return before;
	before = diag_alike(sink, d);
	if (before)
		diag_also(before, d->span.program);
	return before;
}

/* Move one program's diagnostics to the sink. `platform` is NULL when none had a say. */
static enum iov_status report(const struct iovcc_plan *plan, const struct iov_platform *platform,
			      enum iov_status status, const struct iov_sink *found, struct iov_sink *sink)
{
	uint32_t errors = sink->errors;
	struct iov_diag *copy;

	for (const struct iov_diag *d = found->first; d; d = d->next) {
		copy = said(plan, d, sink); /* what several platforms say alike is said once */
		if (!copy)
			copy = diag_copy(sink, d, severity_of(plan, d));
		if (platform && plan->platforms.count > 1)
			diag_platform(copy, platform->name);
	}
	if (status == IOV_DIAGNOSED)
		return sink->errors == errors && found->first ? IOV_OK : IOV_DIAGNOSED;
	return status;
}

/* What is proved about one program, platform by platform. */
struct proof {
	const struct iovcc_plan *plan;
	const struct iov_object *object;
	uint32_t index;
	const struct iov_btf *target; /* what CO-RE was resolved against in prog */
	struct iov_prog *prog;
	struct iov_arena *arena;
	struct iov_sink *sink;
	struct iov_buf *records;
	struct evidence evidence;
};

static enum iov_status prove(struct proof *p, const struct iov_platform *platform)
{
	struct iov_verify_options options = {0};
	struct iov_facts facts = {0};
	struct iov_sink found;
	enum iov_status status;

	sink_init(&found, NULL);
	status = verify_prog(p->prog, platform, &options, p->arena, &found, &facts);
	if (status == IOV_OK && unlinked_any(p->prog))
		unlinked_note(p->prog, &facts, p->arena, &found);
	else if (status == IOV_OK)
		status = evidence_record(&p->evidence, p->prog, platform, p->target, &facts, p->arena, p->sink,
					 p->records);
	status = report(p->plan, platform, status, &found, p->sink);
	sink_free(&found);
	return status;
}

/* p->prog stays NULL when it cannot be put together, which may be no more than a warning. */
static enum iov_status gather(struct proof *p)
{
	struct iov_sink found;
	enum iov_status status;

	sink_init(&found, NULL);
	status = (p->plan->mode == IOVCC_OBJECT ? object_prog_unlinked : object_prog)(p->object, p->index, p->target,
										      p->arena, &found, &p->prog);
	if (status != IOV_OK)
		p->prog = NULL;
	status = report(p->plan, NULL, status, &found, p->sink);
	sink_free(&found);
	return status;
}

static enum iov_status worse(enum iov_status a, enum iov_status b)
{
	return a == IOV_OK || b == IOV_BUG ? b : a;
}

/* One program on each platform; those with one target share what was put together for it. */
static enum iov_status prove_all(struct proof *p, const struct iov_platform **platforms, const struct iov_btf **targets,
				 size_t count)
{
	enum iov_status worst = IOV_OK;

	for (size_t i = 0; i < count; i++) {
		if (i == 0 || p->target != targets[i]) {
			p->target = targets[i];
			worst = worse(worst, gather(p));
		}
		if (p->prog)
			worst = worse(worst, prove(p, platforms[i]));
	}
	return worst;
}

/* Functions of the object, for other objects to call. */
struct library {
	const struct iovcc_plan *plan;
	const struct iov_object *object;
	const struct iov_platform **platforms;
	const struct iov_btf **targets;
	size_t platform_count;
	struct evidence_rules *rules; /* of each platform */
	struct iov_arena *arena;
	struct iov_sink *sink;
	bool *reached; /* by function: part of something that was checked */
	bool alone;    /* there are no programs beside them */
};

/* What no other object may call, because it returns no number; Linux never looks at it then. */
static bool is_unfit(const struct iov_prog *prog)
{
	return prog && (prog->subs[0].is_void || prog->subs[0].returns_other);
}

/* Beside programs, a function that nothing calls may be one that was inlined everywhere. */
static enum iov_status say(const struct library *l, uint32_t func, const struct iov_platform *platform,
			   enum iov_status status, bool unfit, const struct iov_sink *found)
{
	struct iov_span where = IOV_NOWHERE;
	const struct iov_diag *first = found->first;
	struct iov_diag *d;

	if (status != IOV_DIAGNOSED || (l->alone && !unfit))
		return report(l->plan, platform, status, found, l->sink);
	where.file = l->object->name;
	d = diag_add(l->sink, DIAG_V_UNLINKED, first ? first->span : where,
		     "no program here calls %s(), and another object could not: %s", l->object->funcs[func].name,
		     first ? first->message : "it has no prototype");
	diag_hint(d, "declare it static if it is not for others");
	return IOV_OK;
}

static enum iov_status prove_function(struct library *l, uint32_t func, size_t platform)
{
	struct iov_verify_options options = {0};
	struct unlinked_function f = {l->object, func, l->platforms[platform], l->targets[platform], &options};
	struct iov_arena scratch = {0};
	struct iov_facts facts;
	struct iov_sink found;
	struct iov_prog *prog = NULL;
	enum iov_status status;

	sink_init(&found, NULL);
	status = unlinked_verify(&f, &scratch, &found, &prog, &facts);
	if (status == IOV_OK && prog && unlinked_any(prog))
		unlinked_note(prog, &facts, &scratch, &found);
	if (prog)
		unlinked_mark(l->object, prog, l->reached);
	l->reached[func] = true;
	status = say(l, func, f.platform, status, is_unfit(prog), &found);
	sink_free(&found);
	arena_free(&scratch);
	return status;
}

/* Under -c, what no program of the object calls. */
static enum iov_status prove_library(struct library *l)
{
	const struct iov_object *o = l->object;
	enum iov_status worst = IOV_OK;
	bool mine;

	for (uint32_t i = 0; i < o->func_count; i++) {
		mine = !l->reached[i] && unlinked_callable(o, i);
		for (size_t k = 0; mine && k < l->platform_count; k++)
			worst = worse(worst, prove_function(l, i, k));
	}
	unlinked_rest(o, l->reached, l->arena, l->sink);
	return worst;
}

/* Under -c, a function that stands outside the sections of programs is for other objects to call. */
static bool is_library(const struct iovcc_plan *plan, const struct iov_object_prog *prog)
{
	return plan->mode == IOVCC_OBJECT && !prog->type && !strcmp(prog->section, ".text");
}

static enum iov_status open_targets(const struct iovcc_plan *plan, struct library *l)
{
	struct iov_targets read = {0};
	enum iov_status status = proof_platforms(plan, l->arena, l->sink, &l->platforms, &l->platform_count);

	if (status)
		return status;
	l->targets = arena_array(l->arena, l->platform_count, sizeof(*l->targets));
	l->reached = arena_array(l->arena, l->object->func_count + 1, sizeof(*l->reached));
	l->rules = arena_array(l->arena, l->platform_count, sizeof(*l->rules));
	if (!l->targets || !l->reached || !l->rules)
		return IOV_NOMEM;
	for (size_t i = 0; i < l->platform_count && !status; i++)
		status = targets_find(&read, plan->target_btf ? plan->target_btf : l->platforms[i]->target_btf,
				      l->arena, l->sink, &l->targets[i]);
	return status;
}

/* main() and no program: cmake, meson and autoconf compile such sources to learn about the compiler. */
static bool is_hosted(const struct iov_object *object)
{
	bool has_main = false;

	for (uint32_t i = 0; i < object->prog_count; i++)
		if (object->progs[i].type || strcmp(object->progs[i].section, ".text") != 0)
			return false;
	for (uint32_t i = 0; i < object->func_count; i++)
		has_main |= !object->funcs[i].local && !strcmp(object->funcs[i].name, "main");
	return has_main;
}

static enum iov_status name_hosted(const struct iov_object *object, struct iov_sink *sink)
{
	struct iov_span where = IOV_NOWHERE;

	where.file = object->name;
	diag_add(sink, DIAG_V_HOSTED, where, "main() is no program of a module: nothing is verified");
	return IOV_OK;
}

/* One program on every platform, in memory of its own: there may be thousands. */
static enum iov_status prove_program(struct library *l, uint32_t index, struct iov_buf *records, bool *unread)
{
	struct iov_arena scratch = {0};
	struct proof p = {.plan = l->plan, .object = l->object, .index = index, .arena = &scratch, .sink = l->sink,
			  .records = records,
			  .evidence = {.obj = l->object, .index = index, .verifier = "iovcc " IOV_VERSION,
				       .rules = l->rules, .rules_count = l->platform_count}};
	enum iov_status worst = prove_all(&p, l->platforms, l->targets, l->platform_count);

	*unread |= !p.prog;
	if (p.prog)
		unlinked_mark(l->object, p.prog, l->reached);
	arena_free(&scratch);
	return worst;
}

enum iov_status proof_object(const struct iovcc_plan *plan, const struct iov_object *object, struct iov_arena *arena,
			     struct iov_sink *sink, struct iov_buf *records)
{
	struct library l = {.plan = plan, .object = object, .arena = arena, .sink = sink, .alone = true};
	enum iov_status worst = open_targets(plan, &l);
	bool unread = false;

	if (worst)
		return worst;
	if (is_hosted(object))
		return name_hosted(object, sink);
	for (uint32_t i = 0; i < object->prog_count; i++) {
		if (is_library(plan, &object->progs[i]))
			continue;
		worst = worse(worst, prove_program(&l, i, records, &unread));
		l.alone = false;
	}
	return plan->mode == IOVCC_OBJECT && !unread ? worse(worst, prove_library(&l)) : worst;
}
