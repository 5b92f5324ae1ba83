/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: errors of LLVM's BPF back end made readable. Their text is
 * "FILE:LINE:COL: in function NAME TYPE: MESSAGE\n", and MESSAGE may print nodes of LLVM's selection graph. */
#include "backend/codegen/internal.h"

#include <llvm-c/Core.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIVE_ARGUMENTS \
	"BPF passes at most five arguments, in r1 to r5: put the others into a structure and pass its address"

static const struct {
	const char *part, *message, *hint;
} known[] = {
	{"too many arguments", "this call passes more than five arguments",
	 FIVE_ARGUMENTS},
	{"too many args", "this call passes more than five arguments",
	 FIVE_ARGUMENTS},
	{"stack arguments are not supported", "this function takes more than five arguments",
	 FIVE_ARGUMENTS},
	{"aggregate returns are not supported", "this function returns a structure by value",
	 "let the caller pass the address of the structure to fill"},
	{"only integer returns supported", "this function returns a structure or a value wider than 8 bytes",
	 "let the caller pass the address of the structure to fill"},
	{"variadic functions are not supported", "this function takes a variable number of arguments",
	 "give it a fixed list of at most five arguments"},
	{"unsupported signed division", "signed division needs BPF cpu v4",
	 "divide unsigned values, or compile with -mcpu=v4"},
	{"unsupported dynamic stack allocation", "this array's size is not known when the program is compiled",
	 "give the array a constant size"},
};

/* "FILE:LINE:COL: in function NAME TYPE: " at the start of `text`: fills the span, returns what follows. */
static const char *take_place(struct codegen *cg, const char *text, struct iov_span *span)
{
	const char *in = strstr(text, ": in function "), *name, *end;
	unsigned line = 0, col = 0;
	const char *colon;

	if (!in)
		return text;
	for (colon = strchr(text, ':'); colon && colon < in; colon = strchr(colon + 1, ':'))
		if (sscanf(colon, ":%u:%u", &line, &col) == 2)
			break;
	if (colon && colon < in && line) {
		span->file = arena_copy(&cg->arena, text, (size_t)(colon - text));
		span->line = line;
		span->col = col;
	}
	name = in + strlen(": in function ");
	end = name + strcspn(name, " ");
	span->program = arena_copy(&cg->arena, name, (size_t)(end - name));
	end = strstr(end, ": ");
	return end ? end + 2 : text;
}

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

/* The one inline assembly statement whose line `n` can have become `text`; NULL when none can, or several. */
static LLVMValueRef find_asm(struct codegen *cg, unsigned n, const char *text, const char *text_end)
{
	LLVMValueRef found = NULL;

	for (LLVMValueRef f = LLVMGetFirstFunction(cg->module); f; f = LLVMGetNextFunction(f)) {
		for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b)) {
			for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
				LLVMValueRef callee = LLVMIsACallInst(i) ? LLVMGetCalledValue(i) : NULL;
				const char *form;
				size_t len;

				if (!callee || !LLVMIsAInlineAsm(callee))
					continue;
				form = nth_line(LLVMGetInlineAsmAsmString(callee, &len), n);
				if (!form || !matches(form + strspn(form, " \t"), text, text_end))
					continue;
				if (found)
					return NULL;
				found = i;
			}
		}
	}
	return found;
}

/* "<inline asm>:LINE:COL: MESSAGE\n<the line>\n   ^". */
static bool inline_asm_add(struct codegen *cg, const char *text)
{
	unsigned line, col;
	int used = 0;
	const char *end, *source, *source_end;
	LLVMValueRef at;
	struct iov_diag *d;

	if (sscanf(text, "<inline asm>:%u:%u: %n", &line, &col, &used) != 2 || !used || !line)
		return false;
	text += used;
	end = text + strcspn(text, "\n");
	source = end + strspn(end, "\n \t");
	source_end = source + strcspn(source, "\n");
	at = find_asm(cg, line, source, source_end);
	d = diag_add(cg->sink, DIAG_BACKEND_ASM, at ? value_span(cg, at) : IOV_NOWHERE, "%.*s", (int)(end - text),
		     text);
	diag_why(d, IOV_NOWHERE, "line %u of the statement is `%.*s`", line, (int)(source_end - source),
		 source);
	return true;
}

void message_add(struct codegen *cg, const char *text)
{
	struct iov_span span = IOV_NOWHERE;
	const char *message = take_place(cg, text, &span);
	size_t len = strlen(message);
	struct iov_diag *d;
	const char *call;

	if (inline_asm_add(cg, text))
		return;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!strstr(message, known[i].part))
			continue;
		d = diag_add(cg->sink, DIAG_BACKEND_ERROR, span, "%s", known[i].message);
		diag_hint(d, "%s", known[i].hint);
		return;
	}
	while (len && (message[len - 1] == '\n' || message[len - 1] == ' '))
		len--;
	call = strstr(message, "A call to built-in function '");
	if (call) {
		call += strlen("A call to built-in function '");
		d = diag_add(cg->sink, DIAG_BACKEND_ERROR, span,
			     "this needs the library function '%.*s', which BPF does not have",
			     (int)strcspn(call, "'"), call);
		if (!strncmp(call, "mem", 3))
			diag_hint(d, "a small constant size becomes plain instructions; else write a bounded loop");
		else if (strstr(call, "ti3"))
			diag_hint(d, "BPF divides and multiplies 64 bits at most");
		return;
	}
	diag_add(cg->sink, DIAG_BACKEND_ERROR, span, "%.*s", (int)len, message);
}
