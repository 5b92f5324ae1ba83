/* SPDX-License-Identifier: Apache-2.0 */
/* Programs under construction. */
#include "testsuite/diff/rejects/rejects.h"

#include <linux/bpf.h>
#include <stdarg.h>
#include <stdio.h>

uint32_t usual_attach(uint32_t type)
{
	switch (type) {
	case BPF_PROG_TYPE_CGROUP_SOCK: return BPF_CGROUP_INET_SOCK_CREATE;
	case BPF_PROG_TYPE_CGROUP_SOCK_ADDR: return BPF_CGROUP_INET4_CONNECT;
	case BPF_PROG_TYPE_SK_LOOKUP: return BPF_SK_LOOKUP;
	case BPF_PROG_TYPE_CGROUP_SOCKOPT: return BPF_CGROUP_SETSOCKOPT;
	case 32: return 45; /* netfilter, which the headers of Debian 12 do not have */
	default: return 0;
	}
}

uint32_t put(struct code *code, enum iov_isa row, int dst, int src, int off, int32_t imm)
{
	const struct iov_isa_row *r = &isa_rows[row];
	struct iov_insn insn = {
		.code = r->code, .dst = (uint8_t)dst, .src = (uint8_t)src, .off = (int16_t)off, .imm = imm};

	if (r->sel == ISA_SEL_SRC)
		insn.src = (uint8_t)r->sel_value;
	if (r->sel == ISA_SEL_OFF)
		insn.off = (int16_t)r->sel_value;
	if (r->sel == ISA_SEL_IMM)
		insn.imm = r->sel_value;
	code->insn[code->count] = insn;
	code->count += isa_is_wide(&insn) ? 2 : 1;
	return code->count - (isa_is_wide(&insn) ? 2 : 1);
}

uint32_t put_map(struct code *code, int dst, const struct iov_map_def *map)
{
	uint32_t i = 0;

	while (i < code->map_count && code->maps[i] != map)
		i++;
	code->maps[i] = map;
	if (i == code->map_count)
		code->map_count++;
	return put(code, ISA_LD_MAP_FD, dst, 0, 0, (int32_t)i);
}

uint32_t put_call(struct code *code, const char *helper)
{
	return put(code, ISA_CALL_HELPER, 0, 0, 0, (int32_t)catalogue_helper_by_name(helper)->id);
}
