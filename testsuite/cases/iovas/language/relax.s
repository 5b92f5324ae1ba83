# RUN: iovas %s -o %t.o
# RUN: iovdump -d --no-source %t.o | grep goto | sed 's/<.*//; s/^[^ 0-9]*//'
# RUN: readelf -sW %t.o | grep FUNC | sed 's/^ *[0-9]*: //'
# Jumps beyond 16 bits go through gotol; those that reach stay as they are, sizes and labels follow.
	.func	f, global
	if r1 == 0 goto far
	if w1 s> 5 goto far
	if r1 & 1 goto far
	if r1 != 0 goto near
	goto	far
near:	goto	+1
	.rept	33000
	r0 = 0
	.endr
far:	if r1 == 5 goto near
	r0 = 0
	exit
	.endfunc
#= STDOUT
#|  ,-     0: if r1 != 0 goto +1 
#|  |      1: gotol +33008 
#|      2: if w1 s
#|        3: gotol +33006 
#|      4: if r1 & 1 goto +1 
#|      5: goto +1 
#|      6: gotol +33003 
#|      7: if r1 != 0 goto +1 
#|  |      8: gotol +33001 
#|      9: goto +1 
#|  ,- 33010: if r1 != 5 goto +1 
#|  |  33011: gotol -33003 
#| 0000000000000000 0x407b0 FUNC    GLOBAL DEFAULT    1 f
