# RUN: iovas %s -o %t.o
# EXIT: 1
# Data that does not fit
	.data
	.byte 255, 256, -128, -129
	.short 65536
	.quad 18446744073709551616
	.balign 3
#= STDERR
#| data-range.s:5:13: error: the number does not fit in 1 byte [IOV-A006]
#|     5 |         .byte 255, 256, -128, -129
#|       |                    ^~~
#| data-range.s:6:9: error: the number does not fit in 2 bytes [IOV-A006]
#|     6 |         .short 65536
#|       |                ^~~~~
#| data-range.s:7:8: error: the number does not fit in 64 bits [IOV-A006]
#|     7 |         .quad 18446744073709551616
#|       |               ^~~~~~~~~~~~~~~~~~~~
#| data-range.s:8:2: error: an alignment is a power of two up to 1 MiB [IOV-A006]
#|     8 |         .balign 3
#|       |         ^~~~~~~
