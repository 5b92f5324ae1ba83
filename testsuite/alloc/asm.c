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

/* What --asm prints, with its types and records, assembled. The text itself is made with memory that is not refused. */
enum iov_status alloc_assemble_types(struct alloc_run *run)
{
	const struct iov_dump_options options = {.assembly = true};
	const struct iov_as_options as = {0};
	struct iov_arena arena = {0};
	struct iov_sink sink;
	struct iov_buf text = {0}, out = {.alloc = run->alloc};
	struct iov_object *obj;
	enum iov_status status;

	sink_init(&sink, NULL);
	status = object_read_parts(run->object, run->object_len, "fixture.o", false, &arena, &sink, &obj);
	if (!status)
		status = dump_asm(obj, &options, &arena, &sink, &text);
	if (!status && buf_cstr(&text))
		status = as_assemble((const char *)text.data, text.len, "fixture.s", &as, run->alloc, &run->sink, &out);
	buf_free(&text);
	sink_free(&sink);
	arena_free(&arena);
	if (status == IOV_OK)
		return alloc_buf_status(&out);
	buf_free(&out);
	return status;
}
