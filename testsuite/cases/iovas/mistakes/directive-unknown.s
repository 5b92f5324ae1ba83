# RUN: iovas %s -o %t.o
# EXIT: 1
# A directive that does not exist
	.sectoin .data
	.asciiz "x"
	.frobnicate
	exit
#= STDERR
#| directive-unknown.s:4:2: error: there is no directive .sectoin [IOV-A003]
#|     4 |         .sectoin .data
#|       |         ^~~~~~~~
#|   hint: did you mean '.section'?
#| directive-unknown.s:5:2: error: there is no directive .asciiz [IOV-A003]
#|     5 |         .asciiz "x"
#|       |         ^~~~~~~
#|   hint: did you mean '.ascii'?
#| directive-unknown.s:6:2: error: there is no directive .frobnicate [IOV-A003]
#|     6 |         .frobnicate
#|       |         ^~~~~~~~~~~
