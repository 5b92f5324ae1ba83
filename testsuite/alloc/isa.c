/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/isa/isa.h"
#include "testsuite/alloc/alloc.h"

enum iov_status alloc_isa_print(struct alloc_run *run)
{
	struct iov_buf out = {.alloc = run->alloc};

	for (int i = 0; i < ISA_COUNT; i++) {
		struct iov_insn insn[2] = {{.code = isa_rows[i].code}};

		isa_print(&out, insn, 0, i & 1 ? IOV_DIALECT_KERNEL : IOV_DIALECT_MNEMONIC, NULL);
	}
	return alloc_buf_status(&out);
}
