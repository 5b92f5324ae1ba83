# RUN: iovas %s -o %t.o
# EXIT: 1
# Code and data where they cannot stand
	.bss
	r0 = 0
	.byte 1
	.byte 0
	.text
	.byte 1
	exit
	.section .data,"ax"
	.section .data,"aw"
#= STDERR
#| section-place.s:5:2: error: section .bss holds zeros only: it has no room for code [IOV-A016]
#|     5 |         r0 = 0
#|       |         ^~
#| section-place.s:6:2: error: section .bss holds zeros only: it has no room for data or code [IOV-A016]
#|     6 |         .byte 1
#|       |         ^~~~~
#| section-place.s:10:2: error: an instruction must stand at a multiple of 8 bytes, not at 1 [IOV-A016]
#|    10 |         exit
#|       |         ^~~~
#|   hint: write .balign 8 before it
#| section-place.s:12:2: error: section .data had other flags or another type before [IOV-A016]
#|    12 |         .section .data,"aw"
#|       |         ^~~~~~~~
#|   why:  section-place.s:11:2: it was made here
#|    11 |         .section .data,"ax"
#|       |         ^
