# RUN: iovas %s -o %t.o
# EXIT: 1
# A symbol that is local and global
	.global f
	.local f
	.equiv a, 1
	.equiv a, 2
f:	exit
#= STDERR
#| symbol-twice.s:5:9: error: f cannot be both local and global [IOV-A009]
#|     5 |         .local f
#|       |                ^
#| symbol-twice.s:7:9: error: a is defined twice [IOV-A009]
#|     7 |         .equiv a, 2
#|       |                ^
#|   why:  symbol-twice.s:6:9: the first definition is here
#|     6 |         .equiv a, 1
#|       |                ^
