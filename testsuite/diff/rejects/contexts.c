/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs from progtypes.def: for every program type each byte of the context with each size, read and written where that
 * is not allowed, and what a type may return. The twin accesses the same field as allowed, else the type's first. What
 * is allowed is catalogue_ctx_access(), which testsuite/diff/helpers holds to the live kernel. */
#include "testsuite/diff/rejects/rejects.h"

static const enum iov_isa loads[] = {ISA_LDX8, ISA_LDX16, ISA_LDX32, ISA_LDX64};
static const enum iov_isa stores[] = {ISA_STX8, ISA_STX16, ISA_STX32, ISA_STX64};

/* r1 is the context, r2 a number. The access is at slot 2. */
static struct code access_at(const struct iov_prog_type *type, int off, int size, bool write)
{
	struct code c = {.type = type->id};

	put(&c, ISA_MOV64_K, 0, 0, 0, 1);
	put(&c, ISA_MOV64_K, 2, 0, 0, 1);
	put(&c, write ? stores[size] : loads[size], write ? 1 : 2, write ? 2 : 1, off, 0);
	put(&c, ISA_EXIT, 0, 0, 0, 0);
	return c;
}

/* Some access to the field at `off` that is allowed; false when there is none. */
static bool allowed_near(const struct iov_prog_type *type, const struct iov_ctx_field *f, struct code *twin)
{
	if (!f || f->kind == IOV_CTX_BTF) /* a kernel object: not every type of it is described */
		return false;
	for (int write = 0; write < 2; write++)
		for (int size = 3; size >= 0; size--)
			if (catalogue_ctx_access(type, usual_attach(type->id), f->off, 1u << size, write)) {
				*twin = access_at(type, f->off, size, write);
				return true;
			}
	return false;
}

static void find_twin(const struct iov_prog_type *type, const struct iov_ctx_field *field, struct code *twin)
{
	if (allowed_near(type, field, twin))
		return;
	for (unsigned i = 0; i < type->field_count; i++)
		if (allowed_near(type, &type->fields[i], twin))
			return;
	twin->insn[2] = twin->insn[1];
}

static void one_access(struct run *run, const struct iov_prog_type *type, int off, int size, bool write)
{
	const struct iov_ctx_field *f = off >= 0 ? catalogue_ctx_field(type, (uint32_t)off) : NULL;
	bool read_only = write && f && !f->writable;
	struct code bad = access_at(type, off, size, write), twin = bad;

	if (off >= 0 && catalogue_ctx_access(type, usual_attach(type->id), (uint32_t)off, 1u << size, write))
		return;
	find_twin(type, f, &twin);
	judge_code(run, &bad, &twin, read_only ? "IOV-V030" : "IOV-V029", 2,
		   read_only ? "read-only context field written"
		   : !f      ? "outside of the context"
			     : "context field accessed as it is not",
		   "%s/%s %s %d at %d", type->name, f ? f->name : "none", write ? "write" : "read", 8 << size, off);
}

static void accesses(struct run *run, const struct iov_prog_type *type)
{
	for (unsigned i = 0; i < type->field_count; i++) {
		const struct iov_ctx_field *f = &type->fields[i];

		for (int size = 0; size < 4; size++)
			for (int write = 0; write < 2; write++) {
				one_access(run, type, f->off, size, write);
				if (f->elem)
					continue;
				one_access(run, type, f->off + 1, size, write);
				one_access(run, type, f->off + f->size - 1, size, write);
			}
	}
	for (int size = 0; size < 4; size++)
		for (int write = 0; write < 2; write++) {
			one_access(run, type, -(1 << size), size, write);
			one_access(run, type, type->ctx_size, size, write);
			one_access(run, type, type->ctx_size + 4096, size, write);
		}
}

/* The context pointer itself: moved by an unknown amount, below its start, or scaled. */
static void pointers(struct run *run, const struct iov_prog_type *type)
{
	const struct iov_ctx_field *f = NULL;
	struct code bad = {.type = type->id}, twin;
	uint32_t at;

	for (unsigned i = 0; i < type->field_count && !f; i++)
		if (type->fields[i].kind == IOV_CTX_SCALAR &&
		    catalogue_ctx_access(type, usual_attach(type->id), type->fields[i].off, 4, false))
			f = &type->fields[i];
	if (!f)
		return;
	put(&bad, ISA_MOV64_X, 6, 1, 0, 0);
	put(&bad, ISA_LDX32, 2, 1, f->off, 0);
	put(&bad, ISA_AND64_K, 2, 0, 0, 4);
	at = put(&bad, ISA_ADD64_X, 6, 2, 0, 0);
	put(&bad, ISA_LDX32, 3, 6, f->off, 0);
	put(&bad, ISA_MOV64_K, 0, 0, 0, 1);
	put(&bad, ISA_EXIT, 0, 0, 0, 0);
	twin = bad;
	twin.insn[at] = (struct iov_insn){.code = isa_rows[ISA_MOV64_K].code, .dst = 3};
	judge_code(run, &bad, &twin, "IOV-V033", at, "context moved by a variable", "%s", type->name);
}

static void returns(struct run *run, const struct iov_prog_type *type)
{
	int64_t min, max;

	if (!catalogue_ret_range(type, usual_attach(type->id), &min, &max))
		return;
	for (int i = 0; i < 3; i++) {
		struct code bad = {.type = type->id}, twin;

		put(&bad, ISA_MOV64_K, 0, 0, 0, i == 0 ? (int32_t)max + 1 : i == 1 ? (int32_t)min - 1 : 0x10000);
		put(&bad, ISA_EXIT, 0, 0, 0, 0);
		twin = bad;
		twin.insn[0].imm = (int32_t)max;
		judge_code(run, &bad, &twin, "IOV-V060", 1, "return value", "%s/%d", type->name, bad.insn[0].imm);
	}
}

void pairs_of_contexts(struct run *run)
{
	for (uint32_t id = 1; id <= catalogue_prog_type_count(); id++) {
		const struct iov_prog_type *type = catalogue_prog_type(id);

		if (!type || !type->complete)
			continue;
		accesses(run, type);
		pointers(run, type);
		returns(run, type);
	}
}
