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

/* -fno-iov-verify: what this house cannot read is written as LLVM made it, with the reasons as warnings. */
static enum iov_status unread(struct iov_sink *sink, const struct iov_sink *reasons)
{
	for (const struct iov_diag *d = reasons->first; d; d = d->next)
		diag_copy(sink, d, d->severity >= IOV_ERROR ? IOV_WARNING : d->severity);
	return IOV_OK;
}

static enum iov_status read_object(const struct iovcc_plan *plan, const char *input, const struct iov_buf *bytes,
				   struct iov_arena *arena, struct iov_sink *sink, struct iov_object **object)
{
	struct iov_sink reasons;
	enum iov_status status;

	*object = NULL;
	if (!plan->no_verify)
		return object_read(bytes->data, bytes->len, input, arena, sink, object);
	sink_init(&reasons, NULL);
	status = object_read(bytes->data, bytes->len, input, arena, &reasons, object);
	if (status == IOV_DIAGNOSED) {
		*object = NULL;
		status = unread(sink, &reasons);
	}
	sink_free(&reasons);
	return status;
}

enum iov_status judge_object(const struct iovcc_plan *plan, const char *input, struct iov_arena *arena,
			     struct iov_sink *sink, struct iov_buf *bytes)
{
	struct iov_object *object;
	enum iov_status status = read_object(plan, input, bytes, arena, sink, &object);

	if (status != IOV_OK || !object)
		return status;
	places_fill(object->btf_ext, input, arena);
	object->drop_debug = !plan->debug_given;
	if (!plan->no_verify)
		status = proof_object(plan, object, arena, sink);
	if (status == IOV_OK)
		status = canonical(object, sink, bytes);
	object_close(object);
	return status;
}
