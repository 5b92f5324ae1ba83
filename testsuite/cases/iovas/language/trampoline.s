# RUN: iovas --cpu=v3 %s -o %t.o
# RUN: iovdump -d --no-source %t.o | grep -e goto -e 'exit' | sed 's/<.*//; s/^[^0-9]*//'
# RUN: readelf -sW %t.o | grep FUNC | sed 's/^ *[0-9]*: //'
# Below v4 there is no gotol: a trampoline behind an exit where there is one on the way, else one that control goes
# around. Jumps to the same place share it; a number of slots means the same instruction as before.
	.func	f, global
	if r1 == 0 goto far
	if r1 == 1 goto far
	goto	farther
	if r1 == 2 goto +1
	.rept	20000
	r0 = 0
	.endr
	if r1 == 3 goto +1
	exit
	.rept	20000
	r0 = 0
	.endr
far:	r0 = 1
	.rept	30000
	r0 = 0
	.endr
farther:
	if r1 == 4 goto far
	if r1 == 5 goto -30002
	exit
	.endfunc
#= STDOUT
#| 0: if r1 == 0 goto +20005 
#| 1: if r1 == 1 goto +20004 
#| 2: goto +20004 
#| 3: if r1 == 2 goto +1 
#| 20004: if r1 == 3 goto +3 
#| 20005: exit
#| 20006: goto +20003 
#| 20007: goto +17371 
#| 37378: goto +1 
#| 37379: goto +32631 
#| 70011: if r1 == 4 goto -30002 
#| 70012: if r1 == 5 goto -30002 
#| 70013: exit
#| 0000000000000000 0x88bf0 FUNC    GLOBAL DEFAULT    1 f
