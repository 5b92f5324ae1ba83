/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: steps that begin with LLVM IR: a file of it, or with -flto all that the other steps made, merged before the
 * optimiser sees it, so that functions of one file are inlined into another and what nothing uses is dropped. */
#include "frontend/driver.h"

#include "asm/base/output.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>

#include <string.h>

static void start_llvm(void)
{
	LLVMInitializeBPFTargetInfo();
	LLVMInitializeBPFTarget();
	LLVMInitializeBPFTargetMC();
	LLVMInitializeBPFAsmParser();
	LLVMInitializeBPFAsmPrinter();
}

static enum iov_status merge(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iov_arena *arena,
			     struct iov_sink *sink, LLVMModuleRef *out)
{
	LLVMContextRef context = LLVMContextCreate();
	LLVMModuleRef *modules = arena_array(arena, plan->step_count, sizeof(LLVMModuleRef));
	enum iov_status status = modules ? IOV_OK : IOV_NOMEM;
	size_t count = 0;

	for (size_t i = 0; i < plan->step_count && status == IOV_OK; i++)
		if (!plan_is_assembly(&plan->steps[i]))
			status =
				codegen_read(step->parts[i].out.data, step->parts[i].out.len, plan->steps[i].input.path,
					     plan->codegen.big_endian, context, sink, &modules[count++]);
	if (status == IOV_OK)
		status = codegen_merge(modules, count, !plan->links, sink);
	if (status == IOV_OK)
		*out = modules[0];
	return status;
}

static enum iov_status show(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iov_buf *out)
{
	if (plan->merges && !step->parts)
		return IOV_OK;
	if (!step->parts) {
		buf_printf(out, " \"iovcc\" \"-x\" \"ir\" \"-c\" \"%s\"", step->input.path);
	} else {
		buf_puts(out, " \"iovcc\" \"-flto\"");
		for (size_t i = 0; i < plan->step_count; i++)
			if (!plan_is_assembly(&plan->steps[i]))
				buf_printf(out, " \"%s\"", plan->steps[i].input.path);
	}
	if (step->output)
		buf_printf(out, " \"-o\" \"%s\"", step->output);
	buf_putc(out, '\n');
	return IOV_OK;
}

enum iov_status ir_step(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iov_arena *arena,
			struct iov_sink *sink, struct iov_buf *out)
{
	struct iov_buf text = {0};
	LLVMModuleRef module;
	enum iov_status status;

	if (plan->show_commands)
		return show(plan, step, out);
	if (plan->merges && !step->parts) /* merged as it is */
		return input_read(step->input.path, 0, out, sink);
	start_llvm();
	if (step->parts) {
		status = merge(plan, step, arena, sink, &module);
	} else {
		status = input_read(step->input.path, 0, &text, sink);
		if (status == IOV_OK)
			status = codegen_read(text.data, text.len, step->input.path, plan->codegen.big_endian,
					      LLVMContextCreate(), sink, &module);
		buf_free(&text);
	}
	if (status == IOV_OK)
		status = generate(plan, step, module, arena, sink, out);
	places_resolve(plan, sink, step->input.path);
	return status;
}
