# RUN: iovas %s -o %t.o
# EXIT: 1
# An instruction that does not exist, with a suggestion
	moov r1, r2
	ldxh32 r1, [r2+2]
	jeqq r1, 5, out
	frobnicate r1
out:	exit
#= STDERR
#| mnemonic-unknown.s:4:2: error: there is no instruction 'moov' [IOV-A002]
#|     4 |         moov r1, r2
#|       |         ^~~~
#|   hint: did you mean 'mov'?
#| mnemonic-unknown.s:5:2: error: there is no instruction 'ldxh32' [IOV-A002]
#|     5 |         ldxh32 r1, [r2+2]
#|       |         ^~~~~~
#|   hint: did you mean 'ldxh'?
#| mnemonic-unknown.s:6:2: error: there is no instruction 'jeqq' [IOV-A002]
#|     6 |         jeqq r1, 5, out
#|       |         ^~~~
#|   hint: did you mean 'jeq'?
#| mnemonic-unknown.s:7:2: error: there is no instruction 'frobnicate' [IOV-A002]
#|     7 |         frobnicate r1
#|       |         ^~~~~~~~~~
