/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the rules about what a module says beside its functions' instructions: constructors, aliases, ifuncs, and
 * addresses of labels, which instructions and variables may hold. */
#include "backend/codegen/internal.h"

#include <llvm-c/Core.h>

#include <stdio.h>
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
	return status;
}

/* LLVM names each section by a symbol of its own. */
static enum iov_status check_section(struct codegen *cg, LLVMValueRef value)
{
	const char *section = LLVMGetSection(value);
	LLVMValueRef same = section && *section ? LLVMGetNamedGlobal(cg->module, section) : NULL;
	bool is_variable = same;

	if (!same && section && *section)
		same = LLVMGetNamedFunction(cg->module, section);
	if (!same || LLVMIsDeclaration(same))
		return IOV_OK;
	return legal_refuse(cg, same, DIAG_SECTION_NAME,
			    arena_printf(&cg->arena, "%s `%s` has the name of a section, which is a symbol too",
					 is_variable ? "variable" : "function", section),
			    arena_printf(&cg->arena, "call it otherwise: `%s%s%s`", is_variable ? "_" : "", section,
					 is_variable ? "" : "_program"));
}

static enum iov_status check_sections(struct codegen *cg)
{
	enum iov_status status = IOV_OK;

	for (LLVMValueRef v = LLVMGetFirstGlobal(cg->module); v; v = LLVMGetNextGlobal(v))
		if (check_section(cg, v) != IOV_OK)
			status = IOV_DIAGNOSED;
	for (LLVMValueRef f = LLVMGetFirstFunction(cg->module); f; f = LLVMGetNextFunction(f))
		if (check_section(cg, f) != IOV_OK)
			status = IOV_DIAGNOSED;
	return status;
}

/* Pointers to functions that a host's loader would call before main(). */
static enum iov_status check_start(struct codegen *cg)
{
	enum iov_status status = IOV_OK;

	for (LLVMValueRef v = LLVMGetFirstGlobal(cg->module); v; v = LLVMGetNextGlobal(v)) {
		const char *section = LLVMGetSection(v);

		if (!section || LLVMIsDeclaration(v) ||
		    (strncmp(section, ".init_array", 11) && strncmp(section, ".fini_array", 11) &&
		     strncmp(section, ".ctors", 6) && strncmp(section, ".dtors", 6)))
			continue;
		status = legal_refuse(cg, v, DIAG_CONSTRUCTOR,
				      arena_printf(&cg->arena,
						   "`%s` stands in %s, and nothing would ever call what it "
						   "points at",
						   global_name(v), section),
				      "initialise variables where they are declared, or let user space write them "
				      "before the module is loaded");
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
	size_t len;

	for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(function); b; b = LLVMGetNextBasicBlock(b)) {
		LLVMValueRef label = label_of(b), user = label ? LLVMGetUser(LLVMGetFirstUse(label)) : NULL;

		if (user && !legal_has_refused(cg, function, DIAG_LABEL_ADDRESS))
			return legal_refuse(cg, LLVMIsAInstruction(user) ? user : function, DIAG_LABEL_ADDRESS,
					    arena_printf(&cg->arena,
							 "`%s` takes the address of a label, and BPF cannot jump to "
							 "an address",
							 LLVMGetValueName2(function, &len)),
					    "write a switch instead of goto *");
	}
	return IOV_OK;
}

/* The front end marks what C gives a body for inlining alone, with its place: FILE:LINE:COL. */
static void warn_inline(struct codegen *cg, LLVMValueRef function)
{
	LLVMAttributeRef mark = LLVMGetStringAttributeAtIndex(function, LLVMAttributeFunctionIndex, IOV_INLINE_MARK,
							      sizeof(IOV_INLINE_MARK) - 1);
	struct iov_span span = IOV_NOWHERE;
	const char *place, *end;
	struct iov_diag *d;
	unsigned len;
	size_t name_len;

	if (!mark || !LLVMIsDeclaration(function) || !LLVMGetFirstUse(function))
		return;
	place = LLVMGetStringAttributeValue(mark, &len);
	place = arena_copy(&cg->arena, place, len);
	end = place ? strrchr(place, ':') : NULL;
	end = end ? memrchr(place, ':', (size_t)(end - place)) : NULL;
	if (end && sscanf(end, ":%u:%u", &span.line, &span.col) == 2)
		span.file = arena_copy(&cg->arena, place, (size_t)(end - place));
	d = diag_add(cg->sink, DIAG_W_INLINE, span,
		     "`%s` is inline without static: it stays a call, and is defined nowhere",
		     LLVMGetValueName2(function, &name_len));
	diag_why(d, IOV_NOWHERE, "in C such a body is for inlining alone, and the compiler did not inline it");
	diag_hint(d, "static inline, or static __always_inline");
}

/* An address among the values of a constant, or NULL. */
static LLVMValueRef address_in(LLVMValueRef constant)
{
	LLVMValueRef found = NULL;

	if (LLVMIsAGlobalValue(constant))
		return constant;
	if (!LLVMIsAConstant(constant) || LLVMIsABlockAddress(constant) || !LLVMIsAUser(constant))
		return NULL;
	for (int i = 0; i < LLVMGetNumOperands(constant) && !found; i++)
		found = address_in(LLVMGetOperand(constant, (unsigned)i));
	return found;
}

static bool is_filled_in(const char *section)
{
	static const char *const known[] = {".maps",  "maps",     ".struct_ops", "llvm.",
					    ".ksyms", ".kconfig", ".init_array"};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (section && !strncmp(section, known[i], strlen(known[i])))
			return true;
	return false;
}

/* By an instruction: lists such as llvm.used do not count. */
static bool is_read(LLVMValueRef variable)
{
	for (LLVMUseRef use = LLVMGetFirstUse(variable); use; use = LLVMGetNextUse(use))
		if (LLVMIsAInstruction(LLVMGetUser(use)) || LLVMIsAConstantExpr(LLVMGetUser(use)))
			return true;
	return false;
}

/* Loaders relocate instructions, and what libbpf knows by its section; no other data. */
static void warn_addresses(struct codegen *cg)
{
	size_t len;

	for (LLVMValueRef v = LLVMGetFirstGlobal(cg->module); v; v = LLVMGetNextGlobal(v)) {
		LLVMValueRef value = LLVMGetInitializer(v), address = NULL;
		const char *name = LLVMGetValueName2(v, &len);
		struct iov_diag *d;

		if (value && strncmp(name, "llvm.", 5) && !is_filled_in(LLVMGetSection(v)))
			address = address_in(value);
		if (!address || !is_read(v))
			continue;
		d = diag_add(cg->sink, DIAG_W_DATA_ADDRESS, value_span(cg, v),
			     "`%s` holds addresses, and loaders fill in none in data: they stay NULL", global_name(v));
		name = LLVMGetValueName2(address, &len);
		if (len && strncmp(name, ".str", 4))
			diag_why(d, IOV_NOWHERE, "one of them is that of `%s`", name);
		else
			diag_why(d, IOV_NOWHERE, "the text of a string literal stands in another section");
		diag_hint(d, "hold what they point at (`static const char names[][8] = …`), or choose by a switch");
	}
}

enum iov_status legal_module(struct codegen *cg)
{
	enum iov_status constructors = check_list(cg, "llvm.global_ctors", "constructor");
	enum iov_status destructors = check_list(cg, "llvm.global_dtors", "destructor");
	enum iov_status aliases = check_aliases(cg);

	enum iov_status start = check_start(cg);
	enum iov_status sections = check_sections(cg);

	return constructors == IOV_OK && destructors == IOV_OK && aliases == IOV_OK && start == IOV_OK &&
			       sections == IOV_OK
		       ? IOV_OK
		       : IOV_DIAGNOSED;
}

void legal_warn(struct codegen *cg)
{
	for (LLVMValueRef f = LLVMGetFirstFunction(cg->module); f; f = LLVMGetNextFunction(f))
		warn_inline(cg, f);
	warn_addresses(cg);
}
