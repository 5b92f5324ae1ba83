# RUN: iovas --cpu=v3 %s -o %t.o
# EXIT: 1
# A jump beyond 16 bits, on a target without gotol
	if r1 == 0 goto far
	.rept 32768
	r0 = 0
	.endr
far:	exit
#= STDERR
#| jump-too-far.s:4:18: error: the jump goes 32768 slots, and reaches 32,767 [IOV-A010]
#|     4 |         if r1 == 0 goto far
#|       |                         ^~~
#|   hint: with --cpu=v4 it is written through gotol
