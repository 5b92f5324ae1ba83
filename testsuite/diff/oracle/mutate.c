/* SPDX-License-Identifier: Apache-2.0 */
/* Mutations of programs. */
#include "testsuite/diff/oracle/oracle.h"

void mutate(uint64_t *s, struct iov_insn *insns, uint32_t count, uint32_t map_count)
{
	for (uint32_t n = 1 + oracle_below(s, 2); n; n--) {
		uint32_t at = oracle_below(s, count), other = oracle_below(s, count);
		struct iov_insn *in = &insns[at];

		if (isa_is_wide(in) || (at && isa_is_wide(&insns[at - 1]))) {
			if (isa_is_wide(in) && in->src == 1 && map_count)
				in->imm = (int32_t)oracle_below(s, map_count);
			continue;
		}
		switch (oracle_below(s, 12)) {
		case 0: in->dst = (uint8_t)oracle_below(s, IOV_REGS); break;
		case 1: in->src = (uint8_t)oracle_below(s, IOV_REGS); break;
		case 2: in->off = (int16_t)(in->off + (int)oracle_below(s, 9) - 4); break;
		case 3: case 4: case 5: in->imm = (int32_t)((uint32_t)in->imm + oracle_below(s, 5) - 2); break;
		case 6: in->imm = (int32_t)oracle_random(s); break;
		case 7: in->code ^= (uint8_t)(1u << (4 + oracle_below(s, 4))); break;
		case 8: in->code ^= 3; break; /* 64 and 32 bits */
		case 9: *in = (struct iov_insn){.code = 0x05}; break;
		case 10:
			if (!isa_is_wide(&insns[other]) && (!other || !isa_is_wide(&insns[other - 1])))
				*in = insns[other];
			break;
		default: in->code ^= 0x08; break;
		}
	}
}
