# RUN: iovas %s -o %t.o
# RUN: iovdump --asm %t.o | sed -n '/^counts/,$p'
# RUN: iovdump --asm %t.o | iovas -o %t.2.o - && cmp %t.o %t.2.o && echo the same again
# RUN: iovdump --maps %t.o
# Maps as they were declared before BTF: struct bpf_map_def in section maps
	.section maps, "aw", @progbits
	.global counts, flows
	.type	counts, @object
	.size	counts, 20
counts:	.long	2, 4, 8, 16, 0
	.type	flows, @object
	.size	flows, 20
flows:	.long	1, 12, 40, 65536, 1
	.section xdp, "ax", @progbits
	.func	f, global
	r1 = counts ll
	r0 = 2
	exit
	.endfunc
	.license "GPL"
#= STDOUT
#| counts:
#| 	.long 2		# type: array
#| 	.long 4		# key_size
#| 	.long 8		# value_size
#| 	.long 16		# max_entries
#| 	.long 0		# map_flags
#| flows:
#| 	.long 1		# type: hash
#| 	.long 12		# key_size
#| 	.long 40		# value_size
#| 	.long 65536		# max_entries
#| 	.long 1		# map_flags
#|
#| 	.section license
#| _license:
#| 	.asciz "GPL"
#|
#| 	.section xdp
#| f:
#| 	r1 = counts ll
#| 	r0 = 2
#| 	exit
#| 	.size f, .-f
#| the same again
#|
#| map counts: array
#|   key      4 bytes
#|   value    8 bytes
#|   entries  16
#|
#| map flows: hash
#|   key      12 bytes
#|   value    40 bytes
#|   entries  65536
#|   flags    no_prealloc
