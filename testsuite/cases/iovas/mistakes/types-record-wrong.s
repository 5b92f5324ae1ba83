# RUN: iovas %s -o %t.o
# EXIT: 1
# IOV-A105: records that say what their type does not have, or that no instruction follows
	.btf
	struct flow { __u32 addr; __u16 port[4]; };
	enum verdict { PASS, DROP };
	int count(void);
	.endbtf
	.text
	.btf_func cuont
	.func count, global
	.core byte_off, struct flow, .adr
	r0 = 0
	.core byte_off, struct flow, .port[4]
	r0 = 0
	.core enumval_value, enum verdict, REJECT
	r0 = 0
	exit
	.line "count.c", 3
	.endfunc
#= STDERR
#| types-record-wrong.s:10:12: error: cuont is not a function of a .btf block [IOV-A102]
#|    10 |         .btf_func cuont
#|       |                   ^~~~~
#| types-record-wrong.s:12:32: error: this does not lead to a member, element or enumerator of the type [IOV-A105]
#|    12 |         .core byte_off, struct flow, .adr
#|       |                                       ^~~
#| types-record-wrong.s:16:37: error: this does not lead to a member, element or enumerator of the type [IOV-A105]
#|    16 |         .core enumval_value, enum verdict, REJECT
#|       |                                            ^~~~~~
#| types-record-wrong.s:19:8: error: no instruction of section .text follows [IOV-A105]
#|    19 |         .line "count.c", 3
#|       |               ^~~~~~~~~
