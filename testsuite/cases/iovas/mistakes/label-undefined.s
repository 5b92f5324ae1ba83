# RUN: iovas %s -o %t.o
# EXIT: 1
# A label that stands nowhere, used twice, is said once
	if r1 == 0 goto donne
	if r2 == 0 goto donne
done:	exit
	goto 1f
#= STDERR
#| label-undefined.s:4:18: error: donne is not defined [IOV-A008]
#|     4 |         if r1 == 0 goto donne
#|       |                         ^~~~~
#|   hint: did you mean 'done'?
#| label-undefined.s:7:7: error: no such label stands after this line [IOV-A008]
#|     7 |         goto 1f
#|       |              ^~
