/* SPDX-License-Identifier: Apache-2.0 */
#include "linker/prove.h"

#include "asm/base/tool.h"
#include "asm/yaml/platform_read.h"
#include "backend/verify/verify.h"
#include "linker/object/manifest.h"

#include <string.h>

struct proof {
	const struct iov_object *obj;
	const struct iov_proof_options *how;
	struct iov_arena *arena;
	struct iov_sink *sink;
	struct iov_buf records;
};

static void pass_on(struct proof *p, const struct iov_platform *platform, const struct iov_sink *found)
{
	for (const struct iov_diag *d = found->first; d; d = d->next) {
		struct iov_diag *copy = diag_said(p->sink, d);

		if (!copy)
			copy = diag_copy(p->sink, d, d->severity);
		if (p->how->platform_count > 1)
			diag_platform(copy, platform->name);
	}
	p->sink->oom |= found->oom;
}

static enum iov_status record(struct proof *p, uint32_t index, const struct iov_prog *prog,
			      const struct iov_platform *platform, const struct iov_facts *proved,
			      struct iov_record_facts *facts)
{
	struct iov_record_evidence evidence = {.program = prog->name,
					       .platform = platform->name,
					       .verifier = "iovld " IOV_VERSION,
					       .processed = proved->processed,
					       .states = proved->states};
	enum iov_status status = IOV_OK;

	if (!facts->program) {
		status = manifest_facts(p->obj, index, prog, proved, p->arena, p->sink, facts);
		if (status)
			return status;
		manifest_put_facts(&p->records, facts);
	}
	memcpy(evidence.code, facts->code, sizeof(evidence.code));
	status = platform_digest(platform, p->arena->alloc, evidence.rules);
	manifest_put_evidence(&p->records, &evidence);
	return status;
}

static enum iov_status prove_on(struct proof *p, uint32_t index, const struct iov_prog *prog,
				const struct iov_platform *platform, struct iov_record_facts *recorded)
{
	struct iov_verify_options options = {0};
	struct iov_facts facts = {0};
	struct iov_sink found;
	enum iov_status status;

	sink_init(&found, p->arena->alloc);
	status = verify_prog(prog, platform, &options, p->arena, &found, &facts);
	pass_on(p, platform, &found);
	sink_free(&found);
	return status ? status : record(p, index, prog, platform, &facts, recorded);
}

static enum iov_status prove_program(struct proof *p, uint32_t index)
{
	struct iov_record_facts facts = {0};
	struct iov_prog *prog;
	enum iov_status status = object_prog(p->obj, index, NULL, p->arena, p->sink, &prog), worst = status;

	for (size_t i = 0; i < p->how->platform_count && (!status || status == IOV_DIAGNOSED) && !(worst && !i); i++) {
		status = prove_on(p, index, prog, p->how->platforms[i], &facts);
		worst = status ? status : worst;
	}
	if (!worst && p->how->manifest && facts.program)
		worst = module_check_facts(p->how->manifest, &facts, p->sink);
	return worst;
}

/* What the manifest says of the object, and its text among the records. */
static enum iov_status hold_manifest(struct proof *p)
{
	struct iov_module_desc *m = p->how->manifest;
	enum iov_status status = module_check(m, p->obj, p->arena, p->sink), memory;

	memory = module_check_memory(m, p->obj, p->sink);
	manifest_put(&p->records, IOV_RECORD_SOURCE, m->text, (uint32_t)m->text_len);
	return status ? status : memory;
}

static enum iov_status rewrite(struct iov_object *obj, const struct iov_buf *records, struct iov_buf *bytes,
			       struct iov_sink *sink)
{
	enum iov_status status = manifest_set(obj, records);
	struct iov_buf out;

	buf_init(&out, bytes->alloc);
	if (!status)
		status = object_write(obj, &out, sink);
	if (!status && out.failed)
		status = IOV_NOMEM;
	if (!status) {
		struct iov_buf old = *bytes;

		*bytes = out;
		out = old;
	}
	buf_free(&out);
	return status;
}

enum iov_status prove_module(const struct iov_proof_options *how, struct iov_buf *bytes, struct iov_arena *arena,
			     struct iov_sink *sink)
{
	struct proof p = {.how = how, .arena = arena, .sink = sink};
	struct iov_object *obj = NULL;
	enum iov_status status, worst = IOV_OK;

	status = object_read(bytes->data, bytes->len, how->name, arena, sink, &obj);
	if (status)
		return status;
	p.obj = obj;
	buf_init(&p.records, arena->alloc);
	if (how->manifest)
		worst = hold_manifest(&p);
	for (uint32_t i = 0; how->platform_count && i < obj->prog_count && (!worst || worst == IOV_DIAGNOSED); i++) {
		status = prove_program(&p, i);
		worst = status ? status : worst;
	}
	if (!worst)
		worst = rewrite(obj, &p.records, bytes, sink);
	buf_free(&p.records);
	return worst;
}
