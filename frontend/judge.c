/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what happens to LLVM's object before it is written: its types are renumbered canonically (LLVM 19 numbers some
 * by pointer), and each program is verified for each platform. */
#include "frontend/driver.h"

#include "linker/object/object.h"

/* The object as read, its types in canonical order, replaces the bytes. */
static enum iov_status canonical(struct iov_object *object, struct iov_sink *sink, struct iov_buf *bytes)
{
	struct iov_buf out = {0};
	enum iov_status status = object_canonicalise(object);

	if (status == IOV_OK)
		status = object_write(object, &out, sink);
	if (status != IOV_OK) {
		buf_free(&out);
		return status;
	}
	/* The old bytes stay: the object and its programs point into them. This process ends with the compile. */
	*bytes = out;
	return IOV_OK;
}

enum iov_status judge_object(const struct iovcc_plan *plan, const char *input, struct iov_arena *arena,
			     struct iov_sink *sink, struct iov_buf *bytes)
{
	struct iov_object *object;
	enum iov_status status = object_read(bytes->data, bytes->len, input, arena, sink, &object);

	if (status != IOV_OK)
		return status;
	places_fill(object->btf_ext, input, arena);
	object->drop_debug = !plan->debug_given;
	status = canonical(object, sink, bytes);
	object_close(object);
	return status;
}
