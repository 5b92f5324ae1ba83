/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/as.h"
#include "asm/dump.h"
#include "testsuite/alloc/alloc.h"

static enum iov_status dump(struct alloc_run *run, const struct iov_dump_options *options)
{
	struct iov_buf out = {.alloc = run->alloc};
	struct iov_object *obj;
	enum iov_status status = object_read(run->object, run->object_len, "fixture.o", &run->arena, &run->sink, &obj);

	if (status != IOV_OK)
		return status;
	status = dump_object(obj, options, &run->arena, &run->sink, &out);
	object_close(obj);
	if (status == IOV_OK)
		return alloc_buf_status(&out);
	buf_free(&out);
	return status;
}

enum iov_status alloc_dump_listing(struct alloc_run *run)
{
	return dump(run, &(struct iov_dump_options){.disassemble = true, .maps = true, .programs = true});
}

enum iov_status alloc_dump_json(struct alloc_run *run)
{
	return dump(run, &(struct iov_dump_options){.json = true, .maps = true, .programs = true});
}

enum iov_status alloc_dump_parts(struct alloc_run *run)
{
	return dump(run, &(struct iov_dump_options){.types = true, .symbols = true, .relocs = true});
}

enum iov_status alloc_dump_parts_json(struct alloc_run *run)
{
	return dump(run, &(struct iov_dump_options){
				 .json = true, .types = true, .symbols = true, .relocs = true, .disassemble = true});
}

enum iov_status alloc_dump_cfg(struct alloc_run *run)
{
	return dump(run, &(struct iov_dump_options){.cfg = IOV_CFG_DOT});
}

static enum iov_status print_assembly(struct alloc_run *run, struct iov_buf *out)
{
	const struct iov_dump_options options = {.assembly = true};
	struct iov_object *obj;
	enum iov_status status =
		object_read_parts(run->object, run->object_len, "fixture.o", false, &run->arena, &run->sink, &obj);

	return status ? status : dump_asm(obj, &options, &run->arena, &run->sink, out);
}

enum iov_status alloc_dump_asm(struct alloc_run *run)
{
	struct iov_buf out = {.alloc = run->alloc};
	enum iov_status status = print_assembly(run, &out);

	if (status == IOV_OK)
		return alloc_buf_status(&out);
	buf_free(&out);
	return status;
}

/* Types, records and a map, in LLVM's form. */
enum iov_status alloc_assemble_types(struct alloc_run *run)
{
	static const char text[] =
		"\t.btf_form llvm\n\t.btf\nint;\nstruct s { int a; union { int b : 3; char c[4]; }; };\n"
		"struct { int (*type)[1]; struct s *key; int *value; int (*max_entries)[4]; } m;\n"
		"@f: int (struct s *ctx);\n@f \"f\";\nenum e { A, B };\n"
		"__decl_tag(\"x\", struct s.a);\n\t.endbtf\n\t.map m\n\t.section xdp, \"ax\"\n"
		"\t.globl f\n\t.type f, @function\nf:\n\t.btf_func f\n\t.line \"a.c\", 1:2, \"x\"\n"
		"\t.core byte_off, struct s, .b\n\tr0 = 4\n\t.core enumval_value, enum e, B\n"
		"\tr1 = m ll\n\texit\n";
	const struct iov_as_options options = {0};
	struct iov_buf out = {.alloc = run->alloc};
	enum iov_status status = as_assemble(text, sizeof(text) - 1, "types.s", &options, run->alloc, &run->sink, &out);

	if (status == IOV_OK)
		return alloc_buf_status(&out);
	buf_free(&out);
	return status;
}
