/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: modules of LLVM IR, as text or bitcode, read and merged into one.
 * Clang names the access to a field or type that CO-RE relocates by an undefined variable, "llvm.TYPE:KIND:OFFSET$PATH"
 * or "llvm.btf_type_id.NUMBER$KIND", whose type only its metadata says. Two modules may mean different types by one
 * such name, so each gets its module's number before the first ':' or '$', which nothing reads. */
#include "backend/codegen/internal.h"

#include <llvm-c/Core.h>
#include <llvm-c/IRReader.h>
#include <llvm-c/Linker.h>
#include <llvm-c/Target.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* LLVM says "NAME:LINE:COLUMN: error: MESSAGE", or "NAME: error: MESSAGE", and for text the line itself below. */
static struct iov_diag *wrong(struct iov_sink *sink, const char *name, const char *what)
{
	struct iov_span where = IOV_NOWHERE;
	size_t len = name ? strlen(name) : 0;
	const char *error = strstr(what, "error: ");

	where.file = name;
	if (len && error && !strncmp(what, name, len)) {
		sscanf(what + len, ":%u:%u", &where.line, &where.col);
		what = error + strlen("error: ");
	}
	return diag_add(sink, DIAG_IR_BAD, where, "%.*s", (int)strcspn(what, "\n"), what);
}

static enum iov_status check_target(LLVMModuleRef module, bool big_endian, const char *name, struct iov_sink *sink)
{
	const char *triple = LLVMGetTarget(module), *expected = big_endian ? "bpfeb" : "bpfel";
	struct iov_diag *d;

	if (!strncmp(triple, expected, 5) || (!big_endian && (!strcmp(triple, "bpf") || !strncmp(triple, "bpf-", 4))))
		return IOV_OK;
	d = wrong(sink, name, "this IR is for another target");
	diag_why(d, IOV_NOWHERE, "it says %s, and the target is %s", *triple ? triple : "nothing", expected);
	diag_hint(d, "make it with --target=%s", expected);
	return IOV_DIAGNOSED;
}

enum iov_status codegen_read(const void *data, size_t len, const char *name, bool big_endian, LLVMContextRef context,
			     struct iov_sink *sink, LLVMModuleRef *out)
{
	LLVMMemoryBufferRef buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(data, len, name);
	enum iov_status status;
	char *message = NULL;

	if (LLVMParseIRInContext(context, buffer, out, &message)) {
		wrong(sink, name, message ? message : "not LLVM IR");
		LLVMDisposeMessage(message);
		return IOV_DIAGNOSED;
	}
	status = check_target(*out, big_endian, name, sink);
	if (status != IOV_OK)
		LLVMDisposeModule(*out);
	return status;
}

static bool is_core_access(const char *name, size_t len)
{
	return len > 5 && !memcmp(name, "llvm.", 5) && memchr(name, '$', len);
}

static void number_accesses(LLVMModuleRef module, unsigned number, struct iov_arena *arena)
{
	for (LLVMValueRef g = LLVMGetFirstGlobal(module); g; g = LLVMGetNextGlobal(g)) {
		size_t len, stem;
		const char *name = LLVMGetValueName2(g, &len), *fresh;

		if (!LLVMIsDeclaration(g) || !is_core_access(name, len))
			continue;
		stem = strcspn(name, ":$");
		fresh = arena_printf(arena, "%.*s.%u%s", (int)stem, name, number, name + stem);
		if (fresh)
			LLVMSetValueName2(g, fresh, strlen(fresh));
	}
}

/* Functions of .text are for this module alone, so the pipeline may inline them and drop the rest. */
static void make_static(LLVMModuleRef module)
{
	for (LLVMValueRef f = LLVMGetFirstFunction(module); f; f = LLVMGetNextFunction(f)) {
		const char *section = LLVMGetSection(f);

		if (!LLVMIsDeclaration(f) && (!section || !*section || !strcmp(section, ".text")) &&
		    LLVMGetLinkage(f) == LLVMExternalLinkage)
			LLVMSetLinkage(f, LLVMInternalLinkage);
	}
}

static bool is_strong(LLVMValueRef f)
{
	return f && !LLVMIsDeclaration(f) && LLVMGetLinkage(f) == LLVMExternalLinkage;
}

/* Functions that two modules define: LLVM would name one of them, and no file. */
static void check_twice(struct codegen *cg, LLVMModuleRef *modules, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		for (LLVMValueRef f = LLVMGetFirstFunction(modules[i]); f; f = LLVMGetNextFunction(f)) {
			size_t len;
			const char *name = LLVMGetValueName2(f, &len);

			for (size_t j = 0; j < i && is_strong(f); j++) {
				LLVMValueRef other = LLVMGetNamedFunction(modules[j], name);
				struct iov_diag *d;

				if (!is_strong(other))
					continue;
				d = diag_add(cg->sink, DIAG_LINK_DUPLICATE, function_span(cg, f), "%s is defined twice",
					     name);
				diag_why(d, function_span(cg, other), "it is defined here already");
				diag_hint(d, "make one of them static, or declare it extern in one of the files: %s",
					  name);
			}
		}
	}
}

static void on_conflict(LLVMDiagnosticInfoRef info, void *ud)
{
	char *text = LLVMGetDiagInfoDescription(info);

	if (LLVMGetDiagInfoSeverity(info) == LLVMDSError)
		wrong(ud, NULL, text);
	LLVMDisposeMessage(text);
}

static int by_source(const void *a, const void *b)
{
	size_t len;

	return strcmp(LLVMGetSourceFileName(*(const LLVMModuleRef *)a, &len),
		      LLVMGetSourceFileName(*(const LLVMModuleRef *)b, &len));
}

enum iov_status codegen_merge(LLVMModuleRef *modules, size_t count, bool whole, struct iov_sink *sink)
{
	LLVMContextRef context = LLVMGetModuleContext(modules[0]);
	struct codegen cg = {.sink = sink};
	uint32_t errors = sink->errors;

	arena_init(&cg.arena, NULL);
	qsort(modules, count, sizeof(LLVMModuleRef), by_source);
	check_twice(&cg, modules, count);
	if (sink->errors == errors) {
		LLVMContextSetDiagnosticHandler(context, on_conflict, sink);
		for (size_t i = 0; i < count; i++)
			number_accesses(modules[i], (unsigned)i, &cg.arena);
		for (size_t i = 1; i < count; i++)
			LLVMLinkModules2(modules[0], modules[i]);
		LLVMContextSetDiagnosticHandler(context, NULL, NULL);
	}
	arena_free(&cg.arena);
	if (sink->errors != errors)
		return IOV_DIAGNOSED;
	if (whole)
		make_static(modules[0]);
	return IOV_OK;
}
