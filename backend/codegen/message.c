/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: errors of LLVM's BPF back end made readable. Their text is
 * "FILE:LINE:COL: in function NAME TYPE: MESSAGE\n", and MESSAGE may print nodes of LLVM's selection graph. */
#include "backend/codegen/internal.h"

#include <llvm-c/Core.h>

#include <stdio.h>
#include <string.h>

#define DIVIDE "divide 64-bit values; shift both down first where precision allows"
#define REMAINDER "take the remainder of 64-bit values"

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
	{"Invalid usage of the XADD return value", DIAG_ATOMIC, "the result of an atomic addition needs -mcpu=v3",
	 "v1 and v2 have one atomic operation: an addition whose result is not used"},
	{"unsupported dynamic stack allocation", DIAG_VARIABLE_ARRAY,
	 "this array's size is not known when the program is compiled", "give the array a constant size"},
	{"'__udiv", DIAG_WIDE_ARITHMETIC, "BPF divides 64 bits at most; this divides 128", DIVIDE},
	{"'__div", DIAG_WIDE_ARITHMETIC, "BPF divides 64 bits at most; this divides 128", DIVIDE},
	{"'__umod", DIAG_WIDE_ARITHMETIC, "BPF divides 64 bits at most; this takes a remainder of 128", REMAINDER},
	{"'__mod", DIAG_WIDE_ARITHMETIC, "BPF divides 64 bits at most; this takes a remainder of 128", REMAINDER},
	{"'__mul", DIAG_WIDE_ARITHMETIC, "BPF multiplies to 64 bits; this needs the product's 128",
	 "multiply 32-bit halves; so that a product fits in 64 bits: `if (a >> 32 || b >> 32) return …;`"},
	{"'__ashl", DIAG_WIDE_ARITHMETIC, "BPF shifts 64 bits; this shifts 128 by a number that only the run knows",
	 "shift the two halves of 64 bits, or by a constant number"},
	{"'__lshr", DIAG_WIDE_ARITHMETIC, "BPF shifts 64 bits; this shifts 128 by a number that only the run knows",
	 "shift the two halves of 64 bits, or by a constant number"},
	{"'__ashr", DIAG_WIDE_ARITHMETIC, "BPF shifts 64 bits; this shifts 128 by a number that only the run knows",
	 "shift the two halves of 64 bits, or by a constant number"},
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

struct called {
	const char *name; /* of a library's memory function */
	size_t len;
};

static bool is_memory_call(LLVMValueRef insn, const void *ud)
{
	const struct called *wanted = ud;
	LLVMValueRef callee = LLVMIsACallInst(insn) ? LLVMGetCalledValue(insn) : NULL;
	const char *name;
	size_t len;

	if (!callee || !LLVMIsAFunction(callee))
		return false;
	name = LLVMGetValueName2(callee, &len);
	return !strncmp(name, "llvm.", 5) && !strncmp(name + 5, wanted->name, wanted->len);
}

static void explain_place(struct codegen *cg, struct iov_diag *d, const struct iov_span *span, LLVMValueRef insn)
{
	if (insn)
		place_explain(cg, d, insn);
	else if (span->program)
		diag_why(d, IOV_NOWHERE, "this is in function `%s`", span->program);
}

/* Which memory function, how long it copies, why that is not written out: LLVM 19's BPF back end writes out constant
 * sizes of up to 128 stores of 8, 4, 2 and 1 bytes (BPFTargetLowering; measured). */
static void memory_function(struct codegen *cg, struct iov_span span, const char *name, size_t len)
{
	struct called wanted = {name, len};
	LLVMValueRef call = place_find(cg, &span, is_memory_call, &wanted);
	LLVMValueRef size = call ? LLVMGetOperand(call, 2) : NULL;
	bool constant = size && LLVMIsAConstantInt(size);
	unsigned long long bytes = constant ? LLVMConstIntGetZExtValue(size) : 0;
	struct iov_diag *d;

	if (constant)
		d = diag_add(cg->sink, DIAG_MEMORY_FUNCTION, span,
			     "this %.*s of %llu bytes stays a call, and BPF has no C library", (int)len, name, bytes);
	else
		d = diag_add(cg->sink, DIAG_MEMORY_FUNCTION, span,
			     "this %.*s has no constant size and stays a call; BPF has no C library", (int)len, name);
	explain_place(cg, d, &span, call);
	if (constant)
		diag_why(d, IOV_NOWHERE,
			 "it would take %llu stores of 8, 4, 2 and 1 bytes; up to 128 are written out in its place",
			 bytes / 8 + (unsigned)__builtin_popcount((unsigned)bytes % 8));
	diag_hint(d, constant ? "work in a bounded loop, or in pieces of up to 1024 bytes"
			      : "give it a constant size, or write a bounded loop");
}

/* "A call to built-in function 'NAME' is not supported." */
static void library_function(struct codegen *cg, struct iov_span span, const char *name)
{
	size_t len = strcspn(name, "'");
	struct iov_diag *d;

	if (!strncmp(name, "mem", 3)) {
		memory_function(cg, span, name, len);
		return;
	}
	d = diag_add(cg->sink, DIAG_LIBRARY_FUNCTION, span,
		     "this needs the library function %.*s(), which BPF does not have", (int)len, name);
	explain_place(cg, d, &span, NULL);
	diag_hint(d, "write what it does in C");
}

static bool is_division(LLVMValueRef insn, const void *ud)
{
	(void)ud;
	return LLVMGetInstructionOpcode(insn) == LLVMSDiv || LLVMGetInstructionOpcode(insn) == LLVMSRem;
}

/* Levels below v4 divide unsigned numbers alone, also by constants: LLVM does not make a shift of `a / 8`. */
static void signed_division(struct codegen *cg, struct iov_span span)
{
	LLVMValueRef insn = place_find(cg, &span, is_division, NULL), by = insn ? LLVMGetOperand(insn, 1) : NULL;
	bool remainder = insn && LLVMGetInstructionOpcode(insn) == LLVMSRem;
	const char *type = insn && LLVMGetIntTypeWidth(LLVMTypeOf(insn)) > 32 ? "__u64" : "__u32";
	struct iov_diag *d =
		diag_add(cg->sink, DIAG_SIGNED_DIVISION, span, "signed %s needs -mcpu=v4; this is compiled for v%d",
			 remainder ? "remainder" : "division", cg->options->cpu);

	explain_place(cg, d, &span, insn);
	if (by && LLVMIsAConstantInt(by) && LLVMConstIntGetSExtValue(by) > 0)
		diag_hint(d, "where the value cannot be negative: `(%s)… %s %lld`; or compile with -mcpu=v4", type,
			  remainder ? "%" : "/", LLVMConstIntGetSExtValue(by));
	else
		diag_hint(d, "where the values cannot be negative: `(%s)… %s …`; or compile with -mcpu=v4", type,
			  remainder ? "%" : "/");
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
		explain_place(cg, d, &span, NULL);
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

	if (message_asm(cg, text) || follows_another(cg, &span, message) || known_add(cg, span, message))
		return;
	while (len && (message[len - 1] == '\n' || message[len - 1] == ' '))
		len--;
	if (name)
		library_function(cg, span, name + sizeof(call) - 1);
	else if (strstr(message, "unsupported signed division"))
		signed_division(cg, span);
	else
		diag_add(cg->sink, DIAG_BACKEND_ERROR, span, "%.*s", (int)len, message);
}
