; RUN: iovas %s -o %t.o && iovverify --target-btf=%t.o %t.o
; EXIT: 1
; A CO-RE record about the eighth member of a struct that has one.
	.btf
		struct flow { unsigned int source; };
		int prog(void *ctx);
	.endbtf
	.section xdp, "ax"
	.globl prog
	.type prog, @function
prog:
	.core byte_off, struct flow, "0:7"
	r0 = *(u32 *)(r1 + 0)
	r0 = 1
	exit
	.size prog, .-prog
;= STDERR
;| core.s:13:2: error: the access string "0:7" of a CO-RE record names a member that does not exist [IOV-O040]
;|    13 |         r0 = *(u32 *)(r1 + 0)
;|       |         ^
;|   at:   prog:insn 0
