# RUN: iovas --cpu=v3 %s -o %t.o
# EXIT: 1
# 40,000 jumps to as many places cross one point: no trampolines can stand there
	.set	i, 0
	.rept	40000
	if r1 == 0 goto far+8*i
	.set	i, i+1
	.endr
far:	.rept	40000
	r0 = 0
	.endr
	exit
#= STDERR
#| jump-too-far.s:6:18: error: the jump goes 39999 slots, and reaches 32,767 [IOV-A010]
#|     6 |         if r1 == 0 goto far+8*i
#|       |                         ^~~
#|   why:  too many jumps cross here: there is no room for trampolines
#|   path: 1. jump-too-far.s:5:2: in the expansion of .rept
#|     5 |         .rept   40000
#|       |         ^~~~~
#|   hint: with --cpu=v4 it is written through gotol
