# RUN: iovas %s -o %t.o && test -s %t.o && echo written
# A warning alone: the object is written
	.ifndef RATE
	.warning "RATE is not given, 1000 is taken"
	.set	RATE, 1000
	.endif
	r0 = RATE
	exit
#= STDOUT
#| written
#= STDERR
#| directive-warning.s:4:2: warning: RATE is not given, 1000 is taken [IOV-A020]
#|     4 |         .warning "RATE is not given, 1000 is taken"
#|       |         ^~~~~~~~
