/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: knowing whether the optimiser made calls of loops (LLVM's loop idioms: `for (…) a[i] = 0;` becomes a memset).
 * Where the size is not constant, or large, the back end has no such call, and a source that only has loops would be
 * refused for a function that it never named. Calls are known by their places: what stands at none that the source had
 * is the optimiser's. */
#include "backend/codegen/internal.h"

#include <llvm-c/Core.h>

#include <string.h>

static bool is_memory_function(LLVMValueRef function)
{
	static const char *const known[] = {"llvm.memset.", "llvm.memcpy.", "llvm.memmove."};
	size_t len;
	const char *name = LLVMGetValueName2(function, &len);

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strncmp(name, known[i], strlen(known[i])))
			return true;
	return false;
}

static bool is_written(const struct codegen *cg, LLVMValueRef call)
{
	for (const struct written_call *w = cg->written; w; w = w->next)
		if (w->line == LLVMGetDebugLocLine(call) && w->col == LLVMGetDebugLocColumn(call))
			return true;
	return false;
}

/* Calls visit(cg, call) for each call of a memory function, until it returns true. */
static bool each_call(struct codegen *cg, bool (*visit)(struct codegen *cg, LLVMValueRef call))
{
	for (LLVMValueRef f = LLVMGetFirstFunction(cg->module); f; f = LLVMGetNextFunction(f))
		for (LLVMUseRef use = is_memory_function(f) ? LLVMGetFirstUse(f) : NULL; use; use = LLVMGetNextUse(use))
			if (LLVMIsACallInst(LLVMGetUser(use)) && visit(cg, LLVMGetUser(use)))
				return true;
	return false;
}

static bool note_written(struct codegen *cg, LLVMValueRef call)
{
	struct written_call *w = is_written(cg, call) ? NULL : ARENA_NEW(&cg->arena, struct written_call);

	if (w)
		*w = (struct written_call){LLVMGetDebugLocLine(call), LLVMGetDebugLocColumn(call), cg->written};
	cg->written = w ? w : cg->written;
	return false;
}

static bool is_made(struct codegen *cg, LLVMValueRef call)
{
	return !is_written(cg, call);
}

static bool is_made_unsized(struct codegen *cg, LLVMValueRef call)
{
	return is_made(cg, call) && !LLVMIsAConstantInt(LLVMGetOperand(call, 2));
}

void loops_before(struct codegen *cg)
{
	each_call(cg, note_written);
}

bool loops_became_calls(struct codegen *cg, bool failed)
{
	if (cg->options->stage == IOV_STAGE_BEFORE_MERGE)
		return each_call(cg, is_made_unsized);
	return failed && each_call(cg, is_made);
}
