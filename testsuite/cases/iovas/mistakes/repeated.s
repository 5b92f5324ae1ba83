# RUN: iovas %s -o %t.o
# EXIT: 1
# A mistake in a repetition is one mistake; in a macro, one for each use: its arguments may be what is wrong
	.rept	1000
	r0 = r11
	.byte	300
	.endr
	.macro	twice value
	r1 = \value
	.endm
	twice	r12
	twice	5
	twice	r13
	exit
#= STDERR
#| repeated.s:5:7: error: there is no register r11: they are r0 to r10, and w0 to w10 for 32 bits [IOV-A004]
#|     5 |         r0 = r11
#|       |              ^~~
#|   path: 1. repeated.s:4:2: in the expansion of .rept
#|     4 |         .rept   1000
#|       |         ^~~~~
#| repeated.s:6:8: error: the number does not fit in 1 byte [IOV-A006]
#|     6 |         .byte   300
#|       |                 ^~~
#|   path: 1. repeated.s:4:2: in the expansion of .rept
#|     4 |         .rept   1000
#|       |         ^~~~~
#| repeated.s:9:7: error: there is no register r12: they are r0 to r10, and w0 to w10 for 32 bits [IOV-A004]
#|     9 |         r1 = r12
#|       |              ^~~
#|   path: 1. repeated.s:11:2: in the expansion of twice
#|    11 |         twice   r12
#|       |         ^~~~~
#| repeated.s:9:7: error: there is no register r13: they are r0 to r10, and w0 to w10 for 32 bits [IOV-A004]
#|     9 |         r1 = r13
#|       |              ^~~
#|   path: 1. repeated.s:13:2: in the expansion of twice
#|    13 |         twice   r13
#|       |         ^~~~~
