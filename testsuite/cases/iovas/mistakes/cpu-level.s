# RUN: iovas --cpu=v2 %s -o %t.o
# EXIT: 1
# Instructions that the level lacks
	if r1 < 5 goto +0
	if w1 == 5 goto +0
	gotol +0
	r1 s/= 5
	r1 = bswap16 r1
	r1 = *(s8 *)(r1 + 0)
	exit
#= STDERR
#| cpu-level.s:5:2: error: 'if w1 == 5 goto +0' needs level v3 [IOV-A012]
#|     5 |         if w1 == 5 goto +0
#|       |         ^~~~~~~~~~~~~~~~~~
#|   why:  the target has v2
#| cpu-level.s:6:2: error: 'gotol +0' needs level v4 [IOV-A012]
#|     6 |         gotol +0
#|       |         ^~~~~~~~
#|   why:  the target has v2
#| cpu-level.s:7:2: error: 'r1 s/= 5' needs level v4 [IOV-A012]
#|     7 |         r1 s/= 5
#|       |         ^~~~~~~~
#|   why:  the target has v2
#| cpu-level.s:8:2: error: 'r1 = bswap16 r1' needs level v4 [IOV-A012]
#|     8 |         r1 = bswap16 r1
#|       |         ^~~~~~~~~~~~~~~
#|   why:  the target has v2
#| cpu-level.s:9:2: error: 'r1 = *(s8 *)(r1 + 0)' needs level v4 [IOV-A012]
#|     9 |         r1 = *(s8 *)(r1 + 0)
#|       |         ^~~~~~~~~~~~~~~~~~~~
#|   why:  the target has v2
