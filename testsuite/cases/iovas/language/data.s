# RUN: iovas %s -o %t.o
# RUN: readelf -x .data -x .rodata %t.o | grep 0x
# RUN: readelf -rW %t.o | grep R_BPF | cut -c1-17,34-
# RUN: readelf -sW %t.o | grep -e OBJECT -e FUNC | sed 's/^ *[0-9]*: //'
# Data, padding, differences of labels, addresses, symbols.
	.data
	.byte	1, -1, 'a', 0b101, 017
	.balign	4
	.short	0x1234, end - start
	.long	-1, later
	.quad	f, start + 4
start:	.ascii	"a\n\x41\101"
	.asciz	"b" "c"
end:	.fill	2, 2, 0x0102
	.zero	2, 0xee
	.p2align 3, 0xcc
	.org	. + 3, 0xaa
	.uleb128 300, end - start
	.sleb128 -300
later = 7
	.section .rodata
	.globl	table
	.type	table, @object
table:	.byte	1
	.pushsection .text
	.func	f, static
	exit
	.endfunc
	.popsection
	.byte	2
	.size	table, . - table
	.local	hidden_one
	.comm	hidden_one, 8, 8
	.comm	common_one, 16, 8
	.weak	weak_one
	.quad	weak_one
#= STDOUT
#|   0x00000000 01ff6105 0f000000 34120800 ffffffff ..a.....4.......
#|   0x00000010 07000000 00000000 00000000 28000000 ............(...
#|   0x00000020 00000000 610a4141 62006300 02010201 ....a.AAb.c.....
#|   0x00000030 eeeecccc cccccccc aaaaaaac 0208d47d ...............}
#|   0x00000000 01020000 00000000 0000              ..........
#| 0000000000000014 2 R_BPF_INSN_32          0000000000000000 .text
#| 000000000000001c 2 R_BPF_INSN_32          0000000000000000 .data
#| 0000000000000002 2 R_BPF_INSN_32          0000000000000000 weak_one
#| 0000000000000000     8 FUNC    LOCAL  DEFAULT    5 f
#| 0000000000000000     8 OBJECT  LOCAL  DEFAULT    6 hidden_one
#| 0000000000000000     2 OBJECT  GLOBAL DEFAULT    3 table
#| 0000000000000008    16 OBJECT  GLOBAL DEFAULT  COM common_one
