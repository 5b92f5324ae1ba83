/* SPDX-License-Identifier: Apache-2.0 */
/* Verify, then turn a program's references into addresses. Which load is a context access, and of which field, is in
 * the verifier's facts; slots that it never reached are left as they are and are never executed. */
#include "runtime/load.h"
#include "runtime/kfuncs.h"
#include "backend/verify/verify.h"

#include <string.h>

enum { LDX64_CODE = 0x79, LDIMM_VALUE = 0 };

static void refuse(struct iov_sink *sink, enum iov_diag_id id, const struct iov_prog *prog, uint32_t slot,
		   const char *what, const char *prefix, const char *name)
{
	struct iov_diag *d =
		diag_add(sink, id, prog_span(prog, slot), "%s `%s%s` is not in this runtime", what, prefix, name);

	diag_hint(d, "run it where it belongs, or do without: iovverify --platform=iovrun names all that is not here");
}

static const struct iov_ctx_field *field_at(const struct iov_prog_type *type, int32_t off)
{
	for (uint16_t i = 0; type && i < type->field_count; i++)
		if (off >= type->fields[i].off && off < type->fields[i].off + type->fields[i].size)
			return &type->fields[i];
	return NULL;
}

/* Where a field's pointer lies in struct iov_ctx; 0 for kinds that this runtime cannot give. */
static size_t pointer_place(enum iov_ctx_kind kind)
{
	switch (kind) {
	case IOV_CTX_PACKET:
		return offsetof(struct iov_ctx, data);
	case IOV_CTX_PACKET_END:
		return offsetof(struct iov_ctx, data_end);
	case IOV_CTX_PACKET_META:
		return offsetof(struct iov_ctx, data_meta);
	case IOV_CTX_SOCK_OR_NULL:
		return offsetof(struct iov_ctx, sock);
	default:
		return SIZE_MAX;
	}
}

static enum iov_status rewrite_ctx(struct iov_image *image, const struct iov_prog_type *type, uint32_t slot,
				   struct iov_sink *sink)
{
	struct iov_insn *insn = &image->insns[slot];
	int32_t off = image->facts->insns[slot].off, shift = insn->off - off;
	const struct iov_ctx_field *field = field_at(type, off);
	size_t place;

	if (image->facts->insns[slot].mem == IOV_MEM_KERNEL) {
		struct iov_diag *d = diag_add(sink, DIAG_CONTEXT_FIELD, prog_span(image->prog, slot),
					      "this reads what a pointer points at that may be gone by then");

		diag_why(d, IOV_NOWHERE, "Linux makes such a load give 0 where the memory is not there; this runtime "
					 "does not look into memory that nothing vouches for");
		diag_hint(d, "read it where it is held: between bpf_rcu_read_lock() and bpf_rcu_read_unlock(), or "
			     "after bpf_kptr_xchg() or bpf_refcount_acquire()");
		return IOV_DIAGNOSED;
	}
	if (image->facts->insns[slot].mem == IOV_MEM_SOCK) /* what there is has the uapi layout */
		return IOV_OK;
	if (!field || off < 0 || off >= (int32_t)sizeof(((struct iov_ctx *)0)->uapi)) {
		diag_add(sink, DIAG_CONTEXT_FIELD, prog_span(image->prog, slot),
			 "byte %d of the context is no field that this runtime has", off);
		return IOV_DIAGNOSED;
	}
	if (field->kind == IOV_CTX_SCALAR) {
		insn->off = (int16_t)((int32_t)offsetof(struct iov_ctx, uapi) + off + shift);
		return IOV_OK;
	}
	place = pointer_place(field->kind);
	if (place == SIZE_MAX) {
		refuse(sink, DIAG_CONTEXT_FIELD, image->prog, slot, "context field", "", field->name);
		return IOV_DIAGNOSED;
	}
	insn->code = LDX64_CODE;
	insn->off = (int16_t)((int32_t)place + shift);
	return IOV_OK;
}

static void set_imm64(struct iov_insn *insn, uint64_t value)
{
	insn->src = LDIMM_VALUE;
	insn->imm = (int32_t)value;
	insn[1].imm = (int32_t)(value >> 32);
}

static enum iov_status rewrite_imm64(struct iov_image *image, const struct iov_isa_row *row, uint32_t slot,
				     struct iov_sink *sink)
{
	struct iov_insn *insn = &image->insns[slot];
	uint64_t value;

	if (row->oper == ISA_O_IMM64 || row->oper == ISA_O_FUNC)
		return IOV_OK;
	if (row->oper == ISA_O_BTF_ID && image->prog->externs[insn->imm].is_func) {
		iov_helper_fn *fn = kfunc_find(image->prog->externs[insn->imm].name);

		if (fn || image->prog->externs[insn->imm].weak) {
			set_imm64(insn, (uintptr_t)fn);
			return IOV_OK;
		}
	}
	if (row->oper == ISA_O_BTF_ID) {
		refuse(sink, DIAG_KERNEL_SYMBOL, image->prog, slot, "kernel symbol", "",
		       (uint32_t)insn->imm < image->prog->extern_count ? image->prog->externs[insn->imm].name : "?");
		return IOV_DIAGNOSED;
	}
	if ((uint32_t)insn->imm >= image->map_count)
		return IOV_BUG;
	value = (uintptr_t)image->maps[insn->imm];
	if (row->oper == ISA_O_MAP_VALUE || row->oper == ISA_O_MAP_IDX_VALUE) {
		const struct iov_map_head *head = (const void *)image->maps[insn->imm];

		if (!head->data)
			return IOV_BUG;
		value = (uintptr_t)head->data + (uint32_t)insn[1].imm;
	}
	set_imm64(insn, value);
	return IOV_OK;
}

/* The host's helper of the platform's name, else this library's when the platform means that one. */
static iov_helper_fn *function_of(const struct iov_image *image, const struct iov_load *how, uint32_t id)
{
	const struct iov_helper *h = platform_helper(image->platform, id), *known = catalogue_helper(id);
	iov_helper_fn *own = h && how->helper_of ? how->helper_of(how->ud, h->name) : NULL;

	if (own)
		return own;
	return !h || (known && known->name && !strcmp(known->name, h->name)) ? helper_find(id) : NULL;
}

/* What is done to one map on every path needs no dispatch by the map's type. */
static iov_helper_fn *own_of(const struct iov_image *image, uint32_t slot, uint32_t id)
{
	int32_t index = image->facts->insns[slot].map;
	const struct iov_map *map = index >= 0 ? image->maps[index] : NULL;

	return map && map->ops->helper ? map->ops->helper(map, id) : NULL;
}

static enum iov_status bind_call(struct iov_image *image, const struct iov_load *how, const struct iov_isa_row *row,
				 uint32_t slot, struct iov_sink *sink)
{
	const struct iov_insn *insn = &image->insns[slot];
	const struct iov_helper *helper;
	iov_helper_fn *own;

	if (row->oper == ISA_O_KFUNC) {
		const char *name =
			(uint32_t)insn->imm < image->prog->extern_count ? image->prog->externs[insn->imm].name : "?";

		image->calls[slot] = kfunc_find(name);
		if (image->calls[slot])
			return IOV_OK;
		refuse(sink, DIAG_KERNEL_SYMBOL, image->prog, slot, "kernel function", "", name);
		return IOV_DIAGNOSED;
	}
	if (row->oper != ISA_O_HELPER)
		return IOV_OK;
	image->calls[slot] = function_of(image, how, (uint32_t)insn->imm);
	own = image->calls[slot] == helper_find((uint32_t)insn->imm) ? own_of(image, slot, (uint32_t)insn->imm) : NULL;
	if (own)
		image->calls[slot] = own;
	if (image->calls[slot])
		return IOV_OK;
	helper = platform_helper(image->platform, (uint32_t)insn->imm);
	refuse(sink, DIAG_HELPER_MISSING, image->prog, slot, "helper",
	       helper && catalogue_helper_by_name(helper->name) ? "bpf_" : "", helper ? helper->name : "?");
	return IOV_DIAGNOSED;
}

static enum iov_status rewrite(struct iov_image *image, const struct iov_load *how, struct iov_sink *sink)
{
	uint32_t step;

	for (uint32_t slot = 0; slot < image->count; slot += step) {
		const struct iov_insn_fact *fact = &image->facts->insns[slot];
		const struct iov_isa_row *row = isa_find(&image->insns[slot]);
		enum iov_status status = IOV_OK;

		if (!row)
			return IOV_BUG;
		step = isa_is_wide(&image->insns[slot]) ? 2 : 1;
		if (!fact->reached)
			continue;
		if (row->kind == ISA_K_LDIMM64)
			status = rewrite_imm64(image, row, slot, sink);
		else if (row->kind == ISA_K_CALL)
			status = bind_call(image, how, row, slot, sink);
		else if (fact->mem == IOV_MEM_CTX || fact->mem == IOV_MEM_SOCK || fact->mem == IOV_MEM_KERNEL)
			status = rewrite_ctx(image, fact->mem == IOV_MEM_CTX ? image->type : NULL, slot, sink);
		if (status)
			return status;
	}
	return IOV_OK;
}

/* The checked engine takes the program as it is, and does without the helpers that are missing. */
static void bind_present(struct iov_image *image, const struct iov_load *how)
{
	for (uint32_t slot = 0; slot < image->count; slot += isa_is_wide(&image->insns[slot]) ? 2 : 1) {
		const struct iov_isa_row *row = isa_find(&image->insns[slot]);

		if (row && row->oper == ISA_O_HELPER)
			image->calls[slot] = function_of(image, how, (uint32_t)image->insns[slot].imm);
	}
}

static enum iov_status bind_maps(struct iov_image *image, const struct iov_load *how, struct iov_arena *arena,
				 struct iov_sink *sink)
{
	const struct iov_prog *prog = image->prog;

	image->map_count = prog->map_count;
	image->maps = arena_array(arena, image->map_count, sizeof(*image->maps));
	if (!image->maps)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < image->map_count; i++) {
		image->maps[i] = how->map_of(how->ud, prog->maps[i]);
		if (!image->maps[i])
			return IOV_BUG;
		if (!table_claim(image->maps[i], prog->type)) {
			struct iov_diag *d = diag_add(
				sink, DIAG_MAP_SLOT, prog->maps[i]->where,
				"program array `%s` is used by programs of several types, by `%s` among others",
				prog->maps[i]->name, prog->name);

			diag_hint(d, "declare one for each type of program");
			return IOV_DIAGNOSED;
		}
	}
	return IOV_OK;
}

static enum iov_status prepare(struct iov_image *image, enum iov_engine engine, struct iov_arena *arena,
			       struct iov_sink *sink)
{
	if (engine == IOV_ENGINE_CHECKED)
		return checked_prepare(image, arena, sink);
	if (engine == IOV_ENGINE_INTERP)
		return interp_prepare(image, arena);
	if (engine == IOV_ENGINE_DEFAULT && !jit_available())
		return interp_prepare(image, arena);
	return jit_compile(image, arena, sink);
}

enum iov_status image_load(const struct iov_prog *prog, const struct iov_load *how, struct iov_arena *arena,
			   struct iov_sink *sink, struct iov_image **out)
{
	const struct iov_verify_options options = {.budget = how->budget};
	struct iov_image *image = ARENA_NEW(arena, struct iov_image);
	struct iov_facts *facts = ARENA_NEW(arena, struct iov_facts);
	enum iov_status status;

	if (!image || !facts)
		return IOV_NOMEM;
	status = verify_prog(prog, how->platform, &options, arena, sink, facts);
	if (status)
		return status;
	*image = (struct iov_image){.prog = prog, .facts = facts, .count = prog->count, .platform = how->platform,
				    .type = platform_prog_type(how->platform, prog->type),
				    .hardening = how->hardening,
				    .pool = how->pool};
	if (facts->throws)
		image->guard = throw_guard;
	image->insns = arena_copy(arena, prog->insns, prog->count * sizeof(*prog->insns));
	image->calls = arena_array(arena, prog->count, sizeof(*image->calls));
	if (!image->insns || !image->calls)
		return IOV_NOMEM;
	status = bind_maps(image, how, arena, sink);
	if (!status && how->engine == IOV_ENGINE_CHECKED)
		bind_present(image, how);
	else if (!status)
		status = rewrite(image, how, sink);
	if (!status)
		status = prepare(image, how->engine, arena, sink);
	if (!status)
		*out = image;
	return status;
}

uint64_t image_run(const struct iov_image *image, struct iov_env *env, struct iov_ctx *ctx)
{
	env->image = image;
	env->ctx = ctx;
	env->tail_calls = 0;
	env->redirect_ifindex = 0;
	env->redirect_flags = 0;
	env->redirect_map = NULL;
	ctx->env = env;
	if (image->checked)
		return checked_run(image, env, ctx);
	return image->code ? jit_run(image, env, ctx) : interp_run(image, env, ctx);
}
