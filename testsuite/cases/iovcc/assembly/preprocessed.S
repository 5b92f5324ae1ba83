// RUN: iovcc -DLIMIT=3 -c %s -o %t.o
// RUN: iovdump -d --no-source %t.o | grep -v "^$"
// RUN: iovverify %t.o | grep -o "count.*accepted"
// Assembly through the C preprocessor, verified like compiled C.
#include "numbers.h"
#define KEY -4
	.license "GPL"
	.map hits, type=array, key=__u32, value=__u64, entries=LIMIT
	.program count, type=xdp
	*(u32 *)(r10 + KEY) = 0
	r1 = hits ll
	r2 = r10
	r2 += KEY
	call	bpf_map_lookup_elem
	if r0 == 0 goto out
	R(1) = 1
	lock *(u64 *)(r0 + 0) += r1
out:	r0 = XDP_PASS
	exit
//= STDOUT
//| count: # section xdp, xdp program, 11 instructions
//|        0: *(u32 *)(r10 - 4) = 0
//|        1: r1 = hits ll
//|        3: r2 = r10
//|        4: r2 += -4
//|        5: call bpf_map_lookup_elem#1
//| ,-     6: if r0 == 0 goto +2 <L1>
//| |      7: r1 = 1
//| |      8: lock *(u64 *)(r0 + 0) += r1              # __u64
//| | L1:
//| '>     9: r0 = 2
//|       10: exit
//| count (xdp) on iovrun: accepted
