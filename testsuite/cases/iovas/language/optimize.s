# RUN: iovas -O %s -o %t.o
# RUN: iovdump -d --no-source %t.o
# Each rule of -O once; what looks alike but has to stay stands beside it.
	.macro	begin name
	.func	\name, global
	.endm
	.macro	end
	r0 = 2
	exit
	.endfunc
	.endm
	begin	nothing
	r6 = r6
	w6 = w6			# zeroes the upper half: stays
	r6 += 0
	w6 += 0			# likewise
	r6 *= 1
	r6 &= -1
	r6 = 0			# says something
	r6 ^= r6
	end
	begin	constants
	r1 = 5 ll
	r2 = -5 ll
	r3 = 0xfffffffb ll
	r4 = 0x1fffffffb ll	# no shorter form
	r5 = constants ll	# an address
	end
	begin	extensions
	w1 += w2
	w1 = w1
	r3 = *(u16 *)(r10 - 8)
	r3 &= 65535
	r4 = *(u16 *)(r10 - 8)
	r4 &= 255		# stays
	r5 <<= 32
	r5 >>= 32
	r6 <<= 32
	r6 s>>= 32
	w7 += 1
	if r1 > 5 goto entered
	w7 += 2
entered:
	w7 = w7			# stays: somebody else comes here
	end
	begin	jumps
	if r1 == 0 goto next
next:	goto	next2
next2:	if r1 == 1 goto over
	goto	out
over:	if r1 & 1 goto over2	# has no opposite
	goto	out
over2:	if r1 == 3 goto hop
	r1 = 4
hop:	goto	hop2
	r1 = 5			# nobody comes here
	call	bpf_ktime_get_ns
hop2:	goto	out2
out:	r0 = 1
	exit
out2:
	end
	begin	overwritten
	r1 = 1
	r1 = r2
	r3 = 3
	r3 = *(u8 *)(r3 + 0)	# reads it
	r4 = 4
	r4 += 1
	end
#= STDOUT
#|
#| nothing: # section .text, 6 instructions
#|      0: w6 = w6
#|      1: w6 += 0
#|      2: r6 = 0
#|      3: r6 ^= r6
#|      4: r0 = 2
#|      5: exit
#|
#| constants: # section .text, 9 instructions
#|      0: r1 = 5
#|      1: r2 = -5
#|      2: w3 = -5
#|      3: r4 = 0x1fffffffb ll
#|      5: r5 = pc-6 <constants> ll
#|      7: r0 = 2
#|      8: exit
#|
#| extensions: # section .text, 12 instructions
#|        0: w1 += w2
#|        1: r3 = *(u16 *)(r10 - 8)
#|        2: r4 = *(u16 *)(r10 - 8)
#|        3: r4 &= 255
#|        4: w5 = w5
#|        5: r6 = (s32)r6
#|        6: w7 += 1
#| ,-     7: if r1 > 5 goto +1 <L1>
#| |      8: w7 += 2
#| | L1:
#| '>     9: w7 = w7
#|       10: r0 = 2
#|       11: exit
#|
#| jumps: # section .text, 10 instructions
#| ,----     0: if r1 != 1 goto +5 <L2>
#| |  ,-     1: if r1 & 1 goto +1 <L1>
#| | ,+-     2: goto +3 <L2>
#| | || L1:
#| |,++>     3: if r1 == 3 goto +4 <L3>
#| |||       4: r1 = 4
#| |||,-     5: goto +2 <L3>
#| |||| L2:
#| '+'+>     6: r0 = 1
#|  | |      7: exit
#|  | | L3:
#|  '-'>     8: r0 = 2
#|           9: exit
#|
#| overwritten: # section .text, 7 instructions
#|      0: r1 = r2
#|      1: r3 = 3
#|      2: r3 = *(u8 *)(r3 + 0)
#|      3: r4 = 4
#|      4: r4 += 1
#|      5: r0 = 2
#|      6: exit
