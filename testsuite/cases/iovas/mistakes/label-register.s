# RUN: iovas %s -o %t.o
# EXIT: 1
# A register's name as a label or symbol
r1:	exit
	.set r2, 5
#= STDERR
#| label-register.s:4:1: error: a register cannot be used as a label [IOV-A001]
#|     4 | r1:     exit
#|       | ^~
#| label-register.s:5:7: error: a register cannot be used as a name [IOV-A001]
#|     5 |         .set r2, 5
#|       |              ^~
