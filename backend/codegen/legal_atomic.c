/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the rules about atomic operations, ordered accesses and fences. Source: RFC 9669 section 5.3; LLVM 19's BPF
 * back end, which has none of the ordered loads and stores that later kernels know. */
#include "backend/codegen/internal.h"

#include <llvm-c/Core.h>

#define FULL "__sync_fetch_and_add(&x, 0) reads x, __sync_lock_test_and_set(&x, value) sets it: both order memory fully"
#define PLAIN "access the variable as volatile: aligned accesses of 1, 2, 4 and 8 bytes are not torn"

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

static const char *name_of(LLVMAtomicRMWBinOp operation)
{
	switch (operation) {
	case LLVMAtomicRMWBinOpAdd:
		return "addition";
	case LLVMAtomicRMWBinOpSub:
		return "subtraction";
	case LLVMAtomicRMWBinOpXchg:
		return "exchange";
	case LLVMAtomicRMWBinOpAnd:
		return "AND";
	case LLVMAtomicRMWBinOpOr:
		return "OR";
	case LLVMAtomicRMWBinOpXor:
		return "XOR";
	case LLVMAtomicRMWBinOpNand:
		return "NAND";
	case LLVMAtomicRMWBinOpMax:
	case LLVMAtomicRMWBinOpUMax:
		return "maximum";
	case LLVMAtomicRMWBinOpMin:
	case LLVMAtomicRMWBinOpUMin:
		return "minimum";
	default:
		return "operation of this kind";
	}
}

static enum iov_status check_rmw(struct codegen *cg, LLVMValueRef insn)
{
	LLVMAtomicRMWBinOp operation = LLVMGetAtomicRMWBinOp(insn);
	const char *name = name_of(operation);
	enum iov_status status;

	if (operation > LLVMAtomicRMWBinOpXor || operation == LLVMAtomicRMWBinOpNand)
		return legal_refuse(cg, insn, DIAG_ATOMIC, arena_printf(&cg->arena, "BPF has no atomic %s", name),
				    "add, sub, and, or, xor and exchange are atomic; others take a loop around "
				    "__sync_val_compare_and_swap()");
	status = check_width(cg, insn, LLVMTypeOf(insn));
	if (status != IOV_OK)
		return status;
	if (operation != LLVMAtomicRMWBinOpAdd && operation != LLVMAtomicRMWBinOpSub)
		return check_level(cg, insn, arena_printf(&cg->arena, "an atomic %s", name));
	if (LLVMGetFirstUse(insn))
		return check_level(cg, insn, arena_printf(&cg->arena, "the result of an atomic %s", name));
	/* Without 32-bit registers the back end has no negation to make an addition of it. */
	if (operation == LLVMAtomicRMWBinOpSub && LLVMGetIntTypeWidth(LLVMTypeOf(insn)) == 32)
		return check_level(cg, insn, "an atomic subtraction of 4 bytes");
	return IOV_OK;
}

static enum iov_status check_exchange(struct codegen *cg, LLVMValueRef insn)
{
	enum iov_status status = check_width(cg, insn, LLVMTypeOf(LLVMGetOperand(insn, 1)));

	return status == IOV_OK ? check_level(cg, insn, "an atomic compare-and-exchange") : status;
}

static enum iov_status check_ordering(struct codegen *cg, LLVMValueRef insn)
{
	bool loads = LLVMIsALoadInst(insn);
	LLVMTypeRef type = LLVMTypeOf(loads ? insn : LLVMGetOperand(insn, 0));

	if (LLVMGetOrdering(insn) != LLVMAtomicOrderingNotAtomic && legal_registers(type) > 1)
		return check_width(cg, insn, type);
	switch (LLVMGetOrdering(insn)) {
	case LLVMAtomicOrderingNotAtomic:
		return IOV_OK;
	case LLVMAtomicOrderingUnordered:
	case LLVMAtomicOrderingMonotonic:
		return legal_refuse(cg, insn, DIAG_ORDERING,
				    loads ? "this compiler has no atomic loads for BPF"
					  : "this compiler has no atomic stores for BPF",
				    PLAIN);
	default:
		return legal_refuse(cg, insn, DIAG_ORDERING,
				    loads ? "this compiler has no ordered loads (load-acquire) for BPF"
					  : "this compiler has no ordered stores (store-release) for BPF",
				    FULL);
	}
}

static enum iov_status refuse_fence(struct codegen *cg, LLVMValueRef insn)
{
	if (LLVMIsAtomicSingleThread(insn))
		return legal_refuse(cg, insn, DIAG_ORDERING, "LLVM has no __atomic_signal_fence() for BPF",
				    "asm volatile(\"\" ::: \"memory\") keeps the compiler from moving accesses");
	return legal_refuse(cg, insn, DIAG_ORDERING, "BPF has no memory fence",
			    "__sync_fetch_and_add() and the other atomic operations that return the old value order "
			    "memory fully; against the compiler alone: asm volatile(\"\" ::: \"memory\")");
}

enum iov_status legal_atomic(struct codegen *cg, LLVMValueRef insn)
{
	switch (LLVMGetInstructionOpcode(insn)) {
	case LLVMFence:
		return refuse_fence(cg, insn);
	case LLVMAtomicRMW:
		return check_rmw(cg, insn);
	case LLVMAtomicCmpXchg:
		return check_exchange(cg, insn);
	case LLVMLoad:
	case LLVMStore:
		return check_ordering(cg, insn);
	default:
		return IOV_OK;
	}
}
