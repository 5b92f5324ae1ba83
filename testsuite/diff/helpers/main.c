/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue against the live kernel: who may call what, contexts, return values, prototypes, map types. Needs root
 * and a kernel that one of the shipped platforms describes. */
#include "testsuite/diff/helpers/oracle.h"

#include <stdio.h>
#include <unistd.h>

int main(void)
{
	const struct iov_platform *platform;
	struct program p = {0};
	char release[64] = "";

	platform = oracle_platform(release);
	if (geteuid()) {
		puts("SKIP helpers: asking the kernel's verifier needs root");
		return 0;
	}
	if (!platform) {
		printf("SKIP helpers: no shipped platform describes this kernel, %s\n", release);
		return 0;
	}
	program_end(&p);
	if (!oracle_loads(&p, catalogue_prog_type_by_name("socket_filter"), 0)) {
		puts("SKIP helpers: this kernel loads no BPF programs for us");
		return 0;
	}
	check_allowed(platform);
	check_contexts(platform);
	check_prototypes(platform);
	return 0;
}
