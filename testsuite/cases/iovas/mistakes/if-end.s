# RUN: iovas %s -o %t.o
# EXIT: 1
# A condition without an end
	.if 1
	exit
#= STDERR
#| if-end.s:4:2: error: this has no .endif [IOV-A017]
#|     4 |         .if 1
#|       |         ^~~
