# RUN: iovas %s -o %t.o
# EXIT: 1
# An operand too many
	exit 0
	r1 = 5 6
	mov r1, r2, r3
	exit
#= STDERR
#| operand-more.s:4:7: error: nothing may follow here [IOV-A001]
#|     4 |         exit 0
#|       |              ^
#| operand-more.s:5:9: error: nothing may follow here [IOV-A001]
#|     5 |         r1 = 5 6
#|       |                ^
#| operand-more.s:6:12: error: nothing may follow here [IOV-A001]
#|     6 |         mov r1, r2, r3
#|       |                   ^
