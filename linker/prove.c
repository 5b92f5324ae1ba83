/* SPDX-License-Identifier: Apache-2.0 */
#include "linker/prove.h"

#include "asm/base/tool.h"
#include "backend/assess/evidence.h"
#include "backend/assess/unlinked.h"
#include "linker/object/target.h"

struct proof {
	const struct iov_object *obj;
	const struct iov_proof_options *how;
	struct iov_arena *arena;
	struct iov_sink *sink;
	const struct iov_btf **targets; /* by platform; NULL: none */
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

static enum iov_status prove_on(struct proof *p, struct evidence *e, size_t platform)
{
	const struct iov_platform *on = p->how->platforms[platform];
	const struct iov_object_prog *named = &p->obj->progs[e->index];
	struct iov_verify_options options = {0};
	bool function = unlinked_is_function(named, on);
	struct unlinked_function f = {p->obj, named->func, on, p->targets[platform], &options};
	struct iov_facts facts = {0};
	struct iov_sink found;
	struct iov_prog *prog;
	enum iov_status status;

	sink_init(&found, p->arena->alloc);
	if (function) {
		status = unlinked_verify(&f, p->arena, &found, &prog, &facts);
	} else {
		status = object_prog(p->obj, e->index, f.target, p->arena, &found, &prog);
		if (!status)
			status = verify_prog(prog, on, &options, p->arena, &found, &facts);
	}
	pass_on(p, on, &found);
	sink_free(&found);
	return status || function ? status
				  : evidence_record(e, prog, on, f.target, &facts, p->arena, p->sink, &p->records);
}

static enum iov_status prove_program(struct proof *p, uint32_t index)
{
	struct evidence e = {.obj = p->obj, .index = index, .verifier = "iovld " IOV_VERSION};
	enum iov_status status = IOV_OK, worst = IOV_OK;

	for (size_t i = 0; i < p->how->platform_count && (!status || status == IOV_DIAGNOSED); i++) {
		status = prove_on(p, &e, i);
		worst = status ? status : worst;
	}
	if (!worst && p->how->manifest && e.facts.program)
		worst = module_check_facts(p->how->manifest, &e.facts, p->sink);
	return worst;
}

static enum iov_status open_targets(struct proof *p)
{
	struct iov_targets read = {0};
	enum iov_status status = IOV_OK;

	p->targets = arena_array(p->arena, p->how->platform_count, sizeof(*p->targets));
	if (!p->targets)
		return IOV_NOMEM;
	for (size_t i = 0; i < p->how->platform_count && !status; i++)
		status = targets_find(&read, p->how->target_btf ? p->how->target_btf : p->how->platforms[i]->target_btf,
				      p->arena, p->sink, &p->targets[i]);
	return status;
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
	worst = open_targets(&p);
	if (how->manifest && !worst)
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
