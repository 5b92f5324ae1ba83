# RUN: iovas %s -o %t.o
# EXIT: 1
# The wrong dialect
	.syntax mnemonic
	mov r1, 5
	r1 = 5
	.syntax kernel
	mov r1, 5
	.syntax gnu
	.syntax auto
	mov r1, 5
	r1 = 5
	exit
#= STDERR
#| dialect.s:6:2: error: this is written in the kernel dialect, but .syntax says mnemonic [IOV-A011]
#|     6 |         r1 = 5
#|       |         ^~
#| dialect.s:8:2: error: this is written in the mnemonic dialect, but .syntax says kernel [IOV-A011]
#|     8 |         mov r1, 5
#|       |         ^~~
#| dialect.s:9:10: error: a dialect is auto, kernel or mnemonic [IOV-A001]
#|     9 |         .syntax gnu
#|       |                 ^~~
