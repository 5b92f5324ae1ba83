// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o && iovcc -g -O2 -c %s -o %t.2.o && cmp %t.o %t.2.o && echo the same bytes
// RUN: llvm-readelf-19 -S %t.o | grep iov.manifest | awk '{print $3, $4}'
// RUN: llvm-strip-19 -g %t.o -o %t.strip.o && iovdump --cost %t.strip.o
// RUN: llvm-objcopy-19 --remove-section=.iov.manifest %t.o %t.none.o && iovdump --cost %t.none.o
// RUN: llvm-objcopy-19 --rename-section=license=license %t.o %t.copy.o && iovdump --cost %t.copy.o
// RUN: iovdump --manifest --json %t.copy.o %t.strip.o | grep -c '"current": true, "isa"'
// RUN: readelf -SW %t.o | grep -c 'iov.manifest.*PROGBITS'
// The records are in the way of none of the tools that handle objects; what they leave of the program is current.
// NEEDS: clang-19
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| the same bytes
//| PROGBITS 0000000000000000
//| pass:
//|   instructions  at most 2 executed in one run
//|   calls         none
//|   stack         0 bytes over 1 frame
//|   maps          none
//| pass: nothing is recorded; iovverify --cost computes it
//| pass:
//|   instructions  at most 2 executed in one run
//|   calls         none
//|   stack         0 bytes over 1 frame
//|   maps          none
//| 2
//| 1
