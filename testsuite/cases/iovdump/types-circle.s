# RUN: iovas %s -o %t.o
# RUN: iovdump --asm %t.o
# EXIT: 1
# IOV-A106: a pointer to an array of that very pointer: no compiler writes this, and C has no words for it
	.section .BTF, "", @progbits
	.short	0xeb9f
	.byte	1, 0
	.long	24, 0, strings - types, strings - types, end - strings
types:	.long	0, 2 << 24, 2			# 1: pointer to 2
	.long	0, 3 << 24, 0, 1, 3, 4		# 2: array of 4 of 1
	.long	1, 1 << 24, 4, 1 << 24 | 32	# 3: int
strings:
	.asciz	"", "int"
end:
	.text
	exit
#= STDERR
#| %tmp/out.o: error: the types of this object hold one that refers to itself without a name in between [IOV-A106]
