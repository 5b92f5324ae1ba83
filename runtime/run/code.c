/* SPDX-License-Identifier: Apache-2.0 */
/* --code: machine code as assembler source, for `cc -c FILE.s && objdump -d FILE.o`. One label a program, one comment
 * an instruction of the program, then the bytes that were made of it; several instructions may have become one. */
#include "runtime/run/run.h"
#include "asm/base/output.h"

#include <stdlib.h>

static void bytes(struct iov_buf *out, const uint8_t *code, uint32_t from, uint32_t to)
{
	if (from < to)
		buf_printf(out, "\t.byte 0x%02x", code[from]);
	for (uint32_t i = from + 1; i < to; i++)
		buf_printf(out, ", 0x%02x", code[i]);
	if (from < to)
		buf_putc(out, '\n');
}

struct place {
	uint32_t at, slot;
};

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : (x->slot > y->slot) - (x->slot < y->slot);
}

/* Not in the order of slots: what is seldom come to lies behind the rest. */
static bool program(struct iov_buf *out, const struct iov_program *p)
{
	const struct iov_image *image = p->image;
	size_t size = (image->count + 1) * sizeof(struct place);
	struct place *places = alloc_resize(NULL, NULL, 0, size);

	if (!places)
		return false;
	for (uint32_t slot = 0; slot <= image->count; slot++)
		places[slot] = (struct place){image->code_at[slot], slot};
	qsort(places, image->count, sizeof(*places), by_place);
	buf_printf(out, "\n\t.globl %s\n%s:\n", p->prog->name, p->prog->name);
	bytes(out, image->text, 0, places[0].at);
	for (uint32_t i = 0; i < image->count; i++) {
		uint32_t slot = places[i].slot;

		if (isa_find(&p->prog->insns[slot])) {
			buf_printf(out, "# %u: ", slot);
			isa_print(out, &p->prog->insns[slot], slot, IOV_DIALECT_KERNEL, NULL);
			buf_puts(out, image->facts->insns[slot].reached ? "\n" : " (dead)\n");
		}
		bytes(out, image->text, places[i].at, places[i + 1].at);
	}
	alloc_free(NULL, places, size);
	return true;
}

enum iov_status code_write(struct run *run)
{
	struct iov_buf out = {0};
	enum iov_status status = IOV_OK;

	for (uint32_t i = 0; i < run->module->program_count && !status; i++) {
		const struct iov_program *p = &run->module->programs[i];

		if (p->image->code) {
			if (!program(&out, p))
				status = IOV_NOMEM;
			continue;
		}
		diag_hint(diag_add(run->sink, DIAG_USAGE, IOV_NOWHERE, "--code: %s was not compiled", p->prog->name),
			  "do without --engine, or take --engine=jit");
		status = IOV_USAGE;
	}
	if (!status)
		status = out.failed ? IOV_NOMEM : output_write(run->options->code, out.data, out.len, run->sink);
	buf_free(&out);
	return status;
}
