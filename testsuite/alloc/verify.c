/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/verify/verify.h"
#include "linker/object/object.h"
#include "testsuite/alloc/alloc.h"

static enum iov_status verify(struct alloc_run *run, const uint8_t *bytes, size_t len, bool trace)
{
	struct iov_buf text = {.alloc = run->alloc};
	struct iov_verify_options options = {.trace = trace ? &text : NULL};
	struct iov_facts facts = {0};
	struct iov_object *obj;
	struct iov_prog *prog;
	enum iov_status status = object_read(bytes, len, "fixture.o", &run->arena, &run->sink, &obj);

	if (status != IOV_OK)
		return status;
	status = object_prog(obj, 0, obj->btf, &run->arena, &run->sink, &prog);
	if (status == IOV_OK)
		status = verify_prog(prog, platform_shipped("iovrun"), &options, &run->arena, &run->sink, &facts);
	object_close(obj);
	if (status == IOV_OK && text.failed)
		status = IOV_NOMEM;
	buf_free(&text);
	return status;
}

enum iov_status alloc_verify_accepted(struct alloc_run *run)
{
	return verify(run, run->object, run->object_len, false);
}

enum iov_status alloc_verify_trace(struct alloc_run *run)
{
	return verify(run, run->object, run->object_len, true);
}

enum iov_status alloc_verify_rejected(struct alloc_run *run)
{
	return verify(run, run->bad, run->bad_len, false);
}
