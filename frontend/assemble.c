/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: one input from assembly to bytes: .S and -x assembler-with-cpp through Clang's preprocessor first, then through
 * the assembler's library, and to the same judgement as compiled C. */
#include "frontend/driver.h"

#include "asm/as.h"
#include "asm/base/output.h"

#include <string.h>

enum iovcc_assembly plan_assembly(const struct iovcc_plan *plan, const char *input)
{
	const char *dot = strrchr(input, '.');

	if (plan->language_given)
		return plan->assembly;
	return dot && !strcmp(dot, ".s") ? IOVCC_ASSEMBLY : dot && !strcmp(dot, ".S") ? IOVCC_ASSEMBLY_CPP : IOVCC_C;
}

enum iov_status assemble_input(const struct iovcc_plan *plan, const char *input, struct iov_buf *text,
			       struct iov_arena *arena, struct iov_sink *sink, struct iov_buf *out)
{
	struct iov_as_options options = {.cpu = (uint32_t)plan->codegen.cpu, .big_endian = plan->codegen.big_endian};
	enum iov_status status = IOV_OK;

	if (!text->data)
		status = input_read(input, 0, text, sink);
	if (status == IOV_OK && !buf_cstr(text))
		status = IOV_NOMEM;
	if (status == IOV_OK)
		status = as_assemble((const char *)text->data, text->len, input, &options, arena->alloc, sink, out);
	return status == IOV_OK ? judge_object(plan, input, arena, sink, out) : status;
}
