/* SPDX-License-Identifier: Apache-2.0 */
/* dpdk FILE.o SECTION…: load the section of the object with DPDK's rte_bpf, as a program that gets a packet's buffer
 * (section "dpdk") or an mbuf ("dpdk_mbuf"), with the sizes of platform dpdk-22.11. One line for each: "loaded
 * SECTION", or "refused SECTION". */
#include <rte_bpf.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <rte_mbuf.h>

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	rte_log_set_global_level(RTE_LOG_CRIT);
	for (int i = 2; i < argc; i++) {
		struct rte_bpf_prm prm = {.prog_arg = {.type = RTE_BPF_ARG_PTR, .size = RTE_MBUF_DEFAULT_BUF_SIZE}};
		struct rte_bpf *bpf;

		if (!strcmp(argv[i], "dpdk_mbuf"))
			prm.prog_arg = (struct rte_bpf_arg){.type = RTE_BPF_ARG_PTR_MBUF,
							    .size = sizeof(struct rte_mbuf),
							    .buf_size = RTE_MBUF_DEFAULT_BUF_SIZE};
		bpf = rte_bpf_elf_load(&prm, argv[1], argv[i]);
		printf("%s %s\n", bpf ? "loaded" : "refused", argv[i]);
		rte_bpf_destroy(bpf);
	}
	return 0;
}
