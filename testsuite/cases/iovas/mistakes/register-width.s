# RUN: iovas %s -o %t.o
# EXIT: 1
# A 32-bit register beside a 64-bit one
	r1 += w2
	if w1 == r2 goto +0
	exit
#= STDERR
#| register-width.s:4:8: error: a 64-bit register is expected here: r2 [IOV-A004]
#|     4 |         r1 += w2
#|       |               ^~
#| register-width.s:5:11: error: a 32-bit register is expected here: w2 [IOV-A004]
#|     5 |         if w1 == r2 goto +0
#|       |                  ^~
