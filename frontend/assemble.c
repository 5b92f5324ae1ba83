/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: one input from assembly to bytes: .S and -x assembler-with-cpp through Clang's preprocessor first, then through
 * the assembler's library, and to the same judgement as compiled C. */
#include "frontend/driver.h"

#include "asm/as.h"
#include "asm/base/output.h"

/* -###: the step as a command line. */
static void show(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iov_buf *out)
{
	buf_printf(out, " \"iovas\" \"--cpu=v%d\"%s \"%s\"", plan->codegen.cpu,
		   plan->codegen.big_endian ? " \"--EB\"" : "", step->input.path);
	if (step->output)
		buf_printf(out, " \"-o\" \"%s\"", step->output);
	buf_putc(out, '\n');
}

enum iov_status assemble_step(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iov_buf *text,
			      struct iov_arena *arena, struct iov_sink *sink, struct iov_buf *out)
{
	const char *input = step->input.path;
	struct iov_as_options options = {.cpu = (uint32_t)plan->codegen.cpu, .big_endian = plan->codegen.big_endian};
	enum iov_status status = IOV_OK;

	if (plan->show_commands) {
		show(plan, step, out);
		return IOV_OK;
	}
	if (!text->data)
		status = input_read(input, 0, text, sink);
	if (status == IOV_OK && !buf_cstr(text))
		status = IOV_NOMEM;
	if (status == IOV_OK)
		status = as_assemble((const char *)text->data, text->len, input, &options, arena->alloc, sink, out);
	return status == IOV_OK ? judge_object(plan, input, arena, sink, out) : status;
}
