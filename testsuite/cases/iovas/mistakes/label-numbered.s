# RUN: iovas %s -o %t.o
# EXIT: 1
# 1b without a 1: before it
	goto 1b
1:	goto 1b
	exit
#= STDERR
#| label-numbered.s:4:7: error: no label 1 stands before this line [IOV-A008]
#|     4 |         goto 1b
#|       |              ^~
