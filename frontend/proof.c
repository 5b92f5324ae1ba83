/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the verification of an object's programs on the platforms that the command line names (by default the one that
 * most programs meet, see iovcc_default_platform). What the verifier cannot judge yet, programs whose type a platform
 * does not offer, and references that another object will define are warnings under -c, since objects are compiled for
 * other loaders and for linking; all else is an error. What was accepted is recorded: facts and evidence. */
#include "frontend/driver.h"

#include "asm/base/tool.h"
#include "asm/yaml/platform_read.h"
#include "backend/verify/verify.h"
#include "linker/object/manifest.h"
#include "linker/object/target.h"

#include <string.h>

const char iovcc_default_platform[] = "linux-6.12";

enum iov_status proof_platforms(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink,
				const struct iov_platform ***out, size_t *count)
{
	size_t n = plan->platforms.count ? plan->platforms.count : 1;
	const struct iov_platform **list = arena_array(arena, n, sizeof(*list));

	enum iov_status status = list ? IOV_OK : IOV_NOMEM;

	for (size_t i = 0; i < n && status == IOV_OK; i++)
		status = platform_open(plan->platforms.count ? plan->platforms.items[i] : iovcc_default_platform, arena,
				       sink, &list[i]);
	*out = list;
	*count = n;
	return status;
}

static enum iov_severity severity_of(const struct iovcc_plan *plan, const struct iov_diag *d)
{
	bool unjudged = d->id == DIAG_V_UNSUPPORTED || d->id == DIAG_V_PROG_TYPE || d->id == DIAG_UNDEFINED;

	/* -Werror is for what the source says, not for what this tool cannot do yet. */
	return unjudged && plan->mode == IOVCC_OBJECT && d->severity == IOV_ERROR ? IOV_WARNING : d->severity;
}

/* Move one program's diagnostics to the sink. `platform` is NULL when none had a say. */
static enum iov_status report(const struct iovcc_plan *plan, const struct iov_platform *platform,
			      enum iov_status status, const struct iov_sink *found, struct iov_sink *sink)
{
	uint32_t errors = sink->errors;
	struct iov_diag *copy;

	for (const struct iov_diag *d = found->first; d; d = d->next) {
		copy = diag_said(sink, d); /* what several platforms say alike is said once */
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
	struct iov_record_facts facts; /* those of the first platform that accepts it */
	bool have_facts;
};

/* Facts are recorded once, with the first platform that accepts; evidence with each. */
static enum iov_status record(struct proof *p, const struct iov_platform *platform, const struct iov_facts *proved)
{
	struct iov_record_evidence evidence = {.program = p->prog->name,
					       .platform = platform->name,
					       .verifier = "iovcc " IOV_VERSION,
					       .processed = proved->processed,
					       .states = proved->states};
	enum iov_status status = IOV_OK;

	if (!p->have_facts) {
		status = manifest_facts(p->object, p->index, p->prog, proved, p->arena, p->sink, &p->facts);
		if (status)
			return status;
		manifest_put_facts(p->records, &p->facts);
		p->have_facts = true;
	}
	memcpy(evidence.code, p->facts.code, sizeof(evidence.code));
	status = platform_digest(platform, p->arena->alloc, evidence.rules);
	manifest_put_evidence(p->records, &evidence);
	return status;
}

static bool is_unlinked(const struct iov_prog *prog)
{
	for (uint32_t i = 0; i < prog->extern_count; i++)
		if (prog->externs[i].unlinked || prog->externs[i].unlinked_size)
			return true;
	return false;
}

/* Accepted as far as it goes: what it calls is not known yet. */
static void name_unlinked(const struct proof *p, struct iov_sink *found)
{
	const char *names = NULL;

	for (uint32_t i = 0; i < p->prog->extern_count; i++)
		if (p->prog->externs[i].unlinked || p->prog->externs[i].unlinked_size)
			names = arena_printf(p->arena, "%s%s%s%s", names ? names : "", names ? ", " : "",
					     p->prog->externs[i].name, p->prog->externs[i].unlinked ? "()" : "");
	diag_hint(diag_add(found, DIAG_V_UNLINKED, prog_span(p->prog, 0),
			   "%s is checked, but for what other objects define: %s", p->prog->name, names ? names : "?"),
		  "iovld links it with them, and checks the whole");
}

static enum iov_status prove(struct proof *p, const struct iov_platform *platform)
{
	struct iov_verify_options options = {0};
	struct iov_facts facts = {0};
	struct iov_sink found;
	enum iov_status status;

	sink_init(&found, NULL);
	status = verify_prog(p->prog, platform, &options, p->arena, &found, &facts);
	if (status == IOV_OK && is_unlinked(p->prog))
		name_unlinked(p, &found);
	else if (status == IOV_OK)
		status = record(p, platform, &facts);
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

/* Under -c: functions that stand outside the sections of programs, for other objects to call. */
static bool is_library(const struct iovcc_plan *plan, const struct iov_object_prog *prog)
{
	return plan->mode == IOVCC_OBJECT && !prog->type && !strcmp(prog->section, ".text");
}

static void name_library(const struct iovcc_plan *plan, const struct iov_object *object, struct iov_arena *arena,
			 struct iov_sink *sink)
{
	struct iov_span where = IOV_NOWHERE;
	const char *names = NULL;

	for (uint32_t i = 0; i < object->prog_count; i++)
		if (is_library(plan, &object->progs[i]))
			names = arena_printf(arena, "%s%s%s()", names ? names : "", names ? ", " : "",
					     object->progs[i].name);
	where.file = object->name;
	if (names)
		diag_add(sink, DIAG_V_UNLINKED, where, "no program here calls them, so linking checks them: %s", names);
}

enum iov_status proof_object(const struct iovcc_plan *plan, const struct iov_object *object, struct iov_arena *arena,
			     struct iov_sink *sink, struct iov_buf *records)
{
	const struct iov_platform **platforms;
	const struct iov_btf **targets;
	struct iov_targets read = {0};
	enum iov_status worst;
	size_t count;

	worst = proof_platforms(plan, arena, sink, &platforms, &count);
	targets = worst == IOV_OK ? arena_array(arena, count, sizeof(*targets)) : NULL;
	for (size_t i = 0; targets && worst == IOV_OK && i < count; i++)
		worst = targets_find(&read, plan->target_btf ? plan->target_btf : platforms[i]->target_btf, arena, sink,
				     &targets[i]);
	if (worst != IOV_OK || !targets)
		return worst != IOV_OK ? worst : IOV_NOMEM;
	name_library(plan, object, arena, sink);
	for (uint32_t i = 0; i < object->prog_count; i++) {
		struct proof p = {
			.plan = plan, .object = object, .index = i, .arena = arena, .sink = sink, .records = records};

		if (!is_library(plan, &object->progs[i]))
			worst = worse(worst, prove_all(&p, platforms, targets, count));
	}
	return worst;
}
