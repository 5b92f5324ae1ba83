# RUN: iovas %s -o %t.o
# EXIT: 1
# What the C preprocessor leaves: its lines give the places, also between .btf and .endbtf, where GNU's words are C
# 1 "module.S"
	.btf # the types
# 1 "flow.h" 1
typedef __signed__ char __s8;
__extension__ typedef unsigned long long __u64;
static __inline__ int one(int a);
struct flow {
	__const__ char * __restrict__ name;
	__volatile__ __u64 bytes;
	__extension__ struct { __s8 a; };
	u128 wide;
};
# 3 "module.S" 2
#pragma once
	int two(struct fllow f, nothing n);
	.endbtf
# 40 "main.h"
	r11 = 5
	exit
#= STDERR
#| main.h:40:2: error: there is no register r11: they are r0 to r10, and w0 to w10 for 32 bits [IOV-A004]
#|    40 |         r11 = 5
#|       |         ^~~
#| module.S:4:26: error: nothing is not declared [IOV-A102]
#|     4 |         int two(struct fllow f, nothing n);
#|       |                                 ^~~~~~~
#| flow.h:8:2: error: u128 is not declared [IOV-A102]
#|     8 |         u128 wide;
#|       |         ^~~~
