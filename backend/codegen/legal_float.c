/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the rule about floating point. To load, store, copy, choose or pass such a number on is no arithmetic: LLVM
 * moves its bytes. */
#include "backend/codegen/internal.h"

#include <llvm-c/Core.h>

#include <string.h>

static LLVMTypeRef element(LLVMTypeRef type)
{
	return LLVMGetTypeKind(type) == LLVMVectorTypeKind ? LLVMGetElementType(type) : type;
}

static const char *type_name(LLVMTypeRef type)
{
	switch (LLVMGetTypeKind(element(type))) {
	case LLVMHalfTypeKind:
		return "_Float16";
	case LLVMFloatTypeKind:
		return "float";
	case LLVMDoubleTypeKind:
		return "double";
	case LLVMBFloatTypeKind:
	case LLVMX86_FP80TypeKind:
	case LLVMFP128TypeKind:
	case LLVMPPC_FP128TypeKind:
		return "long double";
	default:
		return NULL;
	}
}

bool legal_is_float(LLVMTypeRef type)
{
	return type_name(type);
}

/* What the back end makes of bits alone, or takes out. */
static bool is_bits(LLVMValueRef call)
{
	static const char *const known[] = {"llvm.fabs.",     "llvm.copysign.",  "llvm.is.fpclass.", "llvm.dbg.",
					    "llvm.assume",    "llvm.lifetime.",  "llvm.expect.",     "llvm.fake.use",
					    "llvm.ssa.copy.", "llvm.annotation", "llvm.preserve."};
	size_t len;
	const char *name = LLVMGetValueName2(LLVMGetCalledValue(call), &len);

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strncmp(name, known[i], strlen(known[i])))
			return true;
	return false;
}

/* A call that computes, as `sqrt(x)` does when Clang knows it: it would be one of a library. */
static bool computes(LLVMValueRef call)
{
	LLVMValueRef callee = LLVMGetCalledValue(call);

	if (!LLVMIsAFunction(callee) || !LLVMGetIntrinsicID(callee) || is_bits(call))
		return false;
	if (legal_is_float(LLVMTypeOf(call)))
		return true;
	for (unsigned i = 0; i < LLVMGetNumArgOperands(call); i++)
		if (legal_is_float(LLVMTypeOf(LLVMGetOperand(call, i))))
			return true;
	return false;
}

/* What an instruction does with numbers of the type `%s`, or NULL when it is no arithmetic. */
static const char *deed(LLVMValueRef insn)
{
	switch (LLVMGetInstructionOpcode(insn)) {
	case LLVMFAdd:
		return "this adds numbers of type %s";
	case LLVMFSub:
		return "this subtracts numbers of type %s";
	case LLVMFMul:
		return "this multiplies numbers of type %s";
	case LLVMFDiv:
		return "this divides numbers of type %s";
	case LLVMFRem:
		return "this takes the remainder of numbers of type %s";
	case LLVMFCmp:
		return "this compares numbers of type %s";
	case LLVMSIToFP:
	case LLVMUIToFP:
		return "this converts an integer to %s";
	case LLVMFPToSI:
	case LLVMFPToUI:
		return "this converts a %s to an integer";
	case LLVMFPTrunc:
	case LLVMFPExt:
		return "this converts a %s to another such type";
	case LLVMCall:
		return computes(insn) ? "this computes with a number of type %s" : NULL;
	default:
		return NULL;
	}
}

/* The type that a deed is about: that of the result of a conversion to it, else that of an operand. */
static const char *deed_type(LLVMValueRef insn)
{
	const char *name = LLVMGetNumOperands(insn) ? type_name(LLVMTypeOf(LLVMGetOperand(insn, 0))) : NULL;

	return name ? name : type_name(LLVMTypeOf(insn));
}

/* The variables that an operation reads. */
static void name_operands(struct codegen *cg, struct iov_diag *d, LLVMValueRef insn)
{
	for (int i = 0; i < LLVMGetNumOperands(insn); i++) {
		LLVMValueRef load = LLVMGetOperand(insn, (unsigned)i), from;
		bool whole;

		if (!LLVMIsALoadInst(load) || !legal_is_float(LLVMTypeOf(load)))
			continue;
		from = LLVMGetOperand(load, 0);
		whole = LLVMIsAGlobalVariable(from);
		if (!whole && (LLVMIsAGetElementPtrInst(from) || LLVMIsAConstantExpr(from)))
			from = LLVMGetOperand(from, 0);
		if (LLVMIsAGlobalVariable(from))
			diag_why(d, value_span(cg, from), "`%s` %s a %s", global_name(from), whole ? "is" : "holds",
				 type_name(LLVMTypeOf(load)));
	}
}

/* Those of the operation, and of what takes its result: the first is often a conversion of the other side. */
static void name_variables(struct codegen *cg, struct iov_diag *d, LLVMValueRef insn)
{
	int seen = 0;

	name_operands(cg, d, insn);
	for (LLVMUseRef use = LLVMGetFirstUse(insn); use && seen < 4; use = LLVMGetNextUse(use), seen++)
		if (LLVMIsAInstruction(LLVMGetUser(use)))
			name_operands(cg, d, LLVMGetUser(use));
}

enum iov_status legal_float(struct codegen *cg, LLVMValueRef insn)
{
	const char *does = deed(insn), *type = does ? deed_type(insn) : NULL, *at;
	struct iov_diag *d;

	if (!type)
		return IOV_OK;
	at = strstr(does, "%s");
	d = legal_report(cg, insn, DIAG_FLOATING_POINT, "BPF has no floating-point arithmetic");
	diag_why(d, IOV_NOWHERE, "%.*s%s%s", (int)(at - does), does, type, at + 2);
	name_variables(cg, d, insn);
	diag_hint(d, "use integers, scaled where fractions are needed (nanoseconds, thousandths): `rate * 3 / 2`");
	return IOV_DIAGNOSED;
}
