# RUN: iovas %s -o %t.o
# RUN: iovdump -d --no-source %t.o | grep "[0-9]: "
; a line that objdump printed
	.func	f, global	# to the end
	r0 = 1; r0 += 2; /* between */ r0 += 3	// to the end
	r0 = /* in
		   two lines */ 4
	"a label with blanks": r0 = ';'
	goto "a label with blanks"
	exit
	.endfunc
#= STDOUT
#|        0: r0 = 1
#|        1: r0 += 2
#|        2: r0 += 3
#|        3: r0 = 4
#| ,>     4: r0 = 59
#| '-     5: goto -2 <L1>
#|        6: exit
