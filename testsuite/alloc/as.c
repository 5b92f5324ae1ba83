/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/as.h"
#include "testsuite/alloc/alloc.h"

#include <string.h>

static enum iov_status assemble_for(struct alloc_run *run, const char *text, uint32_t cpu, bool optimize)
{
	static const char *const defines[] = {"DEPTH=2"};
	struct iov_as_options options = {.defines = {.items = (const char **)defines, .count = 1},
					 .cpu = cpu,
					 .optimize = optimize};
	struct iov_buf out = {.alloc = run->alloc};
	enum iov_status status = as_assemble(text, strlen(text), "alloc.s", &options, run->alloc, &run->sink, &out);

	if (status == IOV_OK)
		return alloc_buf_status(&out);
	buf_free(&out);
	return status;
}

static enum iov_status assemble(struct alloc_run *run, const char *text)
{
	return assemble_for(run, text, 0, false);
}

/* Instructions taken away, and a jump through a trampoline. */
enum iov_status alloc_assemble_far(struct alloc_run *run)
{
	return assemble_for(run,
			    "\t.text\n\t.func f, global\n\tif r1 == 0 goto far\n\tr1 += 0\n\t.rept 33000\n\tr0 = 0\n"
			    "\tr0 = r1\n\t.endr\nfar:\texit\n\t.endfunc\n",
			    3, true);
}

/* Each part once: a module with types, macros, sections, debug information, growing jumps. */
enum iov_status alloc_assemble(struct alloc_run *run)
{
	return assemble(run,
			"\t.license \"GPL\"\n"
			"\t.param limit, u32, 5\n"
			"\t.btf\n\tstruct counter { __u64 packets; };\n\tint f(int x);\n\t.endbtf\n"
			"\t.map m, type=hash, key=__u32, value=struct counter, entries=8\n"
			"\t.macro twice op, reg=r1\n\t\\op \\reg, 1\n\t\\op \\reg, 2\n\t.endm\n"
			"\t.program p, type=xdp\n\ttwice add\n\t.rept 3\n\tr1 += DEPTH\n\t.endr\n"
			"\t.irp r, r2, r3\n\t\\r = limit ll\n\t.endr\n"
			"\tr1 = m ll\n\tcall f\n\tcall bpf_ktime_get_ns\n1:\tif r0 == 0 goto 1f\n\tgoto 1b\n1:\texit\n"
			"\t.text\n\t.func f, global\n\tw0 = 0\n\texit\n\t.endfunc\n"
			"\t.pushsection .data\nd:\t.quad f, d + 4\n\t.uleb128 e - d\n\t.asciz \"text\"\n"
			"\t.p2align 3\ne:\t.popsection\n\t.comm c, 8, 8\n\t.lcomm l, 4\n");
}

enum iov_status alloc_assemble_dwarf(struct alloc_run *run)
{
	return assemble(run, "\t.text\n\t.file \"a.c\"\n\t.file 0 \"/src\" \"a.c\"\n\t.file 1 \"/inc\" \"a.h\"\n"
			     "\t.cfi_sections .debug_frame\nf:\t.cfi_startproc\n\t.loc 0 1 2 prologue_end\n\tr0 = 0\n"
			     "\t.loc 1 9 3\n\texit\n\t.cfi_endproc\n\t.size f, . - f\n");
}

enum iov_status alloc_assemble_wrong(struct alloc_run *run)
{
	enum iov_status status =
		assemble(run, "\tmoov r1, r2\n\tr11 = 5\n\tgoto nowhere\n\t.macro m\n\tfoo\n\t.endm\n\tm\n"
			      "\tcall bpf_map_lokup_elem\nx:\nx:\texit\n");

	return status;
}
