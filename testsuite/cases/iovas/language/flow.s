# RUN: iovas -D DEPTH=3 %s -o %t.o
# RUN: iovdump -d --no-source %t.o | grep "[0-9]: "
# Macros with defaults, named arguments, \@ and an end by .if; repetitions; conditions; numbered labels.
	.macro	step reg, by=1
	\reg += \by
	.endm
	.macro	countdown n
	.if \n
	r1 = \n
	countdown \n-1
	.endif
	.endm
	.macro	skip_if_zero reg:req
	if \reg == 0 goto .Lskip\@
	\reg = 0
.Lskip\@:
	.endm
	.func	f, global
	step	r1
	step	by=5, reg=r2
	countdown DEPTH
	skip_if_zero r3
	skip_if_zero r4
	.rept	2
	r5 ^= r6
	.endr
	.irp	r, r1, r2
	\r = -\r
	.endr
1:	r0 = 0
	if r0 != 0 goto 1b
	if r0 == 0 goto 1f
	.ifdef	nowhere
	broken
	.elseif	DEPTH > 2
	r0 = (DEPTH << 2 | 1) * -2 % 7
	.else
	broken
	.endif
1:	exit
	.endfunc
#= STDOUT
#|         0: r1 += 1
#|         1: r2 += 5
#|         2: r1 = 3
#|         3: r1 = 2
#|         4: r1 = 1
#|  ,-     5: if r3 == 0 goto +1 <L1>
#|  |      6: r3 = 0
#| ,+>     7: if r4 == 0 goto +1 <L2>
#| |       8: r4 = 0
#| '->     9: r5 ^= r6
#|        10: r5 ^= r6
#|        11: r1 = -r1
#|        12: r2 = -r2
#|  ,>    13: r0 = 0
#|  '-    14: if r0 != 0 goto -2 <L3>
#|  ,-    15: if r0 == 0 goto +1 <L4>
#|  |     16: r0 = -5
#|  '>    17: exit
