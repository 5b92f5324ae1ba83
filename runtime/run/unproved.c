/* SPDX-License-Identifier: Apache-2.0 */
/* Programs of the conformance suite that are right by RFC 9669 and refused by the verifier, because it cannot bound an
 * address or a loop. The checked engine runs them all the same, for it believes nobody and checks each access. It does
 * rely on the verifier's first phases (encodings, registers, jumps, functions, helpers): what those refuse stays
 * refused, so only words of the walk over the program are in the list below. No other engine ever gets what is not
 * proved. */
#include "runtime/checked.h"
#include "runtime/run/run.h"

static bool is_left_to_the_run(enum iov_diag_id id)
{
	static const enum iov_diag_id those[] = {
		DIAG_V_UNINIT_STACK, DIAG_V_STACK_BOUNDS, DIAG_V_VALUE_BOUNDS, DIAG_V_NOT_POINTER,
		DIAG_V_POINTER_ARITH, DIAG_V_POINTER_LEAK, DIAG_V_MIXED_POINTERS, DIAG_V_MISALIGNED,
		DIAG_V_POINTER_COMPARE, DIAG_V_RETURN_RANGE, DIAG_V_LOOP_UNBOUNDED, DIAG_V_TOO_COMPLEX,
	};

	for (size_t i = 0; i < sizeof(those) / sizeof(those[0]); i++)
		if (those[i] == id)
			return true;
	return false;
}

bool unproved_may_run(const struct iov_sink *verdict)
{
	for (const struct iov_diag *d = verdict->first; d; d = d->next)
		if (d->severity == IOV_ERROR && !is_left_to_the_run(d->id))
			return false;
	return verdict->first && !verdict->oom;
}

/* Facts that claim nothing. */
static struct iov_facts *no_facts(const struct iov_prog *prog, struct iov_arena *arena)
{
	struct iov_facts *facts = ARENA_NEW(arena, struct iov_facts);
	uint32_t *stacks = arena_array(arena, prog->sub_count, sizeof(*stacks));
	uint64_t *private = arena_array(arena, prog->sub_count, sizeof(*private));
	struct iov_insn_fact *insns = arena_array(arena, prog->count, sizeof(*insns));

	if (!facts || !stacks || !private || !insns)
		return NULL;
	for (uint32_t i = 0; i < prog->sub_count; i++)
		stacks[i] = V_STACK_BYTES;
	for (uint32_t i = 0; i < prog->count; i++)
		insns[i] = (struct iov_insn_fact){.reached = true, .mem = IOV_MEM_OTHER, .map = -1};
	*facts = (struct iov_facts){.worst_insns = UINT64_MAX, .insns = insns, .count = prog->count,
				    .sub_stack = stacks, .sub_private = private};
	return facts;
}

enum iov_status unproved_load(const struct iov_prog *prog, const struct iov_load *how, struct iov_arena *arena,
			      struct iov_image **out)
{
	struct iov_image *image = ARENA_NEW(arena, struct iov_image);
	struct iov_checked_code *code = ARENA_NEW(arena, struct iov_checked_code);
	struct iov_facts *facts = no_facts(prog, arena);
	iov_helper_fn **calls = arena_array(arena, prog->count, sizeof(*calls));
	struct iov_map **maps = arena_array(arena, prog->map_count, sizeof(*maps));

	if (!image || !code || !facts || !calls || !maps)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < prog->map_count; i++)
		maps[i] = how->map_of(how->ud, prog->maps[i]);
	for (uint32_t slot = 0; slot < prog->count; slot += isa_is_wide(&prog->insns[slot]) ? 2 : 1) {
		const struct iov_isa_row *row = isa_find(&prog->insns[slot]);
		const struct iov_helper *helper =
			row && row->oper == ISA_O_HELPER
				? platform_helper(how->platform, (uint32_t)prog->insns[slot].imm) : NULL;

		calls[slot] = helper ? how->helper_of(how->ud, helper->name) : NULL;
	}
	*image = (struct iov_image){.prog = prog, .facts = facts, .insns = prog->insns, .count = prog->count,
				    .calls = calls, .maps = maps, .map_count = prog->map_count,
				    .platform = how->platform, .type = platform_prog_type(how->platform, prog->type),
				    .engine_data = code, .checked = true};
	*out = image;
	return IOV_OK;
}
