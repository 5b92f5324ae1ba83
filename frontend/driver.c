/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: running a plan: its steps in children, as many at once as -j says; what each gave is written, and its messages
 * said, in the order of the command line, whatever the order in which they end. */
#include "frontend/driver.h"

#include "asm/base/output.h"
#include "frontend/search.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A step on its way. */
struct progress {
	struct iovcc_child child;
	struct iov_sink sink;
	struct iovcc_result result;
	enum iov_status status;
	bool done;
};

struct run {
	const struct iovcc_plan *plan;
	struct iovcc_plan keep_loops; /* the plan for what has to be made again */
	struct iov_sink *sink;
	const struct iovcc_step *steps; /* those that are run */
	struct progress *progress;      /* of each */
	size_t started, said, running;
	enum iov_status worst;
};

static bool readable(const char *input, struct iov_sink *sink)
{
	struct stat st;
	const char *why = NULL;

	if (access(input, R_OK) || stat(input, &st))
		why = strerror(errno);
	else if (S_ISDIR(st.st_mode))
		why = "it is a directory";
	if (why)
		diag_add(sink, DIAG_FILE_READ, IOV_NOWHERE, "cannot read %s: %s", *input ? input : "''", why);
	return !why;
}

/* The optimiser made calls of loops, and BPF has none of them: once more, with the loops. Standard input is gone. */
static bool start_again(struct run *r, size_t i)
{
	const struct iovcc_step *step = &r->steps[i];
	struct progress *p = &r->progress[i];

	if (!p->result.loops_made || p->child.plan == &r->keep_loops ||
	    (!step->parts && !strcmp(step->input.path, "-")))
		return false;
	buf_free(&p->result.out);
	buf_free(&p->result.deps);
	buf_free(&p->result.times);
	sink_free(&p->sink);
	sink_init(&p->sink, NULL);
	p->result = (struct iovcc_result){0};
	r->keep_loops = *r->plan;
	r->keep_loops.codegen.keep_loops = true;
	p->status = child_start(&r->keep_loops, step, &p->sink, &p->child);
	return p->status == IOV_OK;
}

static void start(struct run *r)
{
	const struct iovcc_step *step = &r->steps[r->started];
	struct progress *p = &r->progress[r->started++];

	sink_init(&p->sink, NULL);
	if (!step->parts && strcmp(step->input.path, "-") && !readable(step->input.path, &p->sink))
		p->status = IOV_DIAGNOSED;
	else
		p->status = child_start(r->plan, step, &p->sink, &p->child);
	p->done = p->status != IOV_OK;
	r->running += !p->done;
}

/* Wait until any of the children ends. Where that cannot be waited for (SIGCHLD is ignored), none has a result. */
static void reap(struct run *r)
{
	int wait_status = 0;
	pid_t pid = waitpid(-1, &wait_status, 0);

	if (pid < 0 && errno == EINTR)
		return;
	for (size_t i = 0; i < r->started; i++) {
		struct progress *p = &r->progress[i];

		if (p->done || (pid > 0 && p->child.pid != pid))
			continue;
		p->status = child_finish(&p->child, wait_status, &p->sink, &p->result);
		p->done = !start_again(r, i);
		r->running -= p->done;
	}
}

static enum iov_status write_outputs(const struct iovcc_step *step, const struct iovcc_result *result,
				     struct iov_sink *sink)
{
	enum iov_status status = IOV_OK;
	struct stat st;

	if (step->deps)
		status = output_write(step->deps, result->deps.data, result->deps.len, sink);
	if (status == IOV_OK && step->output)
		status = output_write(step->output, result->out.data, result->out.len, sink);
	if (status != IOV_OK && step->deps && !lstat(step->deps, &st) && S_ISREG(st.st_mode))
		unlink(step->deps); /* a rule for what was not made */
	return status;
}

/* -### and -v: Clang's own command line, on standard error as clang writes it. */
static enum iov_status write_shown(const struct iovcc_result *result)
{
	return write(STDERR_FILENO, result->out.data, result->out.len) < 0 ? IOV_DIAGNOSED : IOV_OK;
}

/* Notes about the command line are the same for each input. */
static bool is_repeated(const struct iov_sink *sink, const struct iov_diag *d)
{
	return d->id == DIAG_OPTION_PASSED_OVER && diag_said(sink, d);
}

static void say(struct run *r)
{
	const struct iovcc_step *step = &r->steps[r->said];
	struct progress *p = &r->progress[r->said++];

	if (p->status == IOV_OK)
		p->status =
			r->plan->show_commands ? write_shown(&p->result) : write_outputs(step, &p->result, &p->sink);
	if (p->result.times.len && write(STDERR_FILENO, p->result.times.data, p->result.times.len) < 0)
		p->status = IOV_DIAGNOSED;
	for (const struct iov_diag *d = p->sink.first; d; d = d->next)
		if (!is_repeated(r->sink, d))
			diag_copy(r->sink, d, d->severity);
	r->sink->oom |= p->sink.oom;
	sink_free(&p->sink);
	if (iov_exit_code(p->status) > iov_exit_code(r->worst))
		r->worst = p->status;
}

/* All steps of the list, `count` of them. */
static void run_all(struct run *r, const struct iovcc_step *steps, size_t count)
{
	r->steps = steps;
	r->started = r->said = 0;
	while (r->said < count) {
		while (r->started < count && r->running < r->plan->jobs)
			start(r);
		if (!r->progress[r->said].done)
			reap(r);
		while (r->said < r->started && r->progress[r->said].done)
			say(r);
	}
}

static void free_results(struct iovcc_result *results, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buf_free(&results[i].out);
		buf_free(&results[i].deps);
		buf_free(&results[i].times);
	}
}

enum iov_status driver_steps(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink)
{
	struct run r = {.plan = plan, .sink = sink};
	struct iovcc_step merger = plan->merger;
	struct iovcc_result *results = arena_array(arena, plan->step_count, sizeof(*results)), merged = {0};

	r.progress = arena_array(arena, plan->step_count + 1, sizeof(*r.progress));
	if (!r.progress || !results)
		return IOV_NOMEM;
	run_all(&r, plan->steps, plan->step_count);
	for (size_t i = 0; i < plan->step_count; i++)
		results[i] = r.progress[i].result;
	if (r.worst == IOV_OK && plan->merges) {
		merger.parts = results;
		r.progress[0] = (struct progress){0};
		run_all(&r, &merger, 1);
		merged = r.progress[0].result;
	}
	if (r.worst == IOV_OK && plan->links && !plan->show_commands)
		r.worst = join_steps(plan, results, &merged, arena, sink);
	free_results(results, plan->step_count);
	free_results(&merged, 1);
	return r.worst;
}

static bool reads_c(const struct iovcc_plan *plan)
{
	for (size_t i = 0; i < plan->step_count; i++)
		if (plan->steps[i].input.language < IOVCC_CPP_OUTPUT)
			return true;
	return false;
}

static void show_search(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_buf *out)
{
	struct search search;

	search_read(&plan->clang, headers_unpacked(arena), arena, &search);
	search_print(&search, out);
}

/* -### and -v: the steps as command lines; -v also says where headers are looked for. */
static enum iov_status show(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink)
{
	struct iovcc_plan only = *plan;
	struct iov_buf out = {0};
	enum iov_status status;

	only.show_commands = true;
	status = driver_steps(&only, arena, sink);
	if (status == IOV_OK && plan->verbose && reads_c(plan))
		show_search(plan, arena, &out);
	if (status == IOV_OK && plan->links)
		join_show(plan, &out);
	if (status == IOV_OK)
		status = out.failed ? IOV_NOMEM : write(STDERR_FILENO, out.data, out.len) < 0 ? IOV_DIAGNOSED : IOV_OK;
	buf_free(&out);
	return status;
}

/* Preprocessed text may carry its platforms, which the child finds. */
static bool may_carry(const struct iovcc_plan *plan)
{
	for (size_t i = 0; i < plan->step_count; i++)
		if (plan->steps[i].input.language == IOVCC_CPP_OUTPUT)
			return true;
	return false;
}

enum iov_status driver_run(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink)
{
	struct iovcc_plan checked = *plan;
	enum iov_status status = plan_check_outputs(plan, arena, sink);

	if (status == IOV_OK && !may_carry(plan))
		status = proof_limits(&checked, arena, sink);
	if (status == IOV_OK && (plan->show_commands || plan->verbose))
		status = show(&checked, arena, sink);
	if (status == IOV_OK && !plan->show_commands && plan->database)
		status = database_write(&checked, sink);
	if (status == IOV_OK && !plan->show_commands && plan->temps)
		status = temps_write(&checked, arena, sink);
	return plan->show_commands || status != IOV_OK ? status : driver_steps(&checked, arena, sink);
}
