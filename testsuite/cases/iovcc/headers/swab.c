// RUN: iovcc -O2 -std=gnu89 -Wall -Werror -c %s -o %t.o && iovdump --disassemble %t.o | tail -n 2
/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's test_endian.c calls libbpf's inner macros. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

SEC("xdp")
int swab(struct xdp_md *ctx)
{
	return ___bpf_swab16(0x1234) == 0x3412 && ___bpf_swab32(0x12345678) == 0x78563412 &&
	       ___bpf_swab64(1) == 1ULL << 56 ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
//= STDOUT
//|      0: w0 = 2
//|      1: exit
