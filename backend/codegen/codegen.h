/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: LLVM IR to object bytes through LLVM's C API: pass pipeline, target machine, legality of the result.
 * Call it once per process: it sets LLVM's command-line options, which are global. */
#ifndef IOV_CODEGEN_CODEGEN_H
#define IOV_CODEGEN_CODEGEN_H

#include "asm/base/buf.h"
#include "asm/base/diag.h"

#include <llvm-c/Types.h>

enum iov_codegen_output { IOV_EMIT_OBJECT, IOV_EMIT_ASM, IOV_EMIT_IR, IOV_EMIT_BITCODE };

struct iov_codegen_options {
	int cpu; /**< 1..4: -mcpu=vN */
	bool big_endian;
	int optimise; /**< 0..3; -Os is 's', -Oz 'z' */
	bool debug;   /**< -g: declare-to-assign runs first, as clang's pipeline does */
	enum iov_codegen_output output;
	uint32_t max_stack; /**< bytes over a call chain, judged here with the variables' names; 0: not judged */
	const char *const *llvm_args; /**< -mllvm arguments, NULL-terminated; may be NULL */
};

/** Optimise and emit `module` (consumed). Every LLVM diagnostic goes to the sink; any of error severity fails. */
enum iov_status codegen_emit(LLVMModuleRef module, const struct iov_codegen_options *options, struct iov_sink *sink,
			     struct iov_buf *out);

#endif
