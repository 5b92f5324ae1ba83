/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what BPF cannot say, found in the optimised IR, where LLVM's back end would print a node number or crash with
 * a stack dump. Code that the optimiser removed is not judged. What LLVM decides later (which memcpy stays a call,
 * which division is left) is judged when it says so: message.c. */
#include "backend/codegen/internal.h"

#include <llvm-c/Core.h>

#include <string.h>

enum iov_status legal_refuse(struct codegen *cg, LLVMValueRef at, enum iov_diag_id id, const char *what,
			     const char *hint)
{
	bool is_function = LLVMIsAFunction(at);
	LLVMValueRef function = is_function ? at : LLVMGetBasicBlockParent(LLVMGetInstructionParent(at));
	struct iov_span span = is_function ? IOV_NOWHERE : value_span(cg, at), home = function_span(cg, function);
	const char *source = is_function ? home.program : source_function(cg, at);
	struct iov_diag *d;

	if (!span.file)
		span = home;
	span.program = home.program;
	if (cg->refused && cg->refused->id == id && cg->refused->span.program && home.program &&
	    !strcmp(cg->refused->span.program, home.program))
		return IOV_DIAGNOSED;
	d = diag_add(cg->sink, id, span, "%s", what);
	if (source && home.program && strcmp(source, home.program))
		diag_why(d, home, "this is in `%s`, which is compiled into `%s`", source, home.program);
	else if (home.program && !is_function)
		diag_why(d, IOV_NOWHERE, "this is in function `%s`", home.program);
	diag_hint(d, "%s", hint);
	cg->refused = d;
	return IOV_DIAGNOSED;
}

static bool is_float(LLVMTypeRef type)
{
	switch (LLVMGetTypeKind(type)) {
	case LLVMHalfTypeKind:
	case LLVMBFloatTypeKind:
	case LLVMFloatTypeKind:
	case LLVMDoubleTypeKind:
	case LLVMX86_FP80TypeKind:
	case LLVMFP128TypeKind:
	case LLVMPPC_FP128TypeKind:
		return true;
	default:
		return false;
	}
}

static enum iov_status refuse_float(struct codegen *cg, LLVMValueRef insn)
{
	return legal_refuse(cg, insn, DIAG_FLOATING_POINT, "BPF has no floating-point arithmetic",
			    "use integers, scaled where fractions are needed (nanoseconds, thousandths)");
}

static enum iov_status check_width(struct codegen *cg, LLVMValueRef insn, LLVMTypeRef type)
{
	unsigned bits = LLVMGetTypeKind(type) == LLVMIntegerTypeKind ? LLVMGetIntTypeWidth(type) : 64;

	if (bits == 32 || bits == 64)
		return IOV_OK;
	return legal_refuse(cg, insn, DIAG_ATOMIC,
			    arena_printf(&cg->arena, "BPF has atomic operations on 4 and 8 bytes, not on %u", bits / 8),
			    "make the variable a __u32 or __u64");
}

/* Levels v1 and v2 have an atomic add that gives nothing back. */
static enum iov_status check_level(struct codegen *cg, LLVMValueRef insn, const char *what)
{
	if (cg->options->cpu >= 3)
		return IOV_OK;
	return legal_refuse(
		cg, insn, DIAG_ATOMIC,
		arena_printf(&cg->arena, "%s needs -mcpu=v3; this is compiled for v%d", what, cg->options->cpu),
		"v1 and v2 have one atomic operation: an addition whose result is not used");
}

static enum iov_status check_rmw(struct codegen *cg, LLVMValueRef insn)
{
	LLVMAtomicRMWBinOp operation = LLVMGetAtomicRMWBinOp(insn);
	enum iov_status status;

	switch (operation) {
	case LLVMAtomicRMWBinOpAdd:
	case LLVMAtomicRMWBinOpSub:
	case LLVMAtomicRMWBinOpXchg:
	case LLVMAtomicRMWBinOpAnd:
	case LLVMAtomicRMWBinOpOr:
	case LLVMAtomicRMWBinOpXor:
		break;
	default:
		return legal_refuse(cg, insn, DIAG_ATOMIC, "BPF has no atomic operation of this kind",
				    "add, sub, and, or, xor and exchange are atomic; others take a loop around "
				    "__sync_val_compare_and_swap()");
	}
	status = check_width(cg, insn, LLVMTypeOf(insn));
	if (status != IOV_OK)
		return status;
	if (operation != LLVMAtomicRMWBinOpAdd && operation != LLVMAtomicRMWBinOpSub)
		return check_level(cg, insn, "an atomic operation other than an addition");
	return LLVMGetFirstUse(insn) ? check_level(cg, insn, "the result of an atomic addition") : IOV_OK;
}

static enum iov_status check_exchange(struct codegen *cg, LLVMValueRef insn)
{
	enum iov_status status = check_width(cg, insn, LLVMTypeOf(LLVMGetOperand(insn, 1)));

	return status == IOV_OK ? check_level(cg, insn, "compare-and-exchange") : status;
}

static enum iov_status check_ordering(struct codegen *cg, LLVMValueRef insn)
{
	switch (LLVMGetOrdering(insn)) {
	case LLVMAtomicOrderingNotAtomic:
		return IOV_OK;
	case LLVMAtomicOrderingUnordered:
	case LLVMAtomicOrderingMonotonic:
		return legal_refuse(
			cg, insn, DIAG_ORDERING, "this compiler has no atomic loads and stores for BPF",
			"access the variable as volatile: aligned accesses of 1, 2, 4 and 8 bytes are not torn");
	default:
		return legal_refuse(
			cg, insn, DIAG_ORDERING,
			"this compiler has no ordered loads and stores (load-acquire, store-release) for BPF",
			"use __sync_fetch_and_add() or __sync_val_compare_and_swap(), which order memory fully");
	}
}

static void warn_undefined(struct codegen *cg, LLVMValueRef at, const char *what)
{
	struct iov_span span = value_span(cg, at);
	struct iov_diag *d;

	if (!span.file)
		span = function_span(cg, LLVMGetBasicBlockParent(LLVMGetInstructionParent(at)));
	d = diag_add(cg->sink, DIAG_UNDEFINED_BEHAVIOUR, span, "%s", what);
	diag_why(d, IOV_NOWHERE, "C gives no meaning to what leads here, and the optimiser took it out");
	diag_hint(d, "look for a variable without a value, an index outside its array, a shift by the type's width or "
		     "more, a division by a constant 0, a NULL that is dereferenced");
}

/* A program (a function in a section of its own) that ends in nothing, where no assembly or call explains it. */
static void look_for_undefined(struct codegen *cg, LLVMValueRef insn)
{
	LLVMValueRef function = LLVMGetBasicBlockParent(LLVMGetInstructionParent(insn));
	LLVMValueRef before = LLVMGetPreviousInstruction(insn);

	if (!LLVMGetSection(function) || !*LLVMGetSection(function))
		return;
	if (LLVMGetInstructionOpcode(insn) == LLVMUnreachable && !(before && LLVMIsACallInst(before)))
		warn_undefined(cg, insn, "the compiler takes for granted that the program never gets here");
	if (LLVMGetInstructionOpcode(insn) == LLVMRet && LLVMGetNumOperands(insn) &&
	    LLVMIsUndef(LLVMGetOperand(insn, 0)))
		warn_undefined(cg, insn, "the program returns a value that is undefined");
}

static enum iov_status check_insn(struct codegen *cg, LLVMValueRef insn)
{
	switch (LLVMGetInstructionOpcode(insn)) {
	case LLVMCall:
		if (legal_call(cg, insn) != IOV_OK)
			return IOV_DIAGNOSED;
		break;
	case LLVMRet:
	case LLVMUnreachable:
		look_for_undefined(cg, insn);
		break;
	case LLVMFence:
		return legal_refuse(
			cg, insn, DIAG_ORDERING, "BPF has no memory fence",
			"use __sync_fetch_and_add() or another atomic operation that returns the old value");
	case LLVMIndirectBr:
		return legal_refuse(cg, insn, DIAG_LABEL_ADDRESS, "BPF cannot jump to a computed address",
				    "write a switch instead of goto *");
	case LLVMAtomicRMW:
		return check_rmw(cg, insn);
	case LLVMAtomicCmpXchg:
		return check_exchange(cg, insn);
	case LLVMLoad:
	case LLVMStore:
		if (check_ordering(cg, insn) != IOV_OK)
			return IOV_DIAGNOSED;
		break;
	case LLVMAlloca:
		if (!LLVMIsAConstantInt(LLVMGetOperand(insn, 0)))
			return legal_refuse(cg, insn, DIAG_VARIABLE_ARRAY,
					    "this array's size is not known when the program is compiled",
					    "give the array a constant size");
		break;
	case LLVMFCmp:
	case LLVMFPToSI:
	case LLVMFPToUI:
		return refuse_float(cg, insn);
	default:
		break;
	}
	return is_float(LLVMTypeOf(insn)) ? refuse_float(cg, insn) : IOV_OK;
}

unsigned legal_registers(LLVMTypeRef type)
{
	switch (LLVMGetTypeKind(type)) {
	case LLVMArrayTypeKind:
		return (unsigned)LLVMGetArrayLength2(type) * legal_registers(LLVMGetElementType(type));
	case LLVMIntegerTypeKind:
		return (LLVMGetIntTypeWidth(type) + 63) / 64;
	default:
		return 1;
	}
}

static bool returns_too_much(LLVMTypeRef function)
{
	LLVMTypeRef result = LLVMGetReturnType(function);

	switch (LLVMGetTypeKind(result)) {
	case LLVMStructTypeKind:
	case LLVMArrayTypeKind:
		return true;
	case LLVMIntegerTypeKind:
		return LLVMGetIntTypeWidth(result) > 64;
	default:
		return false;
	}
}

static bool returns_by_memory(LLVMValueRef function)
{
	unsigned sret = LLVMGetEnumAttributeKindForName("sret", 4);

	return LLVMCountParams(function) && LLVMGetEnumAttributeAtIndex(function, 1, sret);
}

static enum iov_status check_shape(struct codegen *cg, LLVMValueRef function)
{
	LLVMTypeRef type = LLVMGlobalGetValueType(function);
	unsigned count = LLVMCountParams(function), registers = 0;
	size_t len;
	const char *name = LLVMGetValueName2(function, &len);

	if (LLVMIsFunctionVarArg(type))
		return legal_refuse(
			cg, function, DIAG_VARIADIC,
			arena_printf(&cg->arena,
				     "`%s` takes a variable number of arguments, which BPF functions cannot", name),
			"give the function a fixed list of at most five arguments");
	if (returns_too_much(type) || returns_by_memory(function))
		return legal_refuse(cg, function, DIAG_BY_VALUE,
				    arena_printf(&cg->arena,
						 "`%s` returns more than one number of 8 bytes, which is "
						 "what r0 holds",
						 name),
				    "let the caller pass the address of what the function fills in, or declare the "
				    "function static __always_inline");
	for (unsigned i = 0; i < count; i++)
		registers += legal_registers(LLVMTypeOf(LLVMGetParam(function, i)));
	if (registers <= 5)
		return IOV_OK;
	return legal_refuse(
		cg, function, DIAG_ARGUMENTS,
		arena_printf(&cg->arena, "the arguments of `%s` take %u registers; BPF passes five", name, registers),
		"put the values into a structure and pass its address, or declare the function static "
		"__always_inline");
}

static enum iov_status check_function(struct codegen *cg, LLVMValueRef function)
{
	enum iov_status status = check_shape(cg, function);

	if (status != IOV_OK)
		return IOV_DIAGNOSED;
	for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(function); b; b = LLVMGetNextBasicBlock(b))
		for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
			if (check_insn(cg, i) != IOV_OK)
				status = IOV_DIAGNOSED;
	return legal_labels(cg, function) == IOV_OK ? status : IOV_DIAGNOSED;
}

enum iov_status legal_check(struct codegen *cg)
{
	enum iov_status status = legal_module(cg);

	for (LLVMValueRef f = LLVMGetFirstFunction(cg->module); f; f = LLVMGetNextFunction(f))
		if (!LLVMIsDeclaration(f) && check_function(cg, f) != IOV_OK)
			status = IOV_DIAGNOSED;
	if (status == IOV_OK)
		legal_warn(cg);
	return status;
}
