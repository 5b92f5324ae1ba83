; RUN: iovas %s -o %t.o && iovverify %t.o
; EXIT: 1
; A relocation that patches the middle of an instruction.
	.section xdp, "ax"
	.globl prog
	.type prog, @function
prog:
	r0 = 1
	exit
	.size prog, .-prog
	.reloc 4, R_BPF_64_32, prog
;= STDERR
;| %tmp/out.o: error: a relocation of prog is not at the start of an instruction [IOV-O003]
;|   at:   prog:insn 1
