/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what BPF cannot say, found in the optimised IR, where LLVM's back end would print a node number or crash with
 * a stack dump: variable arguments, byte atomics, ordered loads and stores, fences, computed goto, return addresses,
 * floating point, calls through pointers. Code that the optimiser removed is not judged. */
#include "backend/codegen/internal.h"

#include <llvm-c/Core.h>

#include <string.h>

static enum iov_status refuse(struct codegen *cg, LLVMValueRef at, const char *what, const char *hint)
{
	struct iov_span span = LLVMIsAFunction(at) ? function_span(cg, at) : value_span(cg, at);
	struct iov_diag *d = diag_add(cg->sink, DIAG_NOT_BPF, span, "%s", what);

	diag_hint(d, "%s", hint);
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

/* A helper is called through a constant address (its number), a subprogram or kfunc by name. */
static enum iov_status check_call(struct codegen *cg, LLVMValueRef insn)
{
	LLVMValueRef callee = LLVMGetCalledValue(insn);
	size_t len;

	if (LLVMIsAInlineAsm(callee) || LLVMIsAConstantExpr(callee) || LLVMIsAConstantInt(callee))
		return IOV_OK;
	if (!LLVMIsAFunction(callee))
		return LLVMIsAConstant(callee)
			       ? IOV_OK
			       : refuse(cg, insn, "this calls a function through a pointer, which BPF cannot do",
					"call the functions by name, for example in a switch; between programs use "
					"bpf_tail_call()");
	if (!strncmp(LLVMGetValueName2(callee, &len), "llvm.returnaddress", 18) ||
	    !strncmp(LLVMGetValueName2(callee, &len), "llvm.frameaddress", 17))
		return refuse(cg, insn, "BPF has no return address or frame address to read",
			      "remove __builtin_return_address() and __builtin_frame_address()");
	return IOV_OK;
}

static enum iov_status check_atomic(struct codegen *cg, LLVMValueRef insn, LLVMTypeRef type)
{
	unsigned bits = LLVMGetTypeKind(type) == LLVMIntegerTypeKind ? LLVMGetIntTypeWidth(type) : 64;

	if (bits >= 32)
		return IOV_OK;
	return refuse(cg, insn, "BPF has atomic operations on 4 and 8 bytes only",
		      "make the variable a __u32 or __u64");
}

static enum iov_status check_ordering(struct codegen *cg, LLVMValueRef insn)
{
	LLVMAtomicOrdering order = LLVMGetOrdering(insn);

	if (order == LLVMAtomicOrderingNotAtomic || order == LLVMAtomicOrderingUnordered ||
	    order == LLVMAtomicOrderingMonotonic)
		return IOV_OK;
	return refuse(cg, insn, "this compiler has no ordered loads and stores (load-acquire, store-release) for BPF",
		      "use __sync_fetch_and_add() or __sync_val_compare_and_swap(), which order memory fully");
}

static enum iov_status check_insn(struct codegen *cg, LLVMValueRef insn)
{
	LLVMTypeRef type = LLVMTypeOf(insn);

	switch (LLVMGetInstructionOpcode(insn)) {
	case LLVMCall:
		if (check_call(cg, insn) != IOV_OK)
			return IOV_DIAGNOSED;
		break;
	case LLVMFence:
		return refuse(cg, insn, "BPF has no memory fence",
			      "use __sync_fetch_and_add() or another atomic operation that returns the old value");
	case LLVMIndirectBr:
	case LLVMCallBr:
		if (LLVMGetInstructionOpcode(insn) == LLVMCallBr)
			break;
		return refuse(cg, insn, "BPF cannot jump to a computed address", "write a switch instead of goto *");
	case LLVMVAArg:
		return refuse(cg, insn, "BPF functions cannot take a variable number of arguments",
			      "give the function a fixed list of at most five arguments");
	case LLVMAtomicRMW:
		return check_atomic(cg, insn, type);
	case LLVMAtomicCmpXchg:
		return check_atomic(cg, insn, LLVMTypeOf(LLVMGetOperand(insn, 1)));
	case LLVMLoad:
	case LLVMStore:
		if (check_ordering(cg, insn) != IOV_OK)
			return IOV_DIAGNOSED;
		break;
	case LLVMAlloca:
		if (!LLVMIsAConstantInt(LLVMGetOperand(insn, 0)))
			return refuse(cg, insn, "this array's size is not known when the program is compiled",
				      "give the array a constant size");
		break;
	default:
		break;
	}
	if (is_float(type))
		return refuse(cg, insn, "BPF has no floating-point arithmetic",
			      "use integers, scaled where fractions are needed (nanoseconds, thousandths)");
	return IOV_OK;
}

static enum iov_status check_function(struct codegen *cg, LLVMValueRef function)
{
	LLVMTypeRef type = LLVMGlobalGetValueType(function);

	if (LLVMIsFunctionVarArg(type))
		return refuse(cg, function, "BPF functions cannot take a variable number of arguments",
			      "give the function a fixed list of at most five arguments");
	if (LLVMCountParams(function) > 5)
		return refuse(cg, function, "BPF functions take at most five arguments",
			      "put the others into a structure and pass its address");
	for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(function); b; b = LLVMGetNextBasicBlock(b))
		for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
			if (check_insn(cg, i) != IOV_OK)
				return IOV_DIAGNOSED;
	return IOV_OK;
}

enum iov_status legal_check(struct codegen *cg)
{
	enum iov_status status = IOV_OK;

	for (LLVMValueRef f = LLVMGetFirstFunction(cg->module); f; f = LLVMGetNextFunction(f))
		if (!LLVMIsDeclaration(f) && check_function(cg, f) != IOV_OK)
			status = IOV_DIAGNOSED;
	return status;
}
