/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/verify/verify.h"
#include "backend/verify/why.h"
#include "linker/object/object.h"
#include "testsuite/alloc/alloc.h"

enum extra { NOTHING, TRACE, WHY };

static enum iov_status verify(struct alloc_run *run, const uint8_t *bytes, size_t len, enum extra extra)
{
	static const uint32_t slots[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
	struct iov_buf text = {.alloc = run->alloc};
	struct iov_why why = {slots, 10, &text, arena_array(&run->arena, 10, sizeof(*why.seen))};
	struct iov_verify_options options = {.trace = extra == TRACE ? &text : NULL, .why = extra == WHY ? &why : NULL};
	struct iov_facts facts = {0};
	struct iov_object *obj;
	struct iov_prog *prog;
	enum iov_status status = object_read(bytes, len, "fixture.o", &run->arena, &run->sink, &obj);

	if (status != IOV_OK)
		return status;
	if (!why.seen)
		return IOV_NOMEM;
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
	return verify(run, run->object, run->object_len, NOTHING);
}

enum iov_status alloc_verify_waiting(struct alloc_run *run)
{
	enum { FORKS = 100, COUNT = FORKS + 4 };
	struct iov_insn insns[COUNT] = {{.code = 0x61, .dst = 7, .src = 1, .off = 12}, /* r7 = *(u32 *)(r1 + 12) */
					{.code = 0x7b, .dst = 10, .src = 7, .off = -8}}; /* *(u64 *)(r10 - 8) = r7 */
	struct iov_subprog entry = {.name = "waiting", .count = COUNT};
	struct iov_prog prog = {.name = "waiting", .section = "xdp", .license = "GPL", .insns = insns, .count = COUNT,
				.subs = &entry, .sub_count = 1, .type = catalogue_prog_type_by_name("xdp")->id};
	struct iov_facts facts;

	for (int i = 0; i < FORKS; i++) /* if r7 == i goto the end */
		insns[2 + i] = (struct iov_insn){.code = 0x15, .dst = 7, .off = (int16_t)(FORKS - 1 - i), .imm = i};
	insns[COUNT - 2] = (struct iov_insn){.code = 0xb7, .imm = 2};
	insns[COUNT - 1] = (struct iov_insn){.code = 0x95};
	return verify_prog(&prog, platform_shipped("iovrun"), NULL, &run->arena, &run->sink, &facts);
}

enum iov_status alloc_verify_trace(struct alloc_run *run)
{
	return verify(run, run->object, run->object_len, TRACE);
}

enum iov_status alloc_verify_why(struct alloc_run *run)
{
	return verify(run, run->object, run->object_len, WHY);
}

enum iov_status alloc_verify_rejected(struct alloc_run *run)
{
	return verify(run, run->bad, run->bad_len, NOTHING);
}
