# RUN: iovas %s -o %t.o
# EXIT: 1
# One mistake, one message: whose .endfunc is whose is not known behind it.
	.section xdp, "ax"
	.func f
	r0 = 0
	.func g
	r0 = 1
	exit
	.endfunc g
	exit
	.endfunc f

	.func h
	r0 = 2
	exit
	.endfunc
#= STDERR
#| functions-nested.s:7:2: error: a function begins inside another [IOV-A017]
#|     7 |         .func g
#|       |         ^~~~~
#|   why:  functions-nested.s:5:8: f has no .endfunc yet
#|     5 |         .func f
#|       |               ^
