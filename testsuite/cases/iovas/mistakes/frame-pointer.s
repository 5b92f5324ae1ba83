# RUN: iovas %s -o %t.o
# EXIT: 1
# R10 is read-only
	r10 += -8
	r10 = *(u64 *)(r1 + 0)
	mov r10, 5
	r10 = 5 ll
	exit
#= STDERR
#| frame-pointer.s:4:2: error: r10 cannot be written [IOV-A005]
#|     4 |         r10 += -8
#|       |         ^~~
#| frame-pointer.s:5:2: error: r10 cannot be written [IOV-A005]
#|     5 |         r10 = *(u64 *)(r1 + 0)
#|       |         ^~~
#| frame-pointer.s:6:6: error: r10 cannot be written [IOV-A005]
#|     6 |         mov r10, 5
#|       |             ^~~
#| frame-pointer.s:7:2: error: r10 cannot be written [IOV-A005]
#|     7 |         r10 = 5 ll
#|       |         ^~~
