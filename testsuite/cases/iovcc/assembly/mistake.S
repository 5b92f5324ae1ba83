// RUN: iovcc -c %s -o %t.o
// EXIT: 1
// A mistake behind an include has its line.
	.text
	moov r1, r2
#include "numbers.h"
	r0 = XDP_PASS
	R(11) = 5
	exit
//= STDERR
//| mistake.S:5:2: error: there is no instruction 'moov' [IOV-A002]
//|     5 |  moov r1, r2
//|       |  ^~~~
//|   hint: did you mean 'mov'?
//| mistake.S:8:2: error: there is no register r11: they are r0 to r10, and w0 to w10 for 32 bits [IOV-A004]
//|     8 |  r11 = 5
//|       |  ^~~
