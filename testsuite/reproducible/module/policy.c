/* SPDX-License-Identifier: Apache-2.0 */
#include "shared.h"

int allowed(__u32 key)
{
	return !table_find(&key) && weigh(3) == 30;
}

char _license[] SEC("license") = "Dual BSD/GPL";
