# RUN: iovas %s -o %t.o
# EXIT: 1
# An offset that does not fit
	r1 = *(u32 *)(r2 + 32768)
	stxw [r10-40000], r1
	exit
#= STDERR
#| offset-range.s:4:19: error: the offset does not fit in 16 bits (-32768 to 32767) [IOV-A006]
#|     4 |         r1 = *(u32 *)(r2 + 32768)
#|       |                          ^
#| offset-range.s:5:11: error: the offset does not fit in 16 bits (-32768 to 32767) [IOV-A006]
#|     5 |         stxw [r10-40000], r1
#|       |                  ^
