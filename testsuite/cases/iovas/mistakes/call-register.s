# RUN: iovas %s -o %t.o
# EXIT: 1
# Calls of what cannot be called
	call r1
	call 5 + x
	call ""
	exit
x = 1
#= STDERR
#| call-register.s:6:7: error: a name cannot be empty [IOV-A001]
#|     6 |         call ""
#|       |              ^~
