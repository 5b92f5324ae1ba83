# RUN: iovas %s -o %t.o
# EXIT: 1
# A label defined twice
again:	r0 = 0
again:	exit
#= STDERR
#| label-duplicate.s:5:1: error: again is defined twice [IOV-A009]
#|     5 | again:  exit
#|       | ^~~~~
#|   why:  label-duplicate.s:4:1: the first definition is here
#|     4 | again:  r0 = 0
#|       | ^~~~~
