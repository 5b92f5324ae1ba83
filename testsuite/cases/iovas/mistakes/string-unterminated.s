# RUN: iovas %s -o %t.o
# EXIT: 1
# A string without an end
	.data
	.asciz "no end
	.asciz "wrong \q escape"
	.asciz no quotes
	.asciz "good"
#= STDERR
#| string-unterminated.s:5:9: error: this string has no end [IOV-A014]
#|     5 |         .asciz "no end
#|       |                ^~~~~~~
#| string-unterminated.s:6:16: error: there is no escape \q [IOV-A014]
#|     6 |         .asciz "wrong \q escape"
#|       |                       ^~
#| string-unterminated.s:7:9: error: a string in quotes is expected here [IOV-A001]
#|     7 |         .asciz no quotes
#|       |                ^~
