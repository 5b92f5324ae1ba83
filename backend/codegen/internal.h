/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the files of backend/codegen share: one run of codegen_emit. */
#ifndef IOV_CODEGEN_INTERNAL_H
#define IOV_CODEGEN_INTERNAL_H

#include "backend/codegen/codegen.h"

struct stack_function;

struct codegen {
	LLVMModuleRef module;
	const struct iov_codegen_options *options;
	struct iov_sink *sink;
	struct iov_arena arena;
	struct stack_function *functions; /**< stack.c: the defined functions, in module order */
	struct stack_function **by_value; /**< the same, sorted by their IR values */
	size_t function_count;
	const struct iov_diag *refused; /**< the last of legal_refuse */
};

/** An error from LLVM's back end: its text is taken apart into place, function and message (message.c). */
void message_add(struct codegen *cg, const char *text);
/** A warning of LLVM's: "FILE:LINE:COL: MESSAGE", or the message alone. */
void message_warning(struct codegen *cg, const char *text);

/** The optimised module says only what BPF has instructions for (legal.c). */
enum iov_status legal_check(struct codegen *cg);
/** One call of it (legal_call.c). */
enum iov_status legal_call(struct codegen *cg, LLVMValueRef insn);
/** What a module says beside its functions' instructions (legal_module.c). */
enum iov_status legal_module(struct codegen *cg);
enum iov_status legal_labels(struct codegen *cg, LLVMValueRef function);
/** Warnings about a module that is legal. */
void legal_warn(struct codegen *cg);

/** Refuse what stands at an instruction or a function: a diagnostic with a hint, one of a kind in a function.
 * Returns IOV_DIAGNOSED. */
enum iov_status legal_refuse(struct codegen *cg, LLVMValueRef at, enum iov_diag_id id, const char *what,
			     const char *hint);
/** The registers that a value of this type takes as an argument. */
unsigned legal_registers(LLVMTypeRef type);

/** stack.c: note functions, their places and calls while the IR stands; take a stack-frame-layout remark; judge. */
enum iov_status stack_prepare(struct codegen *cg);
void stack_remark(struct codegen *cg, const char *text);
void stack_judge(struct codegen *cg);

/** Where a function is declared, from its debug information (stack.c). Texts live in the arena. */
struct iov_span function_span(struct codegen *cg, LLVMValueRef function);
/** Where an instruction comes from. */
struct iov_span value_span(struct codegen *cg, LLVMValueRef value);
/** The name of the function whose source an instruction comes from, inlined or not. */
const char *source_function(struct codegen *cg, LLVMValueRef insn);

#endif
