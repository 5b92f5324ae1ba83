# RUN: iovas %s -o %t.o
# EXIT: 1
# Brackets that are not closed
	r1 = *(u32 *)(r2 + 4
	ldxw r1, [r2+4
	r1 = (1 + 2
	exit
#= STDERR
#| parenthesis.s:4:22: error: ')' is expected here [IOV-A001]
#|     4 |         r1 = *(u32 *)(r2 + 4
#|       |                             ^
#| parenthesis.s:5:16: error: ']' is expected here [IOV-A001]
#|     5 |         ldxw r1, [r2+4
#|       |                       ^
#| parenthesis.s:6:7: error: this parenthesis is not closed [IOV-A001]
#|     6 |         r1 = (1 + 2
#|       |              ^
