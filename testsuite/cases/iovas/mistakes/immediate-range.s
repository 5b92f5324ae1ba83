# RUN: iovas %s -o %t.o
# EXIT: 1
# An immediate that does not fit
	r1 = 4294967296
	r1 += 0xffffffff
	w1 = 0x100000000
	r2 = 0xffffffff
	w2 = 0xffffffff
	exit
#= STDERR
#| immediate-range.s:4:7: error: the immediate does not fit in 32 bits [IOV-A006]
#|     4 |         r1 = 4294967296
#|       |              ^~~~~~~~~~
#|   hint: r1 = 0x100000000 ll
#| immediate-range.s:5:8: error: the immediate is sign-extended from 32 bits to 64 and would not keep this value [IOV-A006]
#|     5 |         r1 += 0xffffffff
#|       |               ^~~~~~~~~~
#|   hint: load it into a free register first: r0 = 0xffffffff ll
#| immediate-range.s:6:7: error: the immediate does not fit in 32 bits [IOV-A006]
#|     6 |         w1 = 0x100000000
#|       |              ^~~~~~~~~~~
#|   hint: r1 = 0x100000000 ll
#| immediate-range.s:7:7: error: the immediate is sign-extended from 32 bits to 64 and would not keep this value [IOV-A006]
#|     7 |         r2 = 0xffffffff
#|       |              ^~~~~~~~~~
#|   hint: r2 = 0xffffffff ll
