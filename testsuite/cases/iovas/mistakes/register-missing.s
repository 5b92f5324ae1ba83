# RUN: iovas %s -o %t.o
# EXIT: 1
# A number where a register has to stand
	r1 = *(u32 *)(12 + 4)
	ldxw r1, [12+4]
	exit
#= STDERR
#| register-missing.s:4:16: error: a register is expected here [IOV-A001]
#|     4 |         r1 = *(u32 *)(12 + 4)
#|       |                       ^~
#| register-missing.s:5:12: error: a register is expected here [IOV-A001]
#|     5 |         ldxw r1, [12+4]
#|       |                   ^~
