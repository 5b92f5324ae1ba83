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

/* -fno-iov-verify, or made for other loaders: what this house cannot read is written as LLVM made it, with the reasons
 * as warnings. */
static enum iov_status unread(struct iov_sink *sink, const struct iov_sink *reasons)
{
	for (const struct iov_diag *d = reasons->first; d; d = d->next)
		diag_copy(sink, d, d->severity >= IOV_ERROR ? IOV_WARNING : d->severity);
	return IOV_OK;
}

/* Other loaders (iproute2's) have members of their own in struct bpf_elf_map: under -c that is theirs to judge. */
static bool is_for_others(const struct iovcc_plan *plan, const struct iov_sink *reasons)
{
	for (const struct iov_diag *d = reasons->first; d; d = d->next)
		if (d->severity >= IOV_ERROR && d->id != DIAG_MAP_FOREIGN)
			return false;
	return plan->mode == IOVCC_OBJECT;
}

static enum iov_status read_object(const struct iovcc_plan *plan, const char *input, const struct iov_buf *bytes,
				   struct iov_arena *arena, struct iov_sink *sink, struct iov_object **object)
{
	struct iov_sink reasons;
	enum iov_status status;

	*object = NULL;
	sink_init(&reasons, NULL);
	status = object_read(bytes->data, bytes->len, input, arena, &reasons, object);
	if (status == IOV_DIAGNOSED && (plan->no_verify || is_for_others(plan, &reasons))) {
		*object = NULL;
		status = unread(sink, &reasons);
	} else {
		for (const struct iov_diag *d = reasons.first; d; d = d->next)
			diag_copy(sink, d, d->severity);
		sink->oom |= reasons.oom;
	}
	sink_free(&reasons);
	return status;
}

enum iov_status judge_object(const struct iovcc_plan *plan, const char *input, struct iov_arena *arena,
			     struct iov_sink *sink, struct iov_buf *bytes)
{
	struct iov_buf records = {0};
	struct iov_object *object;
	struct iov_timing *timing = plan->codegen.timing;
	enum iov_status status = read_object(plan, input, bytes, arena, sink, &object);

	if (status != IOV_OK || !object)
		return status;
	places_fill(plan, object->btf_ext, input, arena);
	object->drop_debug = !plan->debug_given;
	status = object_canonicalise(object); /* before the proof: type ids stand in instructions */
	timing_mark(timing, "object and its types");
	if (status == IOV_OK && !plan->no_verify && !plan->links)
		status = proof_object(plan, object, arena, sink, &records);
	timing_mark(timing, "verification");
	if (status == IOV_OK)
		status = rewrite(object, &records, sink, bytes);
	timing_mark(timing, "object and its types");
	buf_free(&records);
	object_close(object);
	return status;
}
