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
	struct stack_function *functions; /**< stack.c: list of the defined functions, in module order */
};

/** An error from LLVM's back end: its text is taken apart into place, function and message (message.c). */
void message_add(struct codegen *cg, const char *text);

/** The optimised module says only what BPF has instructions for (legal.c). */
enum iov_status legal_check(struct codegen *cg);

/** stack.c: note functions, their places and calls while the IR stands; take a stack-frame-layout remark; judge. */
void stack_prepare(struct codegen *cg);
void stack_remark(struct codegen *cg, const char *text);
void stack_judge(struct codegen *cg);

/** Where a function is declared, from its debug information (stack.c). Texts live in the arena. */
struct iov_span function_span(struct codegen *cg, LLVMValueRef function);
/** Where an instruction comes from. */
struct iov_span value_span(struct codegen *cg, LLVMValueRef value);

#endif
