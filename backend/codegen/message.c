/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: errors of LLVM's BPF back end made readable. Their text is
 * "FILE:LINE:COL: in function NAME TYPE: MESSAGE\n", and MESSAGE may print nodes of LLVM's selection graph. */
#include "backend/codegen/internal.h"

#include <llvm-c/Core.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* By parts of LLVM's text; the first that fits. */
static const struct {
	const char *part;
	enum iov_diag_id id;
	const char *message, *hint;
} known[] = {
	{"too many arg", DIAG_ARGUMENTS, "this call passes more than five arguments",
	 "put the values into a structure and pass its address"},
	{"stack arguments are not supported", DIAG_ARGUMENTS, "this function takes more than five arguments",
	 "put the values into a structure and pass its address"},
	{"pass by value not supported", DIAG_BY_VALUE, "this call passes a structure by value",
	 "pass the structure's address"},
	{"aggregate returns are not supported", DIAG_BY_VALUE, "this function returns a structure by value",
	 "let the caller pass the address of the structure to fill"},
	{"only integer returns supported", DIAG_BY_VALUE, "this function returns a structure or more than 8 bytes",
	 "let the caller pass the address of the structure to fill"},
	{"only small returns supported", DIAG_BY_VALUE, "this call returns a structure or more than 8 bytes",
	 "let the function fill a structure whose address it is given"},
	{"variadic functions are not supported", DIAG_VARIADIC, "this function takes a variable number of arguments",
	 "give it a fixed list of at most five arguments"},
	{"unsupported signed division", DIAG_SIGNED_DIVISION, "signed division needs BPF cpu v4",
	 "divide unsigned values where they cannot be negative, or compile with -mcpu=v4"},
	{"Invalid usage of the XADD return value", DIAG_ATOMIC, "the result of an atomic addition needs -mcpu=v3",
	 "v1 and v2 have one atomic operation: an addition whose result is not used"},
	{"unsupported dynamic stack allocation", DIAG_VARIABLE_ARRAY,
	 "this array's size is not known when the program is compiled", "give the array a constant size"},
	{"'__udiv", DIAG_WIDE_ARITHMETIC, "BPF divides 64 bits at most; this divides 128",
	 "divide 64-bit values; shift both down first where precision allows"},
	{"'__div", DIAG_WIDE_ARITHMETIC, "BPF divides 64 bits at most; this divides 128",
	 "divide 64-bit values; shift both down first where precision allows"},
	{"'__umod", DIAG_WIDE_ARITHMETIC, "BPF divides 64 bits at most; this takes a remainder of 128",
	 "take the remainder of 64-bit values"},
	{"'__mod", DIAG_WIDE_ARITHMETIC, "BPF divides 64 bits at most; this takes a remainder of 128",
	 "take the remainder of 64-bit values"},
	{"'__mul", DIAG_WIDE_ARITHMETIC, "BPF multiplies to 64 bits; this needs the product's 128",
	 "multiply 32-bit halves; to notice overflow compare with a quotient: `if (b && a > ~0ULL / b)`"},
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
	diag_why(d, IOV_NOWHERE, "line %u of the statement is `%.*s`", line, (int)(source_end - source), source);
	return true;
}

/* The call of a memory function at a place, or NULL. */
static LLVMValueRef find_memory_call(struct codegen *cg, const struct iov_span *span, const char *name, size_t len)
{
	LLVMValueRef f = span->program ? LLVMGetNamedFunction(cg->module, span->program) : NULL;

	for (LLVMBasicBlockRef b = f ? LLVMGetFirstBasicBlock(f) : NULL; b; b = LLVMGetNextBasicBlock(b)) {
		for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
			LLVMValueRef callee = LLVMIsACallInst(i) ? LLVMGetCalledValue(i) : NULL;
			const char *callee_name;
			size_t unused;

			if (!callee || !LLVMIsAFunction(callee) || LLVMGetDebugLocLine(i) != span->line ||
			    LLVMGetDebugLocColumn(i) != span->col)
				continue;
			callee_name = LLVMGetValueName2(callee, &unused);
			if (!strncmp(callee_name, "llvm.", 5) && !strncmp(callee_name + 5, name, len))
				return i;
		}
	}
	return NULL;
}

/* Which memory function, how long it copies, why that is not written out: LLVM 19's BPF back end writes out constant
 * sizes up to 1024 bytes (measured). */
static void memory_function(struct codegen *cg, struct iov_span span, const char *name, size_t len)
{
	LLVMValueRef call = find_memory_call(cg, &span, name, len);
	LLVMValueRef size = call ? LLVMGetOperand(call, 2) : NULL;
	bool constant = size && LLVMIsAConstantInt(size);
	struct iov_diag *d;

	if (constant)
		d = diag_add(cg->sink, DIAG_MEMORY_FUNCTION, span,
			     "this %.*s of %llu bytes stays a call, and BPF has no C library", (int)len, name,
			     LLVMConstIntGetZExtValue(size));
	else
		d = diag_add(cg->sink, DIAG_MEMORY_FUNCTION, span,
			     "this %.*s has no constant size and stays a call; BPF has no C library", (int)len, name);
	if (span.program)
		diag_why(d, IOV_NOWHERE, "this is in function `%s`", span.program);
	if (constant)
		diag_why(d, IOV_NOWHERE, "up to 1024 bytes are written out as loads and stores");
	diag_hint(d, constant ? "work in a bounded loop, or in pieces"
			      : "give it a constant size, or write a bounded loop");
}

/* "A call to built-in function 'NAME' is not supported." */
static void library_function(struct codegen *cg, struct iov_span span, const char *name)
{
	size_t len = strcspn(name, "'");
	bool is_float = len > 3 && strchr("sdt", name[len - 2]) && name[len - 1] >= '2' && name[len - 1] <= '3' &&
			name[len - 3] != 't';
	struct iov_diag *d;

	if (!strncmp(name, "mem", 3)) {
		memory_function(cg, span, name, len);
		return;
	}
	if (is_float || strstr(name, "float") || strstr(name, "fix")) {
		d = diag_add(cg->sink, DIAG_FLOATING_POINT, span, "BPF has no floating-point arithmetic");
		diag_hint(d, "use integers, scaled where fractions are needed (nanoseconds, thousandths)");
		return;
	}
	d = diag_add(cg->sink, DIAG_LIBRARY_FUNCTION, span,
		     "this needs the library function '%.*s', which BPF does not have", (int)len, name);
	diag_hint(d, "write what it does in C");
}

/* LLVM says of a call to a library function that it is not supported, and then what is wrong with its result. */
static bool follows_another(const struct codegen *cg, const struct iov_span *span, const char *message)
{
	if (!strstr(message, "returns supported") && !strstr(message, "too many arg"))
		return false;
	for (const struct iov_diag *d = cg->sink->first; d; d = d->next)
		if (d->span.line && d->span.line == span->line && d->span.col == span->col && d->severity >= IOV_ERROR)
			return true;
	return false;
}

static bool known_add(struct codegen *cg, struct iov_span span, const char *message)
{
	struct iov_diag *d;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!strstr(message, known[i].part))
			continue;
		d = diag_add(cg->sink, known[i].id, span, "%s", known[i].message);
		if (span.program)
			diag_why(d, IOV_NOWHERE, "this is in function `%s`", span.program);
		diag_hint(d, "%s", known[i].hint);
		return true;
	}
	return false;
}

void message_warning(struct codegen *cg, const char *text)
{
	struct iov_span span = IOV_NOWHERE;
	int used = 0;

	for (const char *colon = strchr(text, ':'); colon && !used; colon = strchr(colon + 1, ':'))
		if (sscanf(colon, ":%u:%u: %n", &span.line, &span.col, &used) == 2 && used) {
			span.file = arena_printf(&cg->arena, "%.*s", (int)(colon - text), text);
			text = colon + used;
			break;
		}
	if (!used)
		span = IOV_NOWHERE;
	diag_add(cg->sink, DIAG_BACKEND_WARNING, span, "%s", text);
}

void message_add(struct codegen *cg, const char *text)
{
	static const char call[] = "A call to built-in function '";
	struct iov_span span = IOV_NOWHERE;
	const char *message = take_place(cg, text, &span), *name = strstr(message, call);
	size_t len = strlen(message);

	if (inline_asm_add(cg, text) || follows_another(cg, &span, message) || known_add(cg, span, message))
		return;
	while (len && (message[len - 1] == '\n' || message[len - 1] == ' '))
		len--;
	if (name)
		library_function(cg, span, name + sizeof(call) - 1);
	else
		diag_add(cg->sink, DIAG_BACKEND_ERROR, span, "%.*s", (int)len, message);
}
