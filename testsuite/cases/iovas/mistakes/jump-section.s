# RUN: iovas %s -o %t.o
# EXIT: 1
# A jump into another section
	goto there
	.section other,"ax"
there:	exit
#= STDERR
#| jump-section.s:4:7: error: a jump cannot leave its section: there is in section other [IOV-A010]
#|     4 |         goto there
#|       |              ^~~~~
