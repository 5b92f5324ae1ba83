/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the judgement of the stack. LLVM's stack-frame-layout remark gives each function's variables with their bytes,
 * the optimised IR gives the calls; a chain of calls whose frames exceed the limit is an error that names them, and so
 * is one that closes (recursion).
 * The verifier judges again, on the instructions and with the platform's rounding; here it is only an error when the
 * plain sum is too large, so that nothing is refused that a platform would take.
 * Source: llvm/lib/CodeGen/StackFrameLayoutAnalysisPass.cpp (the text of the remark). */
#include "backend/codegen/internal.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stack_variable {
	const char *name; /* NULL: a spilled value of the compiler's, or not known */
	bool spilled;
	uint32_t bytes;
	struct iov_span where;
	struct stack_variable *next;
};

struct stack_call {
	struct stack_function *callee;
	LLVMValueRef insn;
	struct iov_span where;
	struct stack_call *next;
};

struct stack_function {
	const char *name;
	LLVMValueRef value;
	struct iov_span where;
	uint32_t bytes;                   /* own frame */
	struct stack_variable *variables; /* largest first */
	struct stack_call *calls, *worst; /* worst: the call on the deepest chain */
	uint32_t deepest;                 /* own frame and the deepest chain below */
	struct stack_call *at;            /* while active: the call that is followed */
	struct stack_function *caller;
	bool called, visited, active, recursive;
};

static const char *keep(struct codegen *cg, const char *text, size_t len)
{
	return arena_copy(&cg->arena, text, len);
}

static int by_value(const void *a, const void *b)
{
	const struct stack_function *const *x = a, *const *y = b;

	return (uintptr_t)(*x)->value < (uintptr_t)(*y)->value ? -1 : (*x)->value != (*y)->value;
}

static struct stack_function *function_of(struct codegen *cg, LLVMValueRef value)
{
	struct stack_function wanted = {.value = value}, *key = &wanted, **found;

	found = bsearch(&key, cg->by_value, cg->function_count, sizeof(key), by_value);
	return found ? *found : NULL;
}

static void note_call(struct codegen *cg, struct stack_function *f, LLVMValueRef insn)
{
	struct stack_function *callee;
	struct stack_call *call;

	if (!LLVMIsACallInst(insn))
		return;
	callee = function_of(cg, LLVMGetCalledValue(insn));
	call = callee ? ARENA_NEW(&cg->arena, struct stack_call) : NULL;
	if (!call)
		return;
	*call = (struct stack_call){callee, insn, value_span(cg, insn), f->calls};
	callee->called = true;
	f->calls = call;
}

static void note_function(struct codegen *cg, LLVMValueRef value)
{
	struct stack_function *f = &cg->functions[cg->function_count];
	size_t len;
	const char *name = LLVMGetValueName2(value, &len);

	f->name = keep(cg, name, len);
	f->value = value;
	f->where = function_span(cg, value);
	cg->by_value[cg->function_count++] = f;
}

static enum iov_status note_functions(struct codegen *cg)
{
	size_t count = 0;

	for (LLVMValueRef v = LLVMGetFirstFunction(cg->module); v; v = LLVMGetNextFunction(v))
		count += !LLVMIsDeclaration(v);
	cg->functions = arena_alloc(&cg->arena, (count + 1) * sizeof(*cg->functions));
	cg->by_value = arena_alloc(&cg->arena, (count + 1) * sizeof(*cg->by_value));
	if (!cg->functions || !cg->by_value)
		return IOV_NOMEM;
	for (LLVMValueRef v = LLVMGetFirstFunction(cg->module); v; v = LLVMGetNextFunction(v))
		if (!LLVMIsDeclaration(v))
			note_function(cg, v);
	qsort(cg->by_value, cg->function_count, sizeof(*cg->by_value), by_value);
	return IOV_OK;
}

enum iov_status stack_prepare(struct codegen *cg)
{
	if (note_functions(cg) != IOV_OK)
		return IOV_NOMEM;
	for (size_t n = 0; n < cg->function_count; n++) {
		struct stack_function *f = &cg->functions[n];

		for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f->value); b; b = LLVMGetNextBasicBlock(b))
			for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
				note_call(cg, f, i);
	}
	return IOV_OK;
}

static void add_variable(struct stack_function *f, struct stack_variable *v)
{
	struct stack_variable **at = &f->variables;

	while (*at && (*at)->bytes >= v->bytes)
		at = &(*at)->next;
	v->next = *at;
	*at = v;
}

/* "    name @ file:line" */
static void name_variable(struct codegen *cg, struct stack_variable *v, const char *line, const char *end)
{
	const char *at = memmem(line, (size_t)(end - line), " @ ", 3), *colon;

	while (line < end && *line == ' ')
		line++;
	if (!at || at < line || v->name)
		return;
	v->name = keep(cg, line, (size_t)(at - line));
	colon = memrchr(at, ':', (size_t)(end - at));
	if (!colon)
		return;
	v->where.file = keep(cg, at + 3, (size_t)(colon - at - 3));
	v->where.line = (uint32_t)strtoul(colon + 1, NULL, 10);
}

/* "Offset: [SP-600], Type: Variable, Align: 1, Size: 600" */
static struct stack_variable *read_slot(struct codegen *cg, struct stack_function *f, const char *line)
{
	struct stack_variable *v = ARENA_NEW(&cg->arena, struct stack_variable);
	const char *size = strstr(line, "Size: ");
	unsigned offset = 0;

	if (!v || !size || sscanf(line, "Offset: [SP-%u", &offset) != 1)
		return NULL;
	v->bytes = (uint32_t)strtoul(size + 6, NULL, 10);
	v->spilled = strstr(line, "Type: Spill") && strstr(line, "Type: Spill") < size;
	v->where = IOV_NOWHERE;
	if (offset > f->bytes)
		f->bytes = offset;
	add_variable(f, v);
	return v;
}

static struct stack_function *remark_function(struct codegen *cg, const char *text)
{
	const char *name = strstr(text, "\nFunction: ");
	size_t len = name ? strcspn(name + 11, "\n") : 0;
	LLVMValueRef value;

	value = name ? LLVMGetNamedFunction(cg->module, keep(cg, name + 11, len)) : NULL;
	return value ? function_of(cg, value) : NULL;
}

void stack_remark(struct codegen *cg, const char *text)
{
	struct stack_function *f = remark_function(cg, text);
	struct stack_variable *v = NULL;
	const char *end;

	for (const char *line = text; f && line && *line; line = *end ? end + 1 : NULL) {
		end = line + strcspn(line, "\n");
		if (!strncmp(line, "Offset: ", 8))
			v = read_slot(cg, f, line);
		else if (v && *line == ' ')
			name_variable(cg, v, line, end);
	}
}

static void account(struct stack_function *f, struct stack_call *c)
{
	if (f->bytes + c->callee->deepest <= f->deepest && f->worst)
		return;
	f->deepest = f->bytes + c->callee->deepest;
	f->worst = c;
}

/* What the optimiser compiled into one function is several in the source: each step of a call, the outermost first. */
static void call_steps(struct codegen *cg, const struct stack_function *f, const struct stack_call *call,
		       struct iov_buf *names, struct iov_diag *d, bool closes)
{
	struct place_level levels[8];
	size_t count = place_levels(cg, call->insn, levels, sizeof(levels) / sizeof(levels[0]));
	const char *from = f->name;

	for (size_t i = count; i-- > 1;) {
		if (!levels[i - 1].function)
			continue;
		if (names)
			buf_printf(names, " calls `%s`", levels[i - 1].function);
		else
			diag_path(d, levels[i].where, "`%s` calls `%s`", from, levels[i - 1].function);
		from = levels[i - 1].function;
	}
	if (!names)
		diag_path(d, call->where, "`%s` calls `%s`%s", from, call->callee->name,
			  closes ? ", which is still active" : "");
	else if (closes && from == call->callee->name)
		buf_puts(names, " calls itself");
	else
		buf_printf(names, " calls `%s`", call->callee->name);
}

/* `last` calls, at `closing`, a function that is active: the chain of `at` leads from it to `last`. */
static void report_cycle(struct codegen *cg, const struct stack_function *last, const struct stack_call *closing)
{
	struct stack_function *first = closing->callee;
	struct iov_span where = closing->where;
	struct place_level levels[2];
	struct iov_buf names = {0};
	struct iov_diag *d;

	if (first->recursive)
		return;
	first->recursive = true;
	for (const struct stack_function *f = first; f != last; f = f->at->callee)
		call_steps(cg, f, f->at, &names, NULL, false);
	call_steps(cg, last, closing, &names, NULL, true);
	where.program = last->name;
	d = diag_add(cg->sink, DIAG_RECURSION, where, "recursion: `%s`%s", first->name, buf_cstr(&names));
	diag_why(d, IOV_NOWHERE, "every call takes a part of the stack, and nothing bounds their number");
	for (const struct stack_function *f = first; f != last; f = f->at->callee)
		call_steps(cg, f, f->at, NULL, d, false);
	if (last != first || place_levels(cg, closing->insn, levels, 2) > 1)
		call_steps(cg, last, closing, NULL, d, true);
	diag_hint(d, "write a loop with a constant bound: `for (int i = 0; i < 16; i++)`");
	buf_free(&names);
}

static struct stack_function *enter(struct stack_function *f, struct stack_function *caller)
{
	f->active = true;
	f->deepest = f->bytes;
	f->caller = caller;
	f->at = f->calls;
	return f;
}

static struct stack_function *leave(struct stack_function *f)
{
	struct stack_function *caller = f->caller;

	f->active = false;
	f->visited = true;
	if (!caller)
		return NULL;
	account(caller, caller->at);
	caller->at = caller->at->next;
	return caller;
}

/* Depth-first over the calls, without recursion: a hostile chain may be long. */
static void deepest_chain(struct codegen *cg, struct stack_function *root)
{
	struct stack_function *f = root->visited ? NULL : enter(root, NULL);

	while (f) {
		struct stack_call *c = f->at;

		if (!c) {
			f = leave(f);
		} else if (!c->callee->active && !c->callee->visited) {
			f = enter(c->callee, f);
		} else {
			if (c->callee->active)
				report_cycle(cg, f, c);
			else
				account(f, c);
			f->at = c->next;
		}
	}
}

static bool is_named(const struct stack_function *f, const struct place_variable *wanted)
{
	for (const struct stack_variable *v = f->variables; v; v = v->next)
		if (v->name && v->where.line == wanted->where.line && !strcmp(v->name, wanted->name))
			return true;
	return false;
}

/* LLVM's remark leaves out the names of variables of functions that were compiled into this one; the IR has them. */
static void name_rest(struct codegen *cg, struct stack_function *f)
{
	LLVMTargetDataRef layout = LLVMGetModuleDataLayout(cg->module);
	LLVMValueRef slot = LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(f->value));

	for (; slot; slot = LLVMGetNextInstruction(slot)) {
		struct stack_variable *v = f->variables;
		struct place_variable named;

		if (!LLVMIsAAllocaInst(slot))
			continue;
		place_variable(cg, slot, &named);
		if (!named.name || is_named(f, &named))
			continue;
		while (v &&
		       (v->name || v->spilled || v->bytes != LLVMABISizeOfType(layout, LLVMGetAllocatedType(slot))))
			v = v->next;
		if (!v)
			continue;
		v->name = named.name;
		v->where = named.where;
	}
}

static void explain_frame(struct iov_diag *d, const struct stack_function *f)
{
	uint32_t rest = 0, spills = 0, spilled = 0;
	int shown = 0;

	diag_why(d, f->where, "`%s` has %u bytes on its stack", f->name, f->bytes);
	for (const struct stack_variable *v = f->variables; v; v = v->next) {
		if (v->spilled) {
			spilled += v->bytes;
			spills++;
		} else if (v->name && shown < 6) {
			diag_why(d, v->where, "`%s` takes %u bytes", v->name, v->bytes);
			shown++;
		} else {
			rest += v->bytes;
		}
	}
	if (rest)
		diag_why(d, IOV_NOWHERE, "%svariables take %u bytes", shown ? "other " : "", rest);
	if (spills)
		diag_why(d, IOV_NOWHERE, "%u value%s that did not fit in registers take%s %u bytes", spills,
			 spills == 1 ? "" : "s", spills == 1 ? "s" : "", spilled);
}

/* memmove() loads everything before it stores anything: what does not fit in registers goes to the stack. */
static bool explain_moves(struct codegen *cg, struct iov_diag *d, const struct stack_function *f)
{
	bool found = false;

	for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f->value); b; b = LLVMGetNextBasicBlock(b)) {
		for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
			LLVMValueRef callee = LLVMIsACallInst(i) ? LLVMGetCalledValue(i) : NULL;
			size_t len;

			if (!callee || !LLVMIsAFunction(callee) ||
			    strncmp(LLVMGetValueName2(callee, &len), "llvm.memmove", 12) ||
			    !LLVMIsAConstantInt(LLVMGetOperand(i, 2)))
				continue;
			diag_why(d, value_span(cg, i), "this memmove loads its %llu bytes before it stores any",
				 LLVMConstIntGetZExtValue(LLVMGetOperand(i, 2)));
			found = true;
		}
	}
	return found;
}

static void add_hint(struct iov_diag *d, const struct stack_function *f)
{
	const struct stack_variable *v = f->variables;
	uint32_t spilled = 0;

	for (const struct stack_variable *each = v; each; each = each->next)
		spilled += each->spilled ? each->bytes : 0;
	if (spilled > f->bytes / 2)
		diag_hint(d, "keep fewer values alive at a time: use each where it is computed, or work in a loop");
	else if (v && v->name)
		diag_hint(d, "keep `%s` in a map instead: a BPF_MAP_TYPE_PERCPU_ARRAY of one entry is scratch memory",
			  v->name);
	else
		diag_hint(d, "keep large data in a map instead: a BPF_MAP_TYPE_PERCPU_ARRAY of one entry is scratch "
			     "memory");
}

static void report_function(struct codegen *cg, struct stack_function *f)
{
	struct iov_span where = f->where;
	struct iov_diag *d;
	bool moves;

	name_rest(cg, f);
	if (f->variables && f->variables->where.file)
		where = f->variables->where;
	where.program = f->name;
	d = diag_add(cg->sink, DIAG_BACKEND_STACK, where, "function `%s` needs %u bytes of stack; a program has %u",
		     f->name, f->bytes, cg->options->max_stack);
	explain_frame(d, f);
	moves = explain_moves(cg, d, f);
	diag_path(d, f->where, f->called ? "every call of `%s` takes them" : "every run of `%s` takes them", f->name);
	if (moves)
		diag_hint(d, "move the bytes in a bounded loop, or in pieces");
	else
		add_hint(d, f);
}

static void report_chain(struct codegen *cg, struct stack_function *entry)
{
	struct stack_function *largest = entry;
	struct iov_diag *d;
	struct iov_buf names = {0};

	for (struct stack_function *f = entry; f; f = f->worst ? f->worst->callee : NULL) {
		name_rest(cg, f);
		buf_printf(&names, "%s`%s` (%u bytes)", f == entry ? "" : " calls ", f->name, f->bytes);
		if (f->bytes > largest->bytes)
			largest = f;
	}
	d = diag_add(cg->sink, DIAG_BACKEND_STACK, entry->worst->where.file ? entry->worst->where : entry->where,
		     "these calls need %u bytes of stack together; a program has %u: %s", entry->deepest,
		     cg->options->max_stack, buf_cstr(&names));
	for (const struct stack_function *f = entry; f; f = f->worst ? f->worst->callee : NULL)
		if (f->bytes)
			explain_frame(d, f);
	for (const struct stack_function *f = entry; f->worst; f = f->worst->callee)
		diag_path(d, f->worst->where, "`%s` calls `%s`", f->name, f->worst->callee->name);
	add_hint(d, largest);
	buf_free(&names);
}

void stack_judge(struct codegen *cg)
{
	uint32_t limit = cg->options->max_stack;
	struct stack_function *end = cg->functions + (limit ? cg->function_count : 0);
	bool single = false;

	for (struct stack_function *f = cg->functions; f < end; f++) {
		deepest_chain(cg, f);
		if (f->bytes > limit) {
			report_function(cg, f);
			single = true;
		}
	}
	for (struct stack_function *f = cg->functions; f < end && !single; f++)
		if (!f->called && f->deepest > limit)
			report_chain(cg, f);
}
