# RUN: iovas %s -o %t.o
# EXIT: 1
# A register that does not exist
	r11 = 5
	exit
#= STDERR
#| register-unknown.s:4:2: error: there is no register r11: they are r0 to r10, and w0 to w10 for 32 bits [IOV-A004]
#|     4 |         r11 = 5
#|       |         ^~~
