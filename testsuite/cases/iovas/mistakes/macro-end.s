# RUN: iovas %s -o %t.o
# EXIT: 1
# Blocks without begin or end
	.endm
	.endr
	.endif
	.else
	.endfunc
	.if 1
	.macro open
	exit
#= STDERR
#| macro-end.s:4:2: error: .endm without .macro [IOV-A017]
#|     4 |         .endm
#|       |         ^~~~~
#| macro-end.s:5:2: error: .endr without .rept [IOV-A017]
#|     5 |         .endr
#|       |         ^~~~~
#| macro-end.s:6:2: error: .endif without .if [IOV-A017]
#|     6 |         .endif
#|       |         ^~~~~~
#| macro-end.s:7:2: error: there is no .if [IOV-A017]
#|     7 |         .else
#|       |         ^~~~~
#| macro-end.s:8:2: error: .endfunc without .func [IOV-A017]
#|     8 |         .endfunc
#|       |         ^~~~~~~~
#| macro-end.s:9:2: error: this has no .endif [IOV-A017]
#|     9 |         .if 1
#|       |         ^~~
#| macro-end.s:10:2: error: this has no .endm [IOV-A017]
#|    10 |         .macro open
#|       |         ^~~~~~
