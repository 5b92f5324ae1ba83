/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: LLVM IR to object bytes through LLVM's C API: pass pipeline, target machine, legality of the result.
 * Call it once per process: it sets LLVM's command-line options, which are global. */
#ifndef IOV_CODEGEN_CODEGEN_H
#define IOV_CODEGEN_CODEGEN_H

#include "asm/base/buf.h"
#include "asm/base/diag.h"
#include "asm/base/timing.h"

#include <llvm-c/Types.h>

/** Attribute of a function that C gives a body for inlining alone; its value is its place, FILE:LINE:COL. */
#define IOV_INLINE_MARK "iov-inline"
/** Attribute of a declared function that a C library would define; its value is the header that declares it, or "". */
#define IOV_LIBRARY_MARK "iov-library"
/** Metadata of an alloca: !{name, file, line} of the variable that it is. */
#define IOV_VARIABLE_NOTE "iov.variable"
/** Named metadata: {name, line, column} of each array whose size is not constant. */
#define IOV_ARRAYS "iov.arrays"
/** Named metadata: the place, FILE:LINE:COL, of each line of the module's own assembly. */
#define IOV_ASM_PLACES "iov.asm"

enum iov_codegen_output { IOV_EMIT_OBJECT, IOV_EMIT_ASM, IOV_EMIT_IR, IOV_EMIT_BITCODE };

/** Which of LLVM's pipelines runs: that of a module by itself, or those before and after modules are merged. */
enum iov_codegen_stage { IOV_STAGE_ALONE, IOV_STAGE_BEFORE_MERGE, IOV_STAGE_MERGED };

struct iov_codegen_options {
	int cpu; /**< 1..4: -mcpu=vN */
	bool big_endian;
	int optimise; /**< 0..3; -Os is 's', -Oz 'z' */
	bool debug;   /**< -g: declare-to-assign runs first, as clang's pipeline does */
	enum iov_codegen_output output;
	enum iov_codegen_stage stage;
	uint32_t max_stack; /**< bytes over a call chain, judged here with the variables' names; 0: not judged */
	bool keep_loops;   /**< loops that set or copy memory stay loops */
	bool *loops_made;  /**< set when a failure may be due to loops that became calls: then keep_loops; or NULL */
	struct iov_timing *timing; /**< where the time goes; or NULL */
	const char *const *llvm_args; /**< -mllvm arguments, NULL-terminated; may be NULL */
};

/** Optimise and emit `module` (consumed). Every LLVM diagnostic goes to the sink; any of error severity fails. */
enum iov_status codegen_emit(LLVMModuleRef module, const struct iov_codegen_options *options, struct iov_sink *sink,
			     struct iov_buf *out);

/** Read LLVM IR, text or bitcode, into `context`; it has to be for BPF of this byte order. `name` is for messages. */
enum iov_status codegen_read(const void *data, size_t len, const char *name, bool big_endian, LLVMContextRef context,
			     struct iov_sink *sink, LLVMModuleRef *out);

/** Merge all, in the order of their sources' names, into what is the first then (of at least one); the others are
 * consumed. `whole`: nothing else will be linked with it, so
 * functions outside the sections of programs become its own. */
enum iov_status codegen_merge(LLVMModuleRef *modules, size_t count, bool whole, struct iov_sink *sink);

#endif
