/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the files of iovcc's driver share. The driver plans: options.c reads the command line, plan.c makes steps
 * of it, one for each source, and says what is linked. Then it runs the plan: each step in a child process (child.c),
 * from source to IR to bytes (compile.c) with canonical types and verification (judge.c); results come back in memory
 * (wire.c) and are written by rename, or linked first (join.c), by the linker's library, which verifies the whole. */
#ifndef IOV_FRONTEND_DRIVER_H
#define IOV_FRONTEND_DRIVER_H

#include "asm/base/option.h"
#include "asm/isa/platform.h"
#include "backend/codegen/codegen.h"
#include "frontend/clang/clang.h"
#include "frontend/files.h"
#include "frontend/warnings.h"
#include "linker/object/object.h"

#include <sys/types.h>

/** Where the run stops. LINK: no -c; the result is a whole module. */
enum iovcc_mode { IOVCC_LINK, IOVCC_OBJECT, IOVCC_ASM, IOVCC_PREPROCESS, IOVCC_SYNTAX, IOVCC_DEPS };

/** What is printed instead of compiling. */
enum iovcc_query {
	IOVCC_COMPILE,
	IOVCC_HELP,
	IOVCC_VERSION,
	IOVCC_EXPLAIN,
	IOVCC_PRINT_PLATFORM,
	IOVCC_PRINT_VMLINUX,
	IOVCC_PRINT_CLANGD,
	IOVCC_DUMP_MACHINE,
	IOVCC_DUMP_VERSION,
	IOVCC_SEARCH_DIRS,
	IOVCC_FILE_NAME,
	IOVCC_RESOURCE_DIR,
	IOVCC_PROG_NAME,
	IOVCC_LINKER_VERSION,
	IOVCC_MULTI_LIB,
	IOVCC_MULTI_FOLDER,
	IOVCC_TARGETS,
	IOVCC_CPUS,
};

/** What an input is. AUTO: its name says, or its first bytes. LINKED: an object or an archive. */
enum iovcc_language {
	IOVCC_AUTO,
	IOVCC_C,
	IOVCC_CPP_OUTPUT,
	IOVCC_ASSEMBLY,
	IOVCC_ASSEMBLY_CPP, /**< goes through the C preprocessor first */
	IOVCC_IR,           /**< LLVM's, text or bitcode */
	IOVCC_LINKED,
};

/** -save-temps: where what a source becomes on its way is kept. */
enum iovcc_temps { IOVCC_TEMPS_NONE, IOVCC_TEMPS_HERE, IOVCC_TEMPS_BESIDE };

struct iovcc_input {
	const char *path; /**< "-": standard input */
	enum iovcc_language language;
};

/** One input and what becomes of it. */
struct iovcc_step {
	struct iovcc_input input;
	const char *output; /**< "-": standard output; NULL: nothing, or (when the plan links) kept in memory */
	const char *deps;   /**< where the make rule goes, or NULL */
	const struct iovcc_result *parts; /**< -flto: what the other steps gave, to be merged here; else NULL */
};

/** The plan: the command line, understood. Everything it points at lives in the arena given to plan_make. */
struct iovcc_plan {
	enum iovcc_mode mode;
	enum iovcc_query query;
	const char *query_arg;
	const char *output; /**< -o, or NULL */
	struct iovcc_input *inputs;
	size_t input_count;
	struct iovcc_step *steps; /**< in the order of the command line */
	size_t step_count;
	bool merges; /**< -flto: what the steps give is merged by one more step, `merger` */
	struct iovcc_step merger;
	bool links;                                        /**< a link follows, of the steps' results and of `linked` */
	struct iov_option_list linked;                     /**< objects and archives */
	struct iov_option_list folders, libraries, linker; /**< -L; -l; options for the linker (-Wl, and -Xlinker) */
	unsigned jobs;                                     /**< -j: steps that run at once */
	struct iov_option_list clang;                      /**< arguments for Clang's driver, in order */
	struct iov_option_list llvm;                       /**< -mllvm arguments */
	struct iov_option_list platforms;                  /**< --platform; empty: the default */
	struct iov_codegen_options codegen;
	bool cpu_given, optimise_given, debug_given, emit_llvm, no_verify, show_commands, verbose, relocatable, lto;
	bool time_report;             /**< -ftime-report: in a child, codegen.timing holds what it measured */
	enum iovcc_temps temps;
	uint32_t max_seconds;         /**< of CPU time that one compile may take; 0: any */
	uint32_t max_megabytes;       /**< of memory; 0: any */
	bool whole_headers;           /**< -fno-iov-prune: vmlinux.h is parsed as it is */
	bool no_cache;                /**< -fno-iov-cache: what is known of a vmlinux.h is neither kept nor found */
	bool deps, deps_only;         /**< -MD or -MMD; -M or -MM */
	const char *deps_file;        /**< -MF */
	const char *database;         /**< -MJ */
	struct iov_option_list words; /**< the command line without inputs, -o and -MJ, @files read */
	const char *target_btf;       /**< --target-btf; NULL: the platform's, if it names any */
	bool strict;                  /**< -Werror */
	struct iov_warnings warnings; /**< -Wiov-… */
	struct iovcc_files *files;    /**< in the child that compiles: what it reads */
	struct iov_option_common common;
};

/** What one input became. Buffers are the caller's to free. */
struct iovcc_result {
	struct iov_buf out, deps;
	struct iov_buf times; /**< -ftime-report: text */
	bool loops_made;      /**< to be made again with codegen.keep_loops */
};

/** Read the command line, @files included. */
enum iov_status plan_make(int argc, char **argv, struct iov_arena *arena, struct iov_sink *sink,
			  struct iovcc_plan *plan);
/** What is done with the inputs: plan->steps, links, linked. Diagnoses what does not fit together. */
enum iov_status plan_steps(struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink);
/** Whether running the plan would replace an input, or one output by another: IOV_USAGE. */
enum iov_status plan_check_outputs(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink);
/** --help, or --help=all, from the same tables that parse. */
void plan_help(bool all, struct iov_buf *out);
/** What the plan asks to print instead of compiling, or beside it (-v), to standard output. */
enum iov_status driver_answer(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink);
/** Run the plan: every input, outputs written. */
enum iov_status driver_run(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink);

/** -save-temps: each C source as preprocessed text, bitcode and assembly. Their messages are the compile's own, and are
 * not repeated: to be called before it. A file that cannot be written is diagnosed. */
enum iov_status temps_write(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink);
/** -MJ: append an entry for each C source to the file. */
enum iov_status database_write(const struct iovcc_plan *plan, struct iov_sink *sink);
/** Run the plan's steps, and its link. */
enum iov_status driver_steps(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink);
/** The name of `path` without its folder; `path` with another suffix. */
const char *plan_base_name(const char *path);
const char *plan_with_suffix(const char *path, const char *suffix, struct iov_arena *arena);

/** One step, in this process: once only. */
enum iov_status compile_step(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iov_arena *arena,
			     struct iov_sink *sink, struct iovcc_result *result);
/** The module that the plan links. */
const char *plan_module(const struct iovcc_plan *plan);
bool plan_is_assembly(const struct iovcc_step *step);

/** IR to a judged object: of one file, or merged from step->parts, which are those of plan->steps; assembly's are left
 * out. */
enum iov_status ir_step(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iov_arena *arena,
			struct iov_sink *sink, struct iov_buf *out);
/** What `module` becomes by the plan; judged when it is an object. */
enum iov_status generate(const struct iovcc_plan *plan, const struct iovcc_step *step, LLVMModuleRef module,
			 struct iov_arena *arena, struct iov_sink *sink, struct iov_buf *out);

/** Assembly to a judged object; `text`: what the preprocessor made of it, or empty: then the input is read. */
enum iov_status assemble_step(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iov_buf *text,
			      struct iov_arena *arena, struct iov_sink *sink, struct iov_buf *out);

/** compile_step in a child process of its own, which child_start starts. */
struct iovcc_child {
	const struct iovcc_plan *plan;
	const struct iovcc_step *step;
	pid_t pid;         /**< 0: none */
	int result, words; /**< files in memory: what it gives, and what was written to its standard error */
};
enum iov_status child_start(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iov_sink *sink,
			    struct iovcc_child *child);
/** Its result, once it has ended with `wait_status`; a signal there is IOV_BUG and a diagnostic that names the input.
 */
enum iov_status child_finish(struct iovcc_child *child, int wait_status, struct iov_sink *sink,
			     struct iovcc_result *result);

/** Link what the steps gave, or what it was merged into, with the plan's objects and libraries, verify the module and
 * write it. */
enum iov_status join_steps(const struct iovcc_plan *plan, const struct iovcc_result *results,
			   const struct iovcc_result *merged, struct iov_arena *arena, struct iov_sink *sink);
/** The link as a command line. */
void join_show(const struct iovcc_plan *plan, struct iov_buf *out);

/** Object bytes as LLVM or the assembler made them: types renumbered canonically; and, unless they are to be linked
 * first, each program verified for each platform. */
enum iov_status judge_object(const struct iovcc_plan *plan, const char *input, struct iov_arena *arena,
			     struct iov_sink *sink, struct iov_buf *object);

/** The platforms of the plan, by name; unknown names are IOV_USAGE. */
enum iov_status proof_platforms(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink,
				const struct iov_platform ***out, size_t *count);
/** The platforms exist; the smallest of their stacks becomes the plan's, and so does the lowest of their instruction
 * sets when the command line names none. */
enum iov_status proof_limits(struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink);
/** Verify every program of the object for each of them, and append facts and evidence about those that were accepted
 * to `records` (linker/object/manifest.h). */
enum iov_status proof_object(const struct iovcc_plan *plan, const struct iov_object *object, struct iov_arena *arena,
			     struct iov_sink *sink, struct iov_buf *records);
extern const char iovcc_default_platform[];

/** A result as bytes, and back. The reader takes the bytes for untrusted: false when they are malformed. */
void wire_write(enum iov_status status, const struct iov_sink *sink, const struct iovcc_result *result,
		struct iov_buf *out);
bool wire_read(const struct iov_buf *in, enum iov_status *status, struct iov_sink *sink, struct iovcc_result *result);

/** Fill in the source lines that LLVM did not find (places.c). */
void places_fill(const struct iovcc_plan *plan, struct iov_btf_ext *ext, const char *input, struct iov_arena *arena);
/** Make the places in a sink such that the user's editor finds them: undo the prefix maps, give the text of lines in
 * headers that exist only in the tool. */
void places_resolve(const struct iovcc_plan *plan, struct iov_sink *sink, const char *input);

/** -Wiov-NAME and the like. UNKNOWN: no such warning; `suggestion` is set to the most likely name, or left alone. */
enum iov_warnings_option { IOVCC_WARNINGS_NOT_OURS, IOVCC_WARNINGS_TAKEN, IOVCC_WARNINGS_UNKNOWN };
enum iov_warnings_option warnings_option(struct iov_warnings *warnings, const char *arg, const char **suggestion);
/** Whether all that was said are warnings of our own. */
bool warnings_alone(const struct iov_sink *sink);
/** Make the warnings of a finished compile what the command line asks for: nothing, warnings or errors. */
void warnings_settle(const struct iov_warnings *warnings, struct iov_sink *sink);

/** The headers compiled into the tool (embedded.S, made by embed.sh). */
const struct iov_virtual_file *headers_files(size_t *count);
/** A number that another tool, or other headers in it, would not have. */
uint64_t headers_identity(void);
/** A folder on disk with the same headers, as IOV_VIRTUAL_ROOT has them, for tools that look for them there: below
 * XDG_CACHE_HOME, made when it is missing. NULL: it cannot be. */
const char *headers_unpacked(struct iov_arena *arena);

#endif
