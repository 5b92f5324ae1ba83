/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what BPF cannot say, found in the optimised IR, where LLVM's back end would print a node number or crash with
 * a stack dump. Code that the optimiser removed is not judged. What LLVM decides later (which memcpy stays a call,
 * which division is left) is judged when it says so: message.c. */
#include "backend/codegen/internal.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>

#include <string.h>

static bool was_said(struct codegen *cg, LLVMValueRef function, enum iov_diag_id id, const char *what)
{
	if (cg->refused_in != function)
		cg->refused_count = 0;
	cg->refused_in = function;
	for (size_t i = 0; i < cg->refused_count; i++)
		if (cg->refused[i]->id == id && !strcmp(cg->refused[i]->message, what))
			return true;
	return cg->refused_count == sizeof(cg->refused) / sizeof(cg->refused[0]);
}

bool legal_has_refused(struct codegen *cg, LLVMValueRef function, enum iov_diag_id id)
{
	for (size_t i = 0; cg->refused_in == function && i < cg->refused_count; i++)
		if (cg->refused[i]->id == id)
			return true;
	return false;
}

struct iov_diag *legal_report(struct codegen *cg, LLVMValueRef at, enum iov_diag_id id, const char *what)
{
	bool is_insn = LLVMIsAInstruction(at);
	LLVMValueRef function = is_insn ? LLVMGetBasicBlockParent(LLVMGetInstructionParent(at)) : at;
	struct iov_span span = is_insn ? value_span(cg, at) : IOV_NOWHERE, home = function_span(cg, function);
	struct iov_diag *d;

	if (was_said(cg, function, id, what))
		return &cg->silence;
	if (!span.file)
		span = home;
	span.program = home.program;
	d = diag_add(cg->sink, id, span, "%s", what);
	if (is_insn)
		place_explain(cg, d, at);
	cg->refused[cg->refused_count++] = d;
	return d;
}

enum iov_status legal_refuse(struct codegen *cg, LLVMValueRef at, enum iov_diag_id id, const char *what,
			     const char *hint)
{
	diag_hint(legal_report(cg, at, id, what), "%s", hint);
	return IOV_DIAGNOSED;
}

static struct iov_diag *warn_undefined(struct codegen *cg, LLVMValueRef at, const char *what)
{
	struct iov_span span = value_span(cg, at);
	struct iov_diag *d;

	if (!span.file)
		span = function_span(cg, LLVMGetBasicBlockParent(LLVMGetInstructionParent(at)));
	d = diag_add(cg->sink, DIAG_UNDEFINED_BEHAVIOUR, span, "%s", what);
	diag_why(d, IOV_NOWHERE, "C gives no meaning to what leads here, and the optimiser took it out");
	diag_hint(d, "look for a variable without a value, an index outside its array, a shift by the type's width or "
		     "more, a division by a constant 0, a NULL that is dereferenced");
	return d;
}

/* A function without instructions, which nothing can load. */
static bool is_empty(LLVMValueRef insn)
{
	LLVMValueRef function = LLVMGetBasicBlockParent(LLVMGetInstructionParent(insn));

	return LLVMGetInstructionOpcode(insn) == LLVMUnreachable &&
	       insn == LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(function));
}

static enum iov_status refuse_empty(struct codegen *cg, LLVMValueRef insn)
{
	LLVMValueRef function = LLVMGetBasicBlockParent(LLVMGetInstructionParent(insn));
	size_t len;
	struct iov_diag *d = warn_undefined(
		cg, insn,
		arena_printf(&cg->arena, "nothing is left of function `%s`", LLVMGetValueName2(function, &len)));

	diag_grade(cg->sink, d, IOV_ERROR);
	return IOV_DIAGNOSED;
}

static bool constant_operand(LLVMValueRef insn, uint64_t *value)
{
	LLVMValueRef operand = LLVMGetOperand(insn, 1);

	*value = LLVMIsAConstantInt(operand) ? LLVMConstIntGetZExtValue(operand) : 0;
	return LLVMIsAConstantInt(operand);
}

/* The bits of an unsigned value that may be set, as far as `deep` instructions before it say. */
static uint64_t possible_bits(LLVMValueRef value, int deep)
{
	unsigned width = LLVMGetIntTypeWidth(LLVMTypeOf(value));
	uint64_t all = width < 64 ? ((uint64_t)1 << width) - 1 : UINT64_MAX, by;

	if (!deep || !LLVMIsAInstruction(value))
		return all;
	switch (LLVMGetInstructionOpcode(value)) {
	case LLVMAnd:
		return constant_operand(value, &by) ? possible_bits(LLVMGetOperand(value, 0), deep - 1) & by : all;
	case LLVMLShr:
		return constant_operand(value, &by) && by < width
			? possible_bits(LLVMGetOperand(value, 0), deep - 1) >> by : all;
	case LLVMTrunc:
	case LLVMZExt:
	case LLVMFreeze:
		return possible_bits(LLVMGetOperand(value, 0), deep - 1) & all;
	default:
		return all;
	}
}

/* A switch that has a case for every value that its operand can have, by its bits or as a remainder. */
static bool is_complete(LLVMValueRef insn)
{
	enum { DEEP = 6 };
	LLVMValueRef operand = LLVMGetOperand(insn, 0);
	uint64_t bits = possible_bits(operand, DEEP), values, within = 0;
	unsigned cases = (unsigned)LLVMGetNumOperands(insn) / 2 - 1;
	bool remainder = LLVMIsAInstruction(operand) && LLVMGetInstructionOpcode(operand) == LLVMURem &&
			 constant_operand(operand, &values);

	if (!remainder)
		values = bits <= UINT32_MAX ? (uint64_t)1 << __builtin_popcountll(bits) : UINT64_MAX;
	for (unsigned i = 0; i < cases; i++) {
		uint64_t value = LLVMConstIntGetZExtValue(LLVMGetOperand(insn, 2 + 2 * i));

		within += remainder ? value < values : !(value & ~bits);
	}
	return within == values;
}

/* A block that only the default of such switches leads to: C means nothing to get there, and nothing was lost. */
static bool is_left_over(LLVMBasicBlockRef block)
{
	LLVMUseRef use = LLVMGetFirstUse(LLVMBasicBlockAsValue(block));
	bool all = use != NULL;

	for (; use && all; use = LLVMGetNextUse(use)) {
		LLVMValueRef user = LLVMGetUser(use);

		all = LLVMIsASwitchInst(user) && LLVMGetSwitchDefaultDest(user) == block && is_complete(user);
	}
	return all;
}

/* A program (a function in a section of its own) that ends in nothing, where no assembly, call, switch explains it. */
static void look_for_undefined(struct codegen *cg, LLVMValueRef insn)
{
	LLVMValueRef function = LLVMGetBasicBlockParent(LLVMGetInstructionParent(insn));
	LLVMValueRef before = LLVMGetPreviousInstruction(insn);

	if (!LLVMGetSection(function) || !*LLVMGetSection(function))
		return;
	if (LLVMGetInstructionOpcode(insn) == LLVMUnreachable && !(before && LLVMIsACallInst(before)) &&
	    !(!before && is_left_over(LLVMGetInstructionParent(insn))))
		warn_undefined(cg, insn, "the compiler takes for granted that the program never gets here");
	if (LLVMGetInstructionOpcode(insn) == LLVMRet && LLVMGetNumOperands(insn) &&
	    LLVMIsUndef(LLVMGetOperand(insn, 0)))
		warn_undefined(cg, insn, "the program returns a value that is undefined");
}

/* What runs again takes more of the stack with every run, like what has no known size. */
static enum iov_status check_alloca(struct codegen *cg, LLVMValueRef insn)
{
	LLVMBasicBlockRef block = LLVMGetInstructionParent(insn);
	bool constant = LLVMIsAConstantInt(LLVMGetOperand(insn, 0));
	const char *what, *name;
	struct iov_diag *d;

	if (constant && block == LLVMGetEntryBasicBlock(LLVMGetBasicBlockParent(block)))
		return IOV_OK;
	name = constant ? NULL : place_array(cg, insn);
	if (constant)
		what = "this alloca() may run more than once, and takes more stack with every run";
	else if (name)
		what = arena_printf(&cg->arena, "the size of the array `%s` is not known when the program is compiled",
				    name);
	else
		what = "the size of this alloca() is not known when the program is compiled";
	d = legal_report(cg, insn, DIAG_VARIABLE_ARRAY, what);
	if (name)
		diag_hint(d, "give `%s` the largest size that can occur, and check the size against it", name);
	else
		diag_hint(d, "declare an array of the largest size that can occur, and check the size against it");
	return IOV_DIAGNOSED;
}

/* LLVM makes one jump of all the computed ones of a function, without a place: what leads there has one. A jump that
 * nothing leads to is what Clang makes of a label whose address is taken and not used. */
static enum iov_status refuse_jump(struct codegen *cg, LLVMValueRef insn)
{
	LLVMBasicBlockRef block = LLVMGetInstructionParent(insn);
	LLVMUseRef use = LLVMGetFirstUse(LLVMBasicBlockAsValue(block));
	LLVMValueRef at = insn;

	if (!use && block != LLVMGetEntryBasicBlock(LLVMGetBasicBlockParent(block)))
		return IOV_OK;
	for (LLVMValueRef i = insn; i && !value_span(cg, at).line; i = LLVMGetPreviousInstruction(i))
		at = i;
	for (; use && !value_span(cg, at).line; use = LLVMGetNextUse(use))
		if (LLVMIsAInstruction(LLVMGetUser(use)))
			at = LLVMGetUser(use);
	return legal_refuse(cg, at, DIAG_LABEL_ADDRESS, "BPF cannot jump to a computed address",
			    "write a switch instead of goto *");
}

static enum iov_status check_insn(struct codegen *cg, LLVMValueRef insn)
{
	enum iov_status status;

	switch (LLVMGetInstructionOpcode(insn)) {
	case LLVMCall:
		status = legal_call(cg, insn);
		return status == IOV_OK ? legal_float(cg, insn) : status;
	case LLVMRet:
	case LLVMUnreachable:
		if (is_empty(insn))
			return refuse_empty(cg, insn);
		look_for_undefined(cg, insn);
		return IOV_OK;
	case LLVMIndirectBr:
		return refuse_jump(cg, insn);
	case LLVMVAArg:
		return legal_refuse(cg, insn, DIAG_VARIADIC, "BPF functions have no list of arguments for va_arg()",
				    "pass an array and its length");
	case LLVMFence:
	case LLVMAtomicRMW:
	case LLVMAtomicCmpXchg:
	case LLVMLoad:
	case LLVMStore:
		return legal_atomic(cg, insn);
	case LLVMAlloca:
		return check_alloca(cg, insn);
	default:
		return legal_float(cg, insn);
	}
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

/* The type that an attribute of a parameter names ("sret", "byval"), or NULL. Parameters count from 1. */
static LLVMTypeRef attribute_type(LLVMValueRef function, unsigned parameter, const char *name)
{
	unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
	LLVMAttributeRef attribute =
		LLVMCountParams(function) ? LLVMGetEnumAttributeAtIndex(function, parameter, kind) : NULL;

	return attribute ? LLVMGetTypeAttributeValue(attribute) : NULL;
}

const char *legal_type(struct codegen *cg, LLVMTypeRef type)
{
	LLVMTargetDataRef layout = LLVMGetModuleDataLayout(cg->module);
	unsigned long long bytes = LLVMABISizeOfType(layout, type);
	const char *name = LLVMGetTypeKind(type) == LLVMStructTypeKind ? LLVMGetStructName(type) : NULL;
	size_t len;

	if (!name || strncmp(name, "struct.", 7) || !strncmp(name, "struct.anon", 11))
		return arena_printf(&cg->arena, "%llu bytes", bytes);
	len = strcspn(name + 7, ".");
	return arena_printf(&cg->arena, "struct %.*s (%llu bytes)", (int)len, name + 7, bytes);
}

LLVMTypeRef legal_returned(LLVMValueRef function)
{
	LLVMTypeRef result = LLVMGetReturnType(LLVMGlobalGetValueType(function));

	switch (LLVMGetTypeKind(result)) {
	case LLVMStructTypeKind:
	case LLVMArrayTypeKind:
	case LLVMVectorTypeKind:
		return result;
	case LLVMIntegerTypeKind:
		return LLVMGetIntTypeWidth(result) > 64 ? result : NULL;
	default:
		return attribute_type(function, 1, "sret");
	}
}

const char *legal_by_value(struct codegen *cg, const char *name, LLVMTypeRef result)
{
	return arena_printf(&cg->arena, "`%s` returns %s by value; r0 holds one number of 8 bytes", name,
			    legal_type(cg, result));
}

/* Some of the calls of a function that cannot be called. */
static void name_calls(struct codegen *cg, struct iov_diag *d, LLVMValueRef function)
{
	int shown = 0;

	for (LLVMUseRef use = LLVMGetFirstUse(function); use && shown < 3; use = LLVMGetNextUse(use)) {
		LLVMValueRef call = LLVMGetUser(use);
		struct place_level level;

		if (!LLVMIsACallInst(call) || LLVMGetCalledValue(call) != function ||
		    !place_levels(cg, call, &level, 1) || !level.function)
			continue;
		diag_why(d, level.where, "`%s` calls it here, and the call was not inlined", level.function);
		shown++;
	}
}

#define INLINE "declare the function static __always_inline"

static enum iov_status check_shape(struct codegen *cg, LLVMValueRef function)
{
	unsigned count = LLVMCountParams(function), registers = 0;
	LLVMTypeRef result = legal_returned(function);
	struct iov_diag *d;
	size_t len;
	const char *name = LLVMGetValueName2(function, &len);

	if (LLVMIsFunctionVarArg(LLVMGlobalGetValueType(function)))
		return legal_refuse(
			cg, function, DIAG_VARIADIC,
			arena_printf(&cg->arena,
				     "`%s` takes a variable number of arguments, which BPF functions cannot", name),
			"give the function a fixed list of at most five arguments");
	for (unsigned i = 0; i < count; i++)
		registers += legal_registers(LLVMTypeOf(LLVMGetParam(function, i)));
	if (!result && registers <= 5)
		return IOV_OK;
	if (result)
		d = legal_report(cg, function, DIAG_BY_VALUE, legal_by_value(cg, name, result));
	else
		d = legal_report(cg, function, DIAG_ARGUMENTS, legal_too_many(cg, name, count, registers));
	name_calls(cg, d, function);
	diag_hint(d, result ? "let the caller pass the address of what the function fills in, or " INLINE
			    : "put the values into a structure and pass its address, or " INLINE);
	return IOV_DIAGNOSED;
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
