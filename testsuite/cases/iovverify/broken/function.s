; RUN: iovas %s -o %t.o && iovverify %t.o
; EXIT: 1
; A function that ends inside an instruction.
	.section xdp, "ax"
	.globl prog
	.type prog, @function
prog:
	r0 = 1
	exit
	.size prog, 12
;= STDERR
;| %tmp/out.o: error: function prog covers bytes 0 to 12 of section xdp, which are not its own whole instructions [IOV-O030]
;|   hint: in assembly, .size or .endfunc ends each function before the next begins
