# RUN: iovas %s -o %t.o
# EXIT: 1
# Expressions that come to nothing
	r1 = 5 / 0
	r1 = 08
	r1 = 0x
	r1 = 12q
	r1 = (undefined1 + 1) * 2
	.if later
	.endif
later = 1
	.zero -1
	exit
#= STDERR
#| expression.s:4:9: error: this divides by zero [IOV-A006]
#|     4 |         r1 = 5 / 0
#|       |                ^
#| expression.s:5:7: error: '8' is no digit of an octal (0…) number [IOV-A001]
#|     5 |         r1 = 08
#|       |              ^~
#| expression.s:6:7: error: a number is expected here [IOV-A001]
#|     6 |         r1 = 0x
#|       |              ^~
#| expression.s:7:7: error: 'q' is no digit of a decimal number [IOV-A001]
#|     7 |         r1 = 12q
#|       |              ^~~
#| expression.s:8:7: error: undefined1 is not defined [IOV-A008]
#|     8 |         r1 = (undefined1 + 1) * 2
#|       |              ^
#| expression.s:9:6: error: a number that is known here is needed [IOV-A001]
#|     9 |         .if later
#|       |             ^~~~~
#| expression.s:12:8: error: the number of bytes must be between 0 and 1 GiB [IOV-A006]
#|    12 |         .zero -1
#|       |               ^
