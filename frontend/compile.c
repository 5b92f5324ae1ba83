/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: one input from C to bytes: the arguments that Clang gets beyond the user's, the run of the front end and of
 * code generation, and the judgement of the object.
 *
 * No absolute path gets into an output. The prefix maps (the last that matches wins) write paths below the working
 * folder relative to it, below its parents with "..", beside an input that was given by an absolute path relative to
 * that input, and any other without its first "/". places.c undoes them for messages. */
#include "frontend/carry.h"
#include "frontend/prune.h"
#include "frontend/search.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void push_map(struct iov_option_list *args, const char *from, int len, const char *to, struct iov_arena *arena)
{
	if (!memchr(from, '=', (size_t)len)) /* Clang would split there */
		option_append(args, arena_printf(arena, "-ffile-prefix-map=%.*s=%s", len, from, to), arena);
}

/* "/a/b/c": "/a" is "../..", "/a/b" is "..", "/a/b/c" is ".". */
static void map_folder(struct iov_option_list *args, const char *folder, struct iov_arena *arena)
{
	size_t depth = 0, len = strlen(folder);
	const char *up = "";

	for (const char *p = folder; *p; p++)
		depth += *p == '/';
	for (const char *p = folder + 1; depth > 1; depth--) {
		p = strchr(p, '/');
		up = "..";
		for (size_t i = 2; i < depth; i++)
			up = arena_printf(arena, "%s/..", up);
		push_map(args, folder, (int)(p - folder), up, arena);
		p++;
	}
	push_map(args, folder, (int)len, ".", arena);
}

static void map_paths(struct iov_option_list *args, const struct iovcc_files *files, const char *input,
		      struct iov_arena *arena)
{
	char *here = files->folder ? NULL : getcwd(NULL, 0);
	const char *cwd = files->folder ? files->folder : here;
	const char *slash = strrchr(input, '/');

	option_append(args, "-fdebug-compilation-dir=" IOV_VIRTUAL_ROOT, arena);
	option_append(args, "-ffile-prefix-map=/=", arena);
	option_append(args, "-ffile-prefix-map=./=", arena);
	if (cwd && cwd[0] == '/' && cwd[1]) {
		map_folder(args, cwd, arena);
		push_map(args, arena_printf(arena, "%s/", cwd), (int)strlen(cwd) + 1, "", arena);
	}
	if (slash && slash != input && input[0] == '/') {
		push_map(args, input, (int)(slash - input), ".", arena);
		push_map(args, input, (int)(slash - input + 1), "", arena);
	}
	option_append(args, "-ffile-prefix-map=/usr/include/=usr/include/", arena);
	option_append(args, "-ffile-prefix-map=" IOV_VIRTUAL_ROOT "=", arena);
	push_map(args, IOV_VIRTUAL_ROOT "/", (int)strlen(IOV_VIRTUAL_ROOT) + 1, "<iov>/", arena);
	free(here);
}

bool plan_is_assembly(const struct iovcc_step *step)
{
	return step->input.language == IOVCC_ASSEMBLY || step->input.language == IOVCC_ASSEMBLY_CPP;
}

/* Assembled here, not only preprocessed. */
static bool is_assembled(const struct iovcc_plan *plan, const struct iovcc_step *step)
{
	return plan_is_assembly(step) && plan->mode <= IOVCC_OBJECT;
}

static enum iov_clang_action action_of(const struct iovcc_plan *plan, const struct iovcc_step *step)
{
	if (is_assembled(plan, step))
		return IOV_CLANG_PREPROCESS;
	switch (plan->mode) {
	case IOVCC_PREPROCESS:
		return IOV_CLANG_PREPROCESS;
	case IOVCC_SYNTAX:
		return IOV_CLANG_SYNTAX_ONLY;
	case IOVCC_DEPS:
		return IOV_CLANG_DEPS_ONLY;
	default:
		return IOV_CLANG_IR;
	}
}

/* BTF declares the maps and carries the C lines that the verifier's messages point at: objects always have it. DWARF,
 * which names the variables, is dropped at the end unless -g asks for it. */
static bool wants_types(const struct iovcc_plan *plan)
{
	return plan->mode <= IOVCC_OBJECT && !plan->emit_llvm && !plan->debug_given;
}

/* LLVM's file system wants to know the working folder. One that was removed under us has no name: this process is the
 * child's, which may go elsewhere, and relative names would not be found there either. */
static const char *folder_fault(void)
{
	char *cwd = getcwd(NULL, 0);
	const char *fault = NULL;

	if (cwd && strlen(cwd) >= PATH_MAX)
		fault = "the name of the working folder is longer than the system's calls take";
	else if (!cwd && chdir("/"))
		fault = "there is no working folder";
	free(cwd);
	return fault;
}

static void clang_args(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iov_option_list *args,
		       struct iov_arena *arena)
{
	/* As -x names them: the order of enum iovcc_language. */
	static const char *const languages[] = {"c", "c", "cpp-output", "assembler-with-cpp", "assembler-with-cpp"};

	option_append(args, plan->codegen.big_endian ? "--target=bpfeb" : "--target=bpfel", arena);
	option_append(args, arena_printf(arena, "-mcpu=v%d", plan->codegen.cpu), arena);
	option_append(args, "-fno-ident", arena);
	if (!plan->optimise_given)
		option_append(args, "-O2", arena);
	if (wants_types(plan))
		option_append(args, "-g", arena);
	map_paths(args, plan->files, step->input.path, arena);
	for (size_t i = 0; i < plan->clang.count; i++)
		option_append(args, plan->clang.items[i], arena);
	if (plan->mode == IOVCC_PREPROCESS || is_assembled(plan, step))
		option_append(args, "-E", arena);
	else if (plan->mode == IOVCC_SYNTAX)
		option_append(args, "-fsyntax-only", arena);
	else if (plan->mode != IOVCC_DEPS)
		option_append(args, "-c", arena);
	if (step->output && (plan->deps || plan->mode <= IOVCC_ASM) && strcmp(step->output, "-")) {
		option_append(args, "-o", arena);
		option_append(args, step->output, arena);
	}
	option_append(args, "-x", arena);
	option_append(args, languages[step->input.language], arena);
	if (plan->deps && plan->deps_file) {
		option_append(args, "-MF", arena);
		option_append(args, plan->deps_file, arena);
	}
}

static enum iov_codegen_output output_kind(const struct iovcc_plan *plan, const struct iovcc_step *step)
{
	if (plan->mode == IOVCC_ASM)
		return plan->emit_llvm || plan->lto ? IOV_EMIT_IR : IOV_EMIT_ASM;
	return plan->emit_llvm || (plan->lto && !step->parts) ? IOV_EMIT_BITCODE : IOV_EMIT_OBJECT;
}

enum iov_status generate(const struct iovcc_plan *plan, const struct iovcc_step *step, LLVMModuleRef module,
			 struct iov_arena *arena, struct iov_sink *sink, struct iov_buf *out)
{
	struct iov_codegen_options options = plan->codegen;
	enum iov_status status;

	options.output = output_kind(plan, step);
	options.stage = !plan->lto ? IOV_STAGE_ALONE : step->parts ? IOV_STAGE_MERGED : IOV_STAGE_BEFORE_MERGE;
	options.debug |= wants_types(plan);
	options.llvm_args = plan->llvm.items;
	if (plan->no_verify)
		options.max_stack = 0;
	sink->werror = plan->strict;
	status = codegen_emit(module, &options, sink, out);
	sink->werror = false;
	if (status == IOV_OK && options.output == IOV_EMIT_OBJECT)
		status = judge_object(plan, step->input.path, arena, sink, out);
	return status;
}

struct shortening {
	const struct iovcc_plan *plan;
	const struct iovcc_step *step;
	struct iov_arena *arena;
	struct mentions mentions;
	bool asked, known, used;
};

/* The source's words are collected when a vmlinux.h turns up; most sources include none. */
static const char *shorten(void *ud, const char *text, size_t len, size_t *out_len)
{
	struct shortening *s = ud;
	struct decls index;
	const char *shorter;
	bool known;

	if (!prune_is_vmlinux(text, len))
		return NULL;
	if (!s->asked)
		s->known = mentions_collect(s->plan, s->step, s->arena, &s->mentions);
	s->asked = true;
	timing_mark(s->plan->codegen.timing, "Clang: headers, source, IR");
	known = s->known && decls_get(text, len, !s->plan->no_cache, s->arena, &index);
	shorter = known ? prune_text(&s->mentions, &index, s->arena, out_len) : NULL;
	timing_mark(s->plan->codegen.timing, "vmlinux.h cut down");
	s->used |= shorter != NULL;
	return shorter;
}

/* Clang on the source; first with vmlinux.h cut down to what the source can reach, where it is included. Whatever
 * Clang says then may be due to that, and the whole header decides. */
static enum iov_status run_clang(const struct iovcc_plan *plan, const struct iovcc_step *step,
				 struct iov_clang_job *job, struct iov_arena *arena, struct iov_sink *sink,
				 struct iov_clang_result *ir)
{
	struct shortening how = {.plan = plan, .step = step, .arena = arena};
	struct iov_sink said;
	enum iov_status status;

	if (job->action != IOV_CLANG_IR || job->show_cc1 || plan->whole_headers || !strcmp(step->input.path, "-"))
		return clang_run(job, sink, ir);
	job->shorten = shorten;
	job->shorten_ud = &how;
	sink_init(&said, NULL);
	status = clang_run(job, &said, ir);
	job->shorten = NULL;
	if (!how.used || (status == IOV_OK && warnings_alone(&said))) {
		for (const struct iov_diag *d = said.first; d; d = d->next)
			diag_copy(sink, d, d->severity);
		sink->oom |= said.oom;
	} else {
		buf_free(&ir->deps);
		*ir = (struct iov_clang_result){0};
		status = clang_run(job, sink, ir);
	}
	sink_free(&said);
	return status;
}

static void saw(void *ud, const char *path, uint64_t id, const char *text, size_t len)
{
	files_note(ud, path, id, text, len);
}

/* Preprocessed text that carries its sources (carry.h). Cutting down vmlinux.h reads headers that the preprocessor does
 * not, since it takes both branches of each #if: they are noted too. */
static enum iov_status preprocess(const struct iovcc_plan *plan, const struct iovcc_step *step,
				  struct iov_clang_job *job, struct iov_arena *arena, struct iov_sink *sink,
				  struct iov_clang_result *ir)
{
	struct iovcc_files *files = plan->files;
	struct mentions unused;
	enum iov_status status;
	bool shortens = false;

	files->kind = IOVCC_FILES_NOTED;
	files->folder = files_absolute(files, "", arena);
	files->arena = arena;
	job->saw = saw;
	job->saw_ud = files;
	status = clang_run(job, sink, ir);
	for (size_t i = 0; i < files->count && !shortens; i++)
		shortens = files->list[i].text && prune_is_vmlinux(files->list[i].text, files->list[i].len);
	if (shortens && !plan->whole_headers)
		mentions_collect(plan, step, arena, &unused);
	return status == IOV_OK ? carry_write(plan, step, files, arena, sink, &ir->out) : status;
}

/* The headers inside the tool, and what was carried. */
static enum iov_status give_files(const struct iovcc_files *files, struct iov_clang_job *job, struct iov_arena *arena)
{
	size_t count;
	const struct iov_virtual_file *inside = headers_files(&count);
	struct iov_virtual_file *all;

	job->files = inside;
	job->file_count = count;
	if (files->kind != IOVCC_FILES_CARRIED)
		return IOV_OK;
	all = arena_array(arena, count + files->count, sizeof(*all));
	if (!all)
		return IOV_NOMEM;
	memcpy(all, inside, count * sizeof(*all));
	for (size_t i = 0; i < files->count; i++) {
		const struct iovcc_file *f = &files->list[i];

		all[count++] = (struct iov_virtual_file){f->path, f->text ? f->text : "", f->text ? f->len : 0};
	}
	job->files = all;
	job->file_count = count;
	job->folder = files->folder;
	return IOV_OK;
}

/* From C to IR or text, then to what the plan makes of them. */
static enum iov_status compile_c(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iov_arena *arena,
				 struct iov_sink *sink, struct iovcc_result *result)
{
	const char *input = step->input.path;
	struct iov_option_list args = {0}, depends = {0};
	struct iov_clang_job job = {.input = input, .action = action_of(plan, step)};
	struct iov_clang_result ir = {0};
	enum iov_status status = give_files(plan->files, &job, arena);

	if (status == IOV_OK && step->deps)
		status = carry_inputs(plan, arena, sink, &depends);
	job.depends = depends.items;
	if (status != IOV_OK)
		return status;
	clang_args(plan, step, &args, arena);
	job.args = args.items;
	job.system_dirs = search_system(&plan->clang, arena);
	job.llvm_args = plan->llvm.items;
	job.show_cc1 = plan->show_commands;
	job.timing = plan->codegen.timing;
	status = (carry_wanted(plan, step) ? preprocess : run_clang)(plan, step, &job, arena, sink, &ir);
	result->deps = ir.deps;
	if (plan->show_commands || (!ir.module && !is_assembled(plan, step)))
		result->out = ir.out;
	if (status == IOV_OK && ir.module)
		status = generate(plan, step, ir.module, arena, sink, &result->out);
	else if (status == IOV_OK && is_assembled(plan, step))
		status = assemble_step(plan, step, &ir.out, arena, sink, &result->out);
	else if (!ir.module)
		input = NULL; /* no debug information was made that would name mapped places */
	if (input)
		places_resolve(plan, sink, input);
	return status;
}

static bool is_text(const struct iovcc_plan *plan, const struct iovcc_step *step)
{
	return step->input.language == IOVCC_CPP_OUTPUT && !plan->show_commands &&
	       (plan->mode <= IOVCC_ASM || plan->mode == IOVCC_SYNTAX);
}

/* A step's own plan: what its text carries replaces options, and says which platforms there are. */
static enum iov_status compile_text(struct iovcc_plan *plan, struct iovcc_step *step, struct iov_arena *arena,
				    struct iov_sink *sink, struct iovcc_result *result)
{
	bool carried = false;
	enum iov_status status = carry_read(plan, step, plan->files, arena, sink, &carried);

	if (status == IOV_OK)
		status = proof_limits(plan, arena, sink);
	return status == IOV_OK ? compile_c(plan, step, arena, sink, result) : status;
}

enum iov_status compile_step(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iov_arena *arena,
			     struct iov_sink *sink, struct iovcc_result *result)
{
	struct iovcc_files files = {.arena = arena};
	struct iovcc_plan own = *plan;
	struct iovcc_step this = *step;
	struct iov_buf none = {0};
	const char *fault = folder_fault();
	enum iov_status status;

	own.files = &files;
	if (fault) {
		diag_add(sink, DIAG_FILE_READ, IOV_NOWHERE, "%s", fault);
		return IOV_DIAGNOSED;
	}
	status = is_text(plan, step) ? IOV_OK : proof_limits(&own, arena, sink);
	if (status != IOV_OK)
		return status;
	if (is_assembled(plan, step) && step->input.language == IOVCC_ASSEMBLY)
		return assemble_step(&own, step, &none, arena, sink, &result->out);
	if (step->input.language == IOVCC_IR)
		return ir_step(&own, step, arena, sink, &result->out);
	if (is_text(plan, step))
		status = compile_text(&own, &this, arena, sink, result);
	else
		status = compile_c(&own, &this, arena, sink, result);
	warnings_settle(&plan->warnings, sink);
	return status == IOV_OK && sink->errors ? IOV_DIAGNOSED : status;
}
