# RUN: iovas %s -o %t.o
# EXIT: 1
# An operand is missing
	r1 +=
	add r1
	add r1,
	if r1 == goto out
	goto
	call
out:	exit
#= STDERR
#| operand-missing.s:4:7: error: a register or a value is expected here [IOV-A001]
#|     4 |         r1 +=
#|       |              ^
#| operand-missing.s:5:8: error: ',' is expected here [IOV-A001]
#|     5 |         add r1
#|       |               ^
#| operand-missing.s:6:9: error: a register or a value is expected here [IOV-A001]
#|     6 |         add r1,
#|       |                ^
#| operand-missing.s:7:11: error: a register or a value is expected here [IOV-A001]
#|     7 |         if r1 == goto out
#|       |                  ^~~~
#| operand-missing.s:8:6: error: a label or a number is expected here [IOV-A001]
#|     8 |         goto
#|       |             ^
#| operand-missing.s:9:6: error: a label or a number is expected here [IOV-A001]
#|     9 |         call
#|       |             ^
