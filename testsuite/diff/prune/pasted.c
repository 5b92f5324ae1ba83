/* SPDX-License-Identifier: Apache-2.0 */
/* The type's name is not a word of the source: found missing, and compiled with the whole header. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define TYPE(kind) struct kind##_struct

int bytes;

SEC("raw_tp/sys_enter") int pasted(void *ctx)
{
	bytes = sizeof(TYPE(mm)) + sizeof(TYPE(signal));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
