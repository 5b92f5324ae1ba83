/* SPDX-License-Identifier: Apache-2.0 */
/* The same message, with the same places in vmlinux.h. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

int pid;

SEC("raw_tp/sys_enter") int mistake(void *ctx)
{
	struct task_struct *t = (void *)bpf_get_current_task();

	pid = t->tgidd;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
