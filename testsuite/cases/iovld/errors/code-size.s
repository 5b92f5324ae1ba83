; RUN: iovas %s -o %t.o && iovld --no-verify -r %t.o -o %t.module.o
; EXIT: 1
; Data in a section of code, behind its functions and without any.
	.license "GPL"
	.section xdp, "ax"
	.func pass, global
	r0 = 2
	exit
	.endfunc
	.byte 1, 2
	.section table, "ax"
	.long 7
;= STDERR
;| %tmp/out.o: error: section xdp is marked as code and has 18 bytes, which are not whole instructions of 8 bytes each [IOV-O036]
;|   hint: put data into a section of its own that is not executable, such as .rodata
;| %tmp/out.o: error: section table is marked as code and has 4 bytes, which are not whole instructions of 8 bytes each [IOV-O036]
;|   hint: put data into a section of its own that is not executable, such as .rodata
