/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: errors of LLVM's about inline assembly, which come without a place in C: either with the text that the
 * assembler saw, "<inline asm>:LINE:COL: MESSAGE\n<the line>\n   ^", or with the number that Clang gave the statement
 * ("… at line 32": its !srcloc). Both lead back to the statement. */
#include "backend/codegen/internal.h"

#include <llvm-c/Core.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BARRIER "a barrier for the compiler needs no instruction: asm volatile(\"\" ::: \"memory\")"

/* Whether `text` can be an instance of the template line `form`, whose operands are $0, ${1:w} and the like. */
static bool matches(const char *form, const char *text, const char *text_end)
{
	while (*form && *form != '\n') {
		if (form[0] == '$' && form[1] != '$') {
			form += form[1] == '{' ? strcspn(form, "}") + 1 : 1 + strspn(form + 1, "0123456789");
			for (const char *rest = text; rest <= text_end; rest++)
				if (matches(form, rest, text_end))
					return true;
			return false;
		}
		form += form[0] == '$';
		if (text == text_end || *text++ != *form++)
			return false;
	}
	return text == text_end;
}

static const char *nth_line(const char *text, unsigned n)
{
	while (text && --n)
		text = (text = strchr(text, '\n')) ? text + 1 : NULL;
	return text;
}

struct wanted {
	unsigned line; /* of the statement, which the text is of */
	const char *text, *end;
	uint64_t number; /* Clang's; or 0 */
};

static bool has_number(LLVMValueRef insn, uint64_t number)
{
	LLVMValueRef places = LLVMGetMetadata(insn, LLVMGetMDKindID("srcloc", 6)), parts[64];
	int count = places ? LLVMGetMDNodeNumOperands(places) : 0;

	if (count < 1 || count > 64)
		return false;
	LLVMGetMDNodeOperands(places, parts);
	return LLVMIsAConstantInt(parts[0]) && LLVMConstIntGetZExtValue(parts[0]) == number;
}

static bool is_wanted(LLVMValueRef insn, const struct wanted *w)
{
	LLVMValueRef callee = LLVMIsACallInst(insn) || LLVMIsACallBrInst(insn) ? LLVMGetCalledValue(insn) : NULL;
	const char *form;
	size_t len;

	if (!callee || !LLVMIsAInlineAsm(callee))
		return false;
	if (w->number)
		return has_number(insn, w->number);
	form = nth_line(LLVMGetInlineAsmAsmString(callee, &len), w->line);
	return form && matches(form + strspn(form, " \t"), w->text, w->end);
}

/* The first such statement, or, where several are alike, the first after the one that was spoken of last: LLVM reports
 * them in order. */
static LLVMValueRef find_asm(struct codegen *cg, const struct wanted *w)
{
	LLVMValueRef first = NULL;
	bool passed = !cg->last_asm;

	for (LLVMValueRef f = LLVMGetFirstFunction(cg->module); f; f = LLVMGetNextFunction(f)) {
		for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b)) {
			for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
				if (is_wanted(i, w) && passed)
					return i;
				if (!first && is_wanted(i, w))
					first = i;
				passed |= i == cg->last_asm;
			}
		}
	}
	return first;
}

static void explain(struct codegen *cg, struct iov_diag *d, LLVMValueRef at)
{
	if (!at)
		return;
	place_explain(cg, d, at);
	cg->last_asm = at;
}

/* "FILE:LINE:COL" of a line of the module's own assembly, which functions do not hold. */
static struct iov_span module_place(struct codegen *cg, unsigned line)
{
	unsigned count = LLVMGetNamedMetadataNumOperands(cg->module, IOV_ASM_PLACES), len;
	LLVMValueRef *lines = arena_array(&cg->arena, count + 1, sizeof(*lines)), part;
	struct iov_span span = IOV_NOWHERE;
	const char *text, *col;

	if (!lines || !line || line > count)
		return span;
	LLVMGetNamedMetadataOperands(cg->module, IOV_ASM_PLACES, lines);
	LLVMGetMDNodeOperands(lines[line - 1], &part);
	text = LLVMGetMDString(part, &len);
	text = text ? arena_copy(&cg->arena, text, len) : NULL;
	col = text ? strrchr(text, ':') : NULL;
	col = col ? memrchr(text, ':', (size_t)(col - text)) : NULL;
	if (col && sscanf(col, ":%u:%u", &span.line, &span.col) == 2)
		span.file = arena_copy(&cg->arena, text, (size_t)(col - text));
	return span;
}

/* The assembler's own words say little of a word that it does not know. */
static bool is_unknown(const char *message)
{
	return !strncmp(message, "invalid register/token name", 27) || !strncmp(message, "invalid instruction", 19);
}

static bool refused_text(struct codegen *cg, const char *text)
{
	unsigned line, col;
	int used = 0;
	const char *end, *source;
	struct wanted w = {0};
	struct iov_span span;
	LLVMValueRef at;
	struct iov_diag *d;

	if (sscanf(text, "<inline asm>:%u:%u: %n", &line, &col, &used) != 2 || !used || !line)
		return false;
	text += used;
	end = text + strcspn(text, "\n");
	source = end + strspn(end, "\n \t");
	w = (struct wanted){.line = line, .text = source, .end = source + strcspn(source, "\n")};
	at = find_asm(cg, &w);
	span = at ? value_span(cg, at) : module_place(cg, line);
	if (is_unknown(text))
		d = diag_add(cg->sink, DIAG_BACKEND_ASM, span, "`%.*s` is no instruction of BPF", (int)(w.end - source),
			     source);
	else
		d = diag_add(cg->sink, DIAG_BACKEND_ASM, span, "wrong assembly: %.*s", (int)(end - text), text);
	explain(cg, d, at);
	if (line > 1 && at)
		diag_why(d, IOV_NOWHERE, "line %u of the statement is `%.*s`", line, (int)(w.end - source), source);
	diag_hint(d, "BPF's assembly is written as `r0 = r1` or `%%0 += %%1`, see iov-isa(7); " BARRIER);
	return true;
}

/* "MESSAGE at line NUMBER" */
static bool refused_operand(struct codegen *cg, const char *text)
{
	static const char *const operands[] = {"couldn't allocate ", "invalid operand ", "inline asm", "constraint"};
	const char *number = strstr(text, " at line ");
	struct wanted w = {.number = number ? strtoull(number + 9, NULL, 10) : 0};
	bool known = false;
	LLVMValueRef at;
	struct iov_diag *d;

	for (size_t i = 0; i < sizeof(operands) / sizeof(operands[0]); i++)
		known |= strstr(text, operands[i]) != NULL;
	if (!w.number || !known)
		return false;
	at = find_asm(cg, &w);
	d = diag_add(cg->sink, DIAG_BACKEND_ASM, at ? value_span(cg, at) : IOV_NOWHERE, "wrong assembly: %.*s",
		     (int)(number - text), text);
	explain(cg, d, at);
	diag_hint(
		d,
		"operands are registers of BPF, r0 to r9: \"r\" for any, \"=r\" for what is written, \"+r\" for both, "
		"\"i\" for a constant");
	return true;
}

bool message_asm(struct codegen *cg, const char *text)
{
	return refused_text(cg, text) || refused_operand(cg, text);
}
