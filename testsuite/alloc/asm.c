/* SPDX-License-Identifier: Apache-2.0 */
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
