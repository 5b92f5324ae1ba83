# RUN: iovas %s -o %t.o
# RUN: iovrun %t.o --no-timing --engine=interp
# RUN: iovrun %t.o --no-timing --engine=checked 2>&1 | head -n 1
# EXIT: 1
# Found by random programs: a loop that is walked turn by turn is accepted, but its claims are too much to record. The
# checked engine said nothing.
	.section xdp, "ax", @progbits
	.globl main
	.type main, @function
main:
	r6 = r1
	call 188
	r7 = r0
	if r0 s<= r7 goto +1
	if r0 <= 32767 goto -3
	r0 = 4
	exit
	.size main, .-main
	.section license, "aw", @progbits
	.asciz "GPL"
#= STDOUT
#| %tmp/out.o: xdp program main (interp) is verified and loaded
#| main:insn 3: error: this loop has no bound that can be proved [IOV-V070]
