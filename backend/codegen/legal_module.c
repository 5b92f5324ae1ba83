/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the rules about what a module says beside its functions' instructions: constructors, aliases, ifuncs, and
 * addresses of labels, which instructions and variables may hold. */
#include "backend/codegen/internal.h"

#include <llvm-c/Core.h>

#include <string.h>

/* The functions that a list of constructors names: { i32 priority, ptr function, ptr data } each. */
static enum iov_status check_list(struct codegen *cg, const char *list, const char *kind)
{
	LLVMValueRef variable = LLVMGetNamedGlobal(cg->module, list), entries, function;
	enum iov_status status = IOV_OK;
	size_t len;

	entries = variable ? LLVMGetInitializer(variable) : NULL;
	if (!entries || !LLVMIsAConstantArray(entries))
		return IOV_OK;
	for (int i = 0; i < LLVMGetNumOperands(entries); i++) {
		function = LLVMGetOperand(LLVMGetOperand(entries, (unsigned)i), 1);
		if (!LLVMIsAFunction(function))
			continue;
		status = legal_refuse(cg, function, DIAG_CONSTRUCTOR,
				      arena_printf(&cg->arena, "`%s` is a %s, which nothing would ever call",
						   LLVMGetValueName2(function, &len), kind),
				      "initialise variables where they are declared, or let user space write them "
				      "before the module is loaded");
	}
	return status;
}

/* An alias that is called crashes LLVM's BTF writer; one of a variable is a second symbol and harmless. */
static enum iov_status check_aliases(struct codegen *cg)
{
	enum iov_status status = IOV_OK;
	size_t len;

	for (LLVMValueRef a = LLVMGetFirstGlobalAlias(cg->module); a; a = LLVMGetNextGlobalAlias(a)) {
		for (LLVMUseRef use = LLVMGetFirstUse(a); use; use = LLVMGetNextUse(use)) {
			LLVMValueRef user = LLVMGetUser(use);

			if (!LLVMIsACallInst(user) || LLVMGetCalledValue(user) != a)
				continue;
			status = legal_refuse(cg, user, DIAG_ALIAS,
					      arena_printf(&cg->arena,
							   "`%s` is another function's alias, which BPF cannot call",
							   LLVMGetValueName2(a, &len)),
					      "call the function by its own name");
		}
	}
	for (LLVMValueRef f = LLVMGetFirstGlobalIFunc(cg->module); f; f = LLVMGetNextGlobalIFunc(f)) {
		LLVMValueRef resolver = LLVMGetGlobalIFuncResolver(f);

		if (!LLVMIsAFunction(resolver))
			continue;
		status = legal_refuse(cg, resolver, DIAG_ALIAS,
				      arena_printf(&cg->arena, "`%s` is an ifunc: no loader would call its resolver",
						   LLVMGetValueName2(f, &len)),
				      "decide by a constant that user space sets: `const volatile int which;`");
	}
	return status;
}

static LLVMValueRef label_of(LLVMBasicBlockRef block)
{
	for (LLVMUseRef use = LLVMGetFirstUse(LLVMBasicBlockAsValue(block)); use; use = LLVMGetNextUse(use))
		if (LLVMIsABlockAddress(LLVMGetUser(use)) && LLVMGetFirstUse(LLVMGetUser(use)))
			return LLVMGetUser(use);
	return NULL;
}

enum iov_status legal_labels(struct codegen *cg, LLVMValueRef function)
{
	for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(function); b; b = LLVMGetNextBasicBlock(b)) {
		LLVMValueRef label = label_of(b), user = label ? LLVMGetUser(LLVMGetFirstUse(label)) : NULL;

		if (user)
			return legal_refuse(cg, LLVMIsAInstruction(user) ? user : function, DIAG_LABEL_ADDRESS,
					    "this takes the address of a label, and BPF cannot jump to an address",
					    "write a switch instead of goto *");
	}
	return IOV_OK;
}

enum iov_status legal_module(struct codegen *cg)
{
	enum iov_status constructors = check_list(cg, "llvm.global_ctors", "constructor");
	enum iov_status destructors = check_list(cg, "llvm.global_dtors", "destructor");
	enum iov_status aliases = check_aliases(cg);

	return constructors == IOV_OK && destructors == IOV_OK && aliases == IOV_OK ? IOV_OK : IOV_DIAGNOSED;
}
