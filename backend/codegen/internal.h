/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the files of backend/codegen share: one run of codegen_emit. */
#ifndef IOV_CODEGEN_INTERNAL_H
#define IOV_CODEGEN_INTERNAL_H

#include "backend/codegen/codegen.h"

struct stack_function;

/** A call of memset() and its like that the source has. */
struct written_call {
	unsigned line, col;
	struct written_call *next;
};

struct codegen {
	LLVMModuleRef module;
	const struct iov_codegen_options *options;
	struct iov_sink *sink;
	struct iov_arena arena;
	struct stack_function *functions; /**< stack.c: the defined functions, in module order */
	struct stack_function **by_value; /**< the same, sorted by their IR values */
	size_t function_count;
	struct written_call *written;
	LLVMValueRef last_asm; /**< the statement that message_asm spoke of last */
	/** What legal_report said about one function, so that nothing is said twice. */
	const struct iov_diag *refused[16];
	size_t refused_count;
	LLVMValueRef refused_in;
	struct iov_diag silence; /**< takes notes that nobody wants */
};

/** An error from LLVM's back end: its text is taken apart into place, function and message (message.c). */
void message_add(struct codegen *cg, const char *text);
/** The same if it is about inline assembly (message_asm.c); false: it is not. */
bool message_asm(struct codegen *cg, const char *text);
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

/** What stands at an instruction, a function or a global variable cannot be: a diagnostic that says where, one of a
 * message in a function. Notes may follow; a repetition's go nowhere. */
struct iov_diag *legal_report(struct codegen *cg, LLVMValueRef at, enum iov_diag_id id, const char *what);
/** Whether something of this kind was reported about the function that is looked at. */
bool legal_has_refused(struct codegen *cg, LLVMValueRef function, enum iov_diag_id id);
/** The same with a hint. Returns IOV_DIAGNOSED. */
enum iov_status legal_refuse(struct codegen *cg, LLVMValueRef at, enum iov_diag_id id, const char *what,
			     const char *hint);
/** Floating point (legal_float.c). */
enum iov_status legal_float(struct codegen *cg, LLVMValueRef insn);
bool legal_is_float(LLVMTypeRef type);
/** Atomic operations, ordered accesses, fences (legal_atomic.c). */
enum iov_status legal_atomic(struct codegen *cg, LLVMValueRef insn);
/** The registers that a value of this type takes as an argument. */
unsigned legal_registers(LLVMTypeRef type);
/** "struct flow (24 bytes)", or only its bytes. */
const char *legal_type(struct codegen *cg, LLVMTypeRef type);
/** What a function returns that r0 cannot hold, or NULL; and the message about it. */
LLVMTypeRef legal_returned(LLVMValueRef function);
const char *legal_by_value(struct codegen *cg, const char *name, LLVMTypeRef result);
/** The message about a function whose arguments take more than five registers. */
const char *legal_too_many(struct codegen *cg, const char *name, unsigned count, unsigned registers);

/** stack.c: note functions, their places and calls while the IR stands; take a stack-frame-layout remark; judge. */
enum iov_status stack_prepare(struct codegen *cg);
void stack_remark(struct codegen *cg, const char *text);
void stack_judge(struct codegen *cg);

/** loops.c. Before optimisation; and after all: whether a failure may be due to calls that it made of loops. */
void loops_before(struct codegen *cg);
bool loops_became_calls(struct codegen *cg, bool failed);

/** place.c. Where a function is declared, from its debug information. Texts live in the arena. */
struct iov_span function_span(struct codegen *cg, LLVMValueRef function);
/** Where an instruction, or a global variable, comes from. */
struct iov_span value_span(struct codegen *cg, LLVMValueRef value);
/** The functions of the source that an instruction stands in, the innermost first: each but the last was compiled into
 * the next, at the next one's place. Returns how many. */
struct place_level {
	const char *function; /**< or NULL */
	struct iov_span where;
};
size_t place_levels(struct codegen *cg, LLVMValueRef insn, struct place_level *levels, size_t max);
/** The variable of the source that an alloca is, as the front end noted it (IOV_VARIABLE_NOTE). */
struct place_variable {
	const char *name; /**< NULL: none, or not known */
	struct iov_span where;
};
void place_variable(struct codegen *cg, LLVMValueRef slot, struct place_variable *out);
/** The name of the array without a constant size that an alloca is, or NULL. */
const char *place_array(struct codegen *cg, LLVMValueRef slot);
/** The name of a global variable in C: a static one of a function is FUNCTION.NAME in the IR. */
const char *global_name(LLVMValueRef variable);
/** Say which function an instruction is in, and how it came there. */
void place_explain(struct codegen *cg, struct iov_diag *d, LLVMValueRef insn);
/** The first instruction at a place of span->program that is wanted, or NULL. */
typedef bool place_wanted(LLVMValueRef insn, const void *ud);
LLVMValueRef place_find(struct codegen *cg, const struct iov_span *span, place_wanted *wanted, const void *ud);

#endif
