/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the pipeline from Clang's IR to bytes: passes, legality, emission, judgement of the stack; and LLVM's
 * diagnostics on their way into the sink.
 * Invariant: success is what the sink says, never what LLVM returns (LLVMTargetMachineEmitToMemoryBuffer reports
 * success after an error diagnostic). */
#include "backend/codegen/internal.h"

#include <llvm-c/BitWriter.h>
#include <llvm-c/Core.h>
#include <llvm-c/Error.h>
#include <llvm-c/Support.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm-c/Transforms/PassBuilder.h>

#include <stdio.h>
#include <string.h>

/* LLVM's own limit is out of the way: stack.c judges, and names functions, variables and bytes. */
static void set_llvm_options(const struct iov_codegen_options *options)
{
	const char *argv[64] = {"iovcc", "-bpf-stack-size=1048576", "-pass-remarks-analysis=stack-frame-layout"};
	int argc = 3;

	if (options->keep_loops) {
		argv[argc++] = "-disable-loop-idiom-memset";
		argv[argc++] = "-disable-loop-idiom-memcpy";
	}
	for (const char *const *arg = options->llvm_args; arg && *arg && argc < 64; arg++)
		argv[argc++] = *arg;
	LLVMParseCommandLineOptions(argc, argv, "");
}

static void on_diagnostic(LLVMDiagnosticInfoRef info, void *ud)
{
	struct codegen *cg = ud;
	char *text = LLVMGetDiagInfoDescription(info);

	switch (LLVMGetDiagInfoSeverity(info)) {
	case LLVMDSError:
		message_add(cg, text);
		break;
	case LLVMDSWarning:
		message_warning(cg, text);
		break;
	case LLVMDSRemark:
		stack_remark(cg, text);
		break;
	case LLVMDSNote:
		break;
	}
	LLVMDisposeMessage(text);
}

static enum iov_status failed(struct codegen *cg, char *message)
{
	diag_add(cg->sink, DIAG_BACKEND_ERROR, IOV_NOWHERE, "%s", message);
	LLVMDisposeMessage(message);
	return IOV_DIAGNOSED;
}

static LLVMTargetMachineRef target_machine(struct codegen *cg)
{
	static const char *const cpus[] = {"generic", "v1", "v2", "v3", "v4"};
	static const LLVMCodeGenOptLevel levels[] = {LLVMCodeGenLevelNone, LLVMCodeGenLevelLess,
						     LLVMCodeGenLevelDefault, LLVMCodeGenLevelAggressive};
	const struct iov_codegen_options *o = cg->options;
	const char *triple = LLVMGetTarget(cg->module);
	LLVMTargetRef target;
	char *message;

	if (LLVMGetTargetFromTriple(triple, &target, &message)) {
		failed(cg, message);
		return NULL;
	}
	return LLVMCreateTargetMachine(target, triple, cpus[o->cpu], "", levels[o->optimise > 3 ? 2 : o->optimise],
				       LLVMRelocStatic, LLVMCodeModelDefault);
}

static enum iov_status run_passes(struct codegen *cg, LLVMTargetMachineRef tm)
{
	const struct iov_codegen_options *o = cg->options;
	LLVMPassBuilderOptionsRef tuning = LLVMCreatePassBuilderOptions();
	static const char *const pipelines[] = {"default", "lto-pre-link", "lto"};
	char passes[64];
	LLVMErrorRef error;

	LLVMPassBuilderOptionsSetSLPVectorization(tuning, o->optimise > 1);
	LLVMPassBuilderOptionsSetLoopVectorization(tuning, o->optimise > 1);
	snprintf(passes, sizeof(passes), "%s%s<O%c>",
		 o->debug && o->optimise && o->stage != IOV_STAGE_MERGED ? "function(declare-to-assign)," : "",
		 pipelines[o->stage], o->optimise > 3 ? o->optimise : '0' + o->optimise);
	error = LLVMRunPasses(cg->module, passes, tm, tuning);
	LLVMDisposePassBuilderOptions(tuning);
	if (!error)
		return IOV_OK;
	diag_add(cg->sink, DIAG_BACKEND_ERROR, IOV_NOWHERE, "%s", LLVMGetErrorMessage(error));
	return IOV_DIAGNOSED;
}

static void copy_out(LLVMMemoryBufferRef from, struct iov_buf *out)
{
	buf_put(out, LLVMGetBufferStart(from), LLVMGetBufferSize(from));
	LLVMDisposeMemoryBuffer(from);
}

static enum iov_status emit(struct codegen *cg, LLVMTargetMachineRef tm, struct iov_buf *out)
{
	enum iov_codegen_output kind = cg->options->output;
	LLVMMemoryBufferRef buffer;
	char *message;

	if (kind == IOV_EMIT_IR) {
		message = LLVMPrintModuleToString(cg->module);
		buf_puts(out, message);
		LLVMDisposeMessage(message);
		return IOV_OK;
	}
	if (kind == IOV_EMIT_BITCODE) {
		copy_out(LLVMWriteBitcodeToMemoryBuffer(cg->module), out);
		return IOV_OK;
	}
	if (LLVMTargetMachineEmitToMemoryBuffer(
		    tm, cg->module, kind == IOV_EMIT_ASM ? LLVMAssemblyFile : LLVMObjectFile, &message, &buffer))
		return failed(cg, message);
	copy_out(buffer, out);
	return IOV_OK;
}

static enum iov_status steps(struct codegen *cg, LLVMTargetMachineRef tm, struct iov_buf *out)
{
	struct iov_timing *timing = cg->options->timing;
	enum iov_status status;

	loops_before(cg);
	status = run_passes(cg, tm);
	timing_mark(timing, "LLVM: optimisation");
	/* What merging may still take out is judged then. */
	if (status == IOV_OK && cg->options->stage != IOV_STAGE_BEFORE_MERGE)
		status = legal_check(cg);
	if (status == IOV_OK)
		status = stack_prepare(cg);
	timing_mark(timing, "rules of the C subset");
	if (status == IOV_OK)
		status = emit(cg, tm, out);
	timing_mark(timing, "LLVM: code generation");
	if (status == IOV_OK)
		stack_judge(cg);
	timing_mark(timing, "rules of the C subset");
	return status;
}

enum iov_status codegen_emit(LLVMModuleRef module, const struct iov_codegen_options *options, struct iov_sink *sink,
			     struct iov_buf *out)
{
	struct codegen cg = {.module = module, .options = options, .sink = sink};
	uint32_t errors = sink->errors;
	LLVMTargetMachineRef tm;
	enum iov_status status;

	arena_init(&cg.arena, NULL);
	set_llvm_options(options);
	LLVMContextSetDiagnosticHandler(LLVMGetModuleContext(module), on_diagnostic, &cg);
	tm = target_machine(&cg);
	status = tm ? steps(&cg, tm, out) : IOV_DIAGNOSED;
	if (options->loops_made && !options->keep_loops)
		*options->loops_made = loops_became_calls(&cg, status != IOV_OK || sink->errors != errors);
	LLVMContextSetDiagnosticHandler(LLVMGetModuleContext(module), NULL, NULL);
	if (tm)
		LLVMDisposeTargetMachine(tm);
	LLVMDisposeModule(module);
	arena_free(&cg.arena);
	if (status == IOV_OK && out->failed)
		status = IOV_NOMEM;
	return status == IOV_OK && sink->errors != errors ? IOV_DIAGNOSED : status;
}
