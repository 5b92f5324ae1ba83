# RUN: iovas -D ENTRIES=100000 %s -o %t.o
# EXIT: 1
# What the source itself asks for: .error and .err are mistakes, .warning is none
	.if	ENTRIES > 65536
	.error	"the table holds at most 65536 entries"
	.endif
	.ifndef RATE
	.warning "RATE is not given, 1000 is taken"
	.endif
	.if	0
	.error	"never seen"
	.endif
	.macro	limit n
	.if	\n > 8
	.error	"no more than 8"
	.endif
	.endm
	limit	8
	limit	9
	.err
	exit
#= STDERR
#| directive-error.s:5:2: error: the table holds at most 65536 entries [IOV-A019]
#|     5 |         .error  "the table holds at most 65536 entries"
#|       |         ^~~~~~
#| directive-error.s:8:2: warning: RATE is not given, 1000 is taken [IOV-A020]
#|     8 |         .warning "RATE is not given, 1000 is taken"
#|       |         ^~~~~~~~
#| directive-error.s:15:2: error: no more than 8 [IOV-A019]
#|    15 |         .error  "no more than 8"
#|       |         ^~~~~~
#|   path: 1. directive-error.s:19:2: in the expansion of limit
#|    19 |         limit   9
#|       |         ^~~~~
#| directive-error.s:20:2: error: .error [IOV-A019]
#|    20 |         .err
#|       |         ^~~~
