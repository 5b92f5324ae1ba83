# RUN: iovas %s -o %t.o
# EXIT: 1
# Wrong arguments of a macro
	.macro swap a:req, b:req
	r0 = \a
	\a = \b
	\b = r0
	.endm
	swap r1
	swap r1, r2, r3
	swap r1, 5
	swap r1, r2
	exit
#= STDERR
#| macro-arguments.s:7:6: error: a number or symbol is expected here, not a register [IOV-A001]
#|     7 |         5 = r0
#|       |             ^~
#|   path: 1. macro-arguments.s:11:2: in the expansion of swap
#|    11 |         swap r1, 5
#|       |         ^~~~
#| macro-arguments.s:9:2: error: the argument b is missing [IOV-A001]
#|     9 |         swap r1
#|       |         ^~~~
#| macro-arguments.s:10:15: error: macro swap takes 2 arguments [IOV-A001]
#|    10 |         swap r1, r2, r3
#|       |                      ^~
