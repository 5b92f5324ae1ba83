/* SPDX-License-Identifier: Apache-2.0 */
/* No member of the pointer's target is named, yet its size is needed. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

int bytes;

SEC("raw_tp/sys_enter") int pointee(void *ctx)
{
	bytes = sizeof(*((struct task_struct *)0)->nsproxy);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
