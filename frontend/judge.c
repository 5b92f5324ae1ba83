/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what happens to LLVM's object before it is written: its types are renumbered canonically (LLVM 19 numbers some
 * by pointer), each program is verified for each platform, and what was proved is recorded in .iov.manifest. */
#include "frontend/driver.h"

#include "linker/object/manifest.h"

/* The object as read, with what was recorded about it, replaces the bytes. */
static enum iov_status rewrite(struct iov_object *object, const struct iov_buf *records, struct iov_sink *sink,
			       struct iov_buf *bytes)
{
	struct iov_buf out = {0};
	enum iov_status status = manifest_set(object, records);

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
	struct iov_buf records = {0};
	struct iov_object *object;
	enum iov_status status = read_object(plan, input, bytes, arena, sink, &object);

	if (status != IOV_OK || !object)
		return status;
	places_fill(plan, object->btf_ext, input, arena);
	object->drop_debug = !plan->debug_given;
	status = object_canonicalise(object); /* before the proof: type ids stand in instructions */
	if (status == IOV_OK && !plan->no_verify && !plan->links)
		status = proof_object(plan, object, arena, sink, &records);
	if (status == IOV_OK)
		status = rewrite(object, &records, sink, bytes);
	buf_free(&records);
	object_close(object);
	return status;
}
