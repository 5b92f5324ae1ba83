/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the files of iovcc's driver share. The driver plans (options.c), then runs each input in a child process
 * (child.c): source to IR to bytes (compile.c), canonical types and verification (judge.c); the result comes back
 * through a pipe (wire.c), and outputs are written by rename. */
#ifndef IOV_FRONTEND_DRIVER_H
#define IOV_FRONTEND_DRIVER_H

#include "asm/base/option.h"
#include "asm/isa/platform.h"
#include "backend/codegen/codegen.h"
#include "frontend/clang/clang.h"
#include "linker/object/object.h"

/** Where the run stops. LINK: no -c; one input is a whole module. */
enum iovcc_mode { IOVCC_LINK, IOVCC_OBJECT, IOVCC_ASM, IOVCC_PREPROCESS, IOVCC_SYNTAX, IOVCC_DEPS };

/** What is printed instead of compiling. */
enum iovcc_query { IOVCC_COMPILE, IOVCC_HELP, IOVCC_VERSION, IOVCC_EXPLAIN, IOVCC_PRINT_PLATFORM, IOVCC_DUMP_MACHINE };

/** What an input is: C, assembly, or assembly that goes through the C preprocessor first. */
enum iovcc_assembly { IOVCC_C, IOVCC_ASSEMBLY, IOVCC_ASSEMBLY_CPP };

/** The plan: the command line, understood. Everything it points at lives in the arena given to plan_make. */
struct iovcc_plan {
	enum iovcc_mode mode;
	enum iovcc_query query;
	const char *query_arg;
	const char *output; /**< -o, or NULL */
	struct iov_option_list inputs;
	struct iov_option_list clang;     /**< arguments for Clang's driver, in order */
	struct iov_option_list llvm;      /**< -mllvm arguments */
	struct iov_option_list platforms; /**< --platform; empty: the default */
	struct iov_codegen_options codegen;
	bool optimise_given, debug_given, language_given, emit_llvm, no_verify, show_commands, verbose, lto;
	bool deps, deps_only;  /**< -MD or -MMD; -M or -MM */
	const char *deps_file; /**< -MF */
	const char *target_btf; /**< --target-btf; NULL: the platform's, if it names any */
	bool strict;           /**< -Werror */
	enum iovcc_assembly assembly; /**< by -x, where it was given */
	struct iov_option_common common;
};

/** What one input became. Buffers are the caller's to free. */
struct iovcc_result {
	struct iov_buf out, deps;
};

/** Read the command line, @files included. */
enum iov_status plan_make(int argc, char **argv, struct iov_arena *arena, struct iov_sink *sink,
			  struct iovcc_plan *plan);
/** Whether the plan can be carried out: inputs, outputs and modes fit together. */
enum iov_status plan_check(const struct iovcc_plan *plan, struct iov_sink *sink);
/** --help, from the same table that parses. */
void plan_help(struct iov_buf *out);
void plan_push(struct iov_option_list *list, const char *item, struct iov_arena *arena);
/** The output's name for an input: -o, or the input's base name with the mode's suffix; "-" is standard output. */
const char *plan_output(const struct iovcc_plan *plan, const char *input, struct iov_arena *arena);
const char *plan_deps_file(const struct iovcc_plan *plan, const char *input, struct iov_arena *arena);

/** What the plan asks to print instead of compiling, or beside it (-v), to standard output. */
enum iov_status driver_answer(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink);
/** Run the plan: every input, outputs written. */
enum iov_status driver_run(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink);

/** One input, in this process: once only. */
enum iov_status compile_input(const struct iovcc_plan *plan, const char *input, struct iov_arena *arena,
			      struct iov_sink *sink, struct iovcc_result *result);

/** What the plan takes an input for. */
enum iovcc_assembly plan_assembly(const struct iovcc_plan *plan, const char *input);
/** Assembly to a judged object; `text`: what the preprocessor made of it, or empty: then the input is read. */
enum iov_status assemble_input(const struct iovcc_plan *plan, const char *input, struct iov_buf *text,
			       struct iov_arena *arena, struct iov_sink *sink, struct iov_buf *out);

/** compile_input in a child process; a signal there is IOV_BUG and a diagnostic that names the input. */
enum iov_status child_compile(const struct iovcc_plan *plan, const char *input, struct iov_arena *arena,
			      struct iov_sink *sink, struct iovcc_result *result);

/** Object bytes as LLVM made them: types renumbered canonically, each program verified for each platform. */
enum iov_status judge_object(const struct iovcc_plan *plan, const char *input, struct iov_arena *arena,
			     struct iov_sink *sink, struct iov_buf *object);

/** The platforms of the plan, by name; unknown names are IOV_USAGE. */
enum iov_status proof_platforms(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink,
				const struct iov_platform ***out, size_t *count);
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
void places_fill(struct iov_btf_ext *ext, const char *input, struct iov_arena *arena);
/** Make the places in a sink such that the user's editor finds them: undo the prefix maps, give the text of lines in
 * headers that exist only in the tool. */
void places_resolve(struct iov_sink *sink, const char *input);

/** The headers compiled into the tool (embedded.S, made by embed.sh). */
const struct iov_virtual_file *headers_files(size_t *count);

#endif
