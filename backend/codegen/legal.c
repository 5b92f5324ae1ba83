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
	struct iov_diag *d;

	if (!span.file && !LLVMIsAFunction(at))
		span = function_span(cg, LLVMGetBasicBlockParent(LLVMGetInstructionParent(at)));
	d = diag_add(cg->sink, DIAG_NOT_BPF, span, "%s", what);

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

/* Functions of the C library that programs of the host reach for: nothing will ever define them for BPF. */
static const struct {
	const char *name, *hint;
} absent[] = {
	{"malloc", "take memory from a map (one entry of a BPF_MAP_TYPE_PERCPU_ARRAY is scratch space)"},
	{"calloc", "take memory from a map (one entry of a BPF_MAP_TYPE_PERCPU_ARRAY is scratch space)"},
	{"realloc", "take memory from a map (one entry of a BPF_MAP_TYPE_PERCPU_ARRAY is scratch space)"},
	{"free", "memory comes from maps, which are not freed by programs"},
	{"printf", "bpf_printk() writes to the trace pipe; counters and ring buffers carry data to user space"},
	{"fprintf", "bpf_printk() writes to the trace pipe; counters and ring buffers carry data to user space"},
	{"puts", "bpf_printk() writes to the trace pipe; counters and ring buffers carry data to user space"},
	{"memcpy", "use __builtin_memcpy() with a constant size, or a bounded loop"},
	{"memmove", "use __builtin_memmove() with a constant size, or a bounded loop"},
	{"memset", "use __builtin_memset() with a constant size, or a bounded loop"},
	{"memcmp", "use __builtin_memcmp() with a small constant size, or a bounded loop"},
	{"bcmp", "use __builtin_memcmp() with a small constant size, or a bounded loop"},
	{"strlen", "walk the string in a bounded loop"},
	{"strcmp", "compare in a bounded loop, or with bpf_strncmp()"},
	{"strncmp", "bpf_strncmp() compares with a constant string"},
	{"strcpy", "use __builtin_memcpy() with a constant size"},
	{"strncpy", "use __builtin_memcpy() with a constant size"},
	{"abort", "return an error code: a program always ends by returning"},
	{"exit", "return an error code: a program always ends by returning"},
	{"rand", "bpf_get_prandom_u32() gives random numbers"},
	{"time", "bpf_ktime_get_ns() gives the time since boot"},
};

/* The back end turns a comparison of a constant size, up to 128 loads of 8 bytes, into loads; it calls no function. */
static bool becomes_loads(const struct codegen *cg, LLVMValueRef call, const char *name)
{
	LLVMValueRef size;

	if (strcmp(name, "memcmp") && strcmp(name, "bcmp"))
		return false;
	if (!cg->options->optimise || LLVMGetNumArgOperands(call) != 3)
		return false;
	size = LLVMGetOperand(call, 2);
	return LLVMIsAConstantInt(size) && LLVMConstIntGetZExtValue(size) <= 1024;
}

static enum iov_status check_declared(struct codegen *cg, LLVMValueRef insn, LLVMValueRef callee)
{
	size_t len;
	const char *name = LLVMGetValueName2(callee, &len), *section = LLVMGetSection(callee);

	if (!LLVMIsDeclaration(callee) || LLVMGetIntrinsicID(callee) || (section && *section) ||
	    becomes_loads(cg, insn, name))
		return IOV_OK;
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		if (!strcmp(name, absent[i].name))
			return refuse(cg, insn,
				      arena_printf(&cg->arena, "BPF has no C library, and so no %s()", name),
				      absent[i].hint);
	return IOV_OK;
}

/* What registers carry: five arguments of at most 8 bytes (16 as two of them), one result of at most 8. */
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

/* A helper is called through a constant address (its number), a subprogram or kfunc by name. */
static enum iov_status check_call(struct codegen *cg, LLVMValueRef insn)
{
	LLVMValueRef callee = LLVMGetCalledValue(insn);
	const char *name;
	size_t len;

	if (LLVMIsAInlineAsm(callee) || LLVMIsAConstantExpr(callee) || LLVMIsAConstantInt(callee))
		return IOV_OK;
	if (!LLVMIsAFunction(callee)) {
		if (LLVMIsAConstant(callee))
			return IOV_OK;
		return refuse(cg, insn, "this calls a function through a pointer, which BPF cannot do",
			      "call the functions by name, for example in a switch; between programs: bpf_tail_call()");
	}
	name = LLVMGetValueName2(callee, &len);
	if (!strncmp(name, "llvm.returnaddress", 18) || !strncmp(name, "llvm.frameaddress", 17))
		return refuse(cg, insn, "BPF has no return address or frame address to read",
			      "remove __builtin_return_address() and __builtin_frame_address()");
	if (!strcmp(name, "llvm.trap"))
		return refuse(cg, insn, "BPF has no trap instruction",
			      "return an error code: a program always ends by returning");
	return check_declared(cg, insn, callee);
}

static enum iov_status check_width(struct codegen *cg, LLVMValueRef insn, LLVMTypeRef type)
{
	unsigned bits = LLVMGetTypeKind(type) == LLVMIntegerTypeKind ? LLVMGetIntTypeWidth(type) : 64;

	if (bits == 32 || bits == 64)
		return IOV_OK;
	return refuse(cg, insn, "BPF has atomic operations on 4 and 8 bytes only",
		      "make the variable a __u32 or __u64");
}

static enum iov_status check_rmw(struct codegen *cg, LLVMValueRef insn)
{
	switch (LLVMGetAtomicRMWBinOp(insn)) {
	case LLVMAtomicRMWBinOpXchg:
	case LLVMAtomicRMWBinOpAdd:
	case LLVMAtomicRMWBinOpSub:
	case LLVMAtomicRMWBinOpAnd:
	case LLVMAtomicRMWBinOpOr:
	case LLVMAtomicRMWBinOpXor:
		return check_width(cg, insn, LLVMTypeOf(insn));
	default:
		return refuse(cg, insn, "BPF has no atomic operation of this kind",
			      "add, sub, and, or, xor and exchange are atomic; others take a loop around "
			      "__sync_val_compare_and_swap()");
	}
}

static enum iov_status check_ordering(struct codegen *cg, LLVMValueRef insn)
{
	switch (LLVMGetOrdering(insn)) {
	case LLVMAtomicOrderingNotAtomic:
		return IOV_OK;
	case LLVMAtomicOrderingUnordered:
	case LLVMAtomicOrderingMonotonic:
		return refuse(cg, insn, "this compiler has no atomic loads and stores for BPF",
			      "access the variable as volatile: aligned accesses of 1, 2, 4 and 8 bytes are not torn");
	default:
		return refuse(cg, insn,
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
	LLVMTypeRef type = LLVMTypeOf(insn);

	switch (LLVMGetInstructionOpcode(insn)) {
	case LLVMCall:
		if (check_call(cg, insn) != IOV_OK)
			return IOV_DIAGNOSED;
		break;
	case LLVMRet:
	case LLVMUnreachable:
		look_for_undefined(cg, insn);
		break;
	case LLVMFence:
		return refuse(cg, insn, "BPF has no memory fence",
			      "use __sync_fetch_and_add() or another atomic operation that returns the old value");
	case LLVMIndirectBr:
		return refuse(cg, insn, "BPF cannot jump to a computed address", "write a switch instead of goto *");
	case LLVMVAArg:
		return refuse(cg, insn, "BPF functions cannot take a variable number of arguments",
			      "give the function a fixed list of at most five arguments");
	case LLVMAtomicRMW:
		return check_rmw(cg, insn);
	case LLVMAtomicCmpXchg:
		return check_width(cg, insn, LLVMTypeOf(LLVMGetOperand(insn, 1)));
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
	if (returns_too_much(type) || returns_by_memory(function))
		return refuse(cg, function, "BPF functions return at most 8 bytes, in r0",
			      "let the caller pass the address of what the function fills in");
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
