/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: where what stands in the IR comes from: places of instructions and functions, the functions of the source that
 * an instruction was compiled into, and the way back from a place that LLVM names to the instruction. */
#include "backend/codegen/internal.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>

#include <string.h>

enum { MAX_INLINED = 8 };

static struct iov_span location_span(struct codegen *cg, LLVMMetadataRef location)
{
	LLVMMetadataRef scope = LLVMDILocationGetScope(location), file = scope ? LLVMDIScopeGetFile(scope) : NULL;
	struct iov_span span = IOV_NOWHERE;
	unsigned len = 0;
	const char *name = file ? LLVMDIFileGetFilename(file, &len) : NULL;

	if (!name || !len)
		return span;
	span.file = arena_copy(&cg->arena, name, len);
	span.line = LLVMDILocationGetLine(location);
	span.col = LLVMDILocationGetColumn(location);
	return span;
}

/* What the compiler made up has line 0: then where it was inlined counts. */
static LLVMMetadataRef location_of(LLVMValueRef insn)
{
	LLVMMetadataRef location = LLVMInstructionGetDebugLoc(insn);

	while (location && !LLVMDILocationGetLine(location))
		location = LLVMDILocationGetInlinedAt(location);
	return location;
}

struct iov_span value_span(struct codegen *cg, LLVMValueRef value)
{
	LLVMMetadataRef location = LLVMIsAInstruction(value) ? location_of(value) : NULL;
	struct iov_span span = IOV_NOWHERE;
	unsigned len = 0;
	const char *file;

	if (location)
		return location_span(cg, location);
	file = LLVMIsAInstruction(value) ? NULL : LLVMGetDebugLocFilename(value, &len);
	if (!file || !len)
		return span;
	span.file = arena_copy(&cg->arena, file, len);
	span.line = LLVMGetDebugLocLine(value);
	return span;
}

struct iov_span function_span(struct codegen *cg, LLVMValueRef function)
{
	struct iov_span span = value_span(cg, function);
	size_t len;
	const char *name = LLVMGetValueName2(function, &len);

	span.program = arena_copy(&cg->arena, name, len);
	return span;
}

const char *global_name(LLVMValueRef variable)
{
	size_t len;
	const char *name = LLVMGetValueName2(variable, &len), *dot = strchr(name, '.');

	return !dot || dot == name || !dot[1] || (dot[1] >= '0' && dot[1] <= '9') ? name : dot + 1;
}

/* The subprogram of a place stands at the end of its scopes: DILexicalBlock has (file, scope), DISubprogram (file,
 * scope, name, …) as operands. */
static const char *location_function(struct codegen *cg, LLVMMetadataRef location)
{
	LLVMMetadataRef scope = LLVMDILocationGetScope(location);
	LLVMContextRef context = LLVMGetModuleContext(cg->module);

	for (int depth = 0; scope && depth < 1000; depth++) {
		LLVMValueRef node = LLVMMetadataAsValue(context, scope), parts[64];
		int count = LLVMGetMDNodeNumOperands(node);
		unsigned len;
		const char *name;

		if (count < 2 || count > 64)
			return NULL;
		LLVMGetMDNodeOperands(node, parts);
		if (LLVMGetMetadataKind(scope) == LLVMDISubprogramMetadataKind) {
			name = count > 2 && parts[2] ? LLVMGetMDString(parts[2], &len) : NULL;
			return name ? arena_copy(&cg->arena, name, len) : NULL;
		}
		scope = parts[1] ? LLVMValueAsMetadata(parts[1]) : NULL;
	}
	return NULL;
}

size_t place_levels(struct codegen *cg, LLVMValueRef insn, struct place_level *levels, size_t max)
{
	size_t count = 0;

	for (LLVMMetadataRef l = location_of(insn); l && count < max; l = LLVMDILocationGetInlinedAt(l))
		levels[count++] = (struct place_level){location_function(cg, l), location_span(cg, l)};
	return count;
}

void place_explain(struct codegen *cg, struct iov_diag *d, LLVMValueRef insn)
{
	struct place_level levels[MAX_INLINED];
	size_t count = place_levels(cg, insn, levels, MAX_INLINED), len;
	LLVMValueRef function = LLVMGetBasicBlockParent(LLVMGetInstructionParent(insn));

	for (size_t i = 1; i < count; i++)
		if (levels[i - 1].function && levels[i].function)
			diag_why(d, levels[i].where, "this is in `%s`, which is compiled into `%s` here",
				 levels[i - 1].function, levels[i].function);
	if (count < 2)
		diag_why(d, IOV_NOWHERE, "this is in function `%s`", LLVMGetValueName2(function, &len));
}

void place_variable(struct codegen *cg, LLVMValueRef slot, struct place_variable *out)
{
	LLVMValueRef note = LLVMGetMetadata(slot, LLVMGetMDKindID(IOV_VARIABLE_NOTE, sizeof(IOV_VARIABLE_NOTE) - 1));
	LLVMValueRef parts[3];
	const char *text;
	unsigned len;

	*out = (struct place_variable){.where = IOV_NOWHERE};
	if (!note || LLVMGetMDNodeNumOperands(note) != 3)
		return;
	LLVMGetMDNodeOperands(note, parts);
	text = LLVMGetMDString(parts[0], &len);
	out->name = text ? arena_copy(&cg->arena, text, len) : NULL;
	text = LLVMGetMDString(parts[1], &len);
	out->where.file = text ? arena_copy(&cg->arena, text, len) : NULL;
	out->where.line = LLVMIsAConstantInt(parts[2]) ? (uint32_t)LLVMConstIntGetZExtValue(parts[2]) : 0;
}

const char *place_array(struct codegen *cg, LLVMValueRef slot)
{
	unsigned count = LLVMGetNamedMetadataNumOperands(cg->module, IOV_ARRAYS), len;
	LLVMValueRef *arrays = arena_array(&cg->arena, count + 1, sizeof(*arrays)), parts[3];
	const char *name;

	if (!arrays || !count)
		return NULL;
	LLVMGetNamedMetadataOperands(cg->module, IOV_ARRAYS, arrays);
	for (unsigned i = 0; i < count; i++) {
		LLVMGetMDNodeOperands(arrays[i], parts);
		if (LLVMConstIntGetZExtValue(parts[1]) != LLVMGetDebugLocLine(slot) ||
		    LLVMConstIntGetZExtValue(parts[2]) != LLVMGetDebugLocColumn(slot))
			continue;
		name = LLVMGetMDString(parts[0], &len);
		return arena_copy(&cg->arena, name, len);
	}
	return NULL;
}

static bool stands_at(LLVMValueRef insn, const struct iov_span *span)
{
	return LLVMGetDebugLocLine(insn) == span->line && LLVMGetDebugLocColumn(insn) == span->col;
}

LLVMValueRef place_find(struct codegen *cg, const struct iov_span *span, place_wanted *wanted, const void *ud)
{
	LLVMValueRef f = span->program && span->line ? LLVMGetNamedFunction(cg->module, span->program) : NULL;

	for (LLVMBasicBlockRef b = f ? LLVMGetFirstBasicBlock(f) : NULL; b; b = LLVMGetNextBasicBlock(b))
		for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
			if (stands_at(i, span) && wanted(i, ud))
				return i;
	return NULL;
}
