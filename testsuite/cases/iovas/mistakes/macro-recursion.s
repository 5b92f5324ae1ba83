# RUN: iovas %s -o %t.o
# EXIT: 1
# A macro that calls itself without an end
	.macro forever
	forever
	.endm
	forever
	exit
#= STDERR
#| macro-recursion.s:5:2: error: macros are expanded more than 64 deep [IOV-A015]
#|     5 |         forever
#|       |         ^~~~~~~
#|   path: 1. macro-recursion.s:5:2: in the expansion of forever
#|     5 |         forever
#|       |         ^~~~~~~
#|         2. macro-recursion.s:5:2: in the expansion of forever
#|     5 |         forever
#|       |         ^~~~~~~
#|         3. macro-recursion.s:5:2: in the expansion of forever
#|     5 |         forever
#|       |         ^~~~~~~
