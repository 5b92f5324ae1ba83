# RUN: iovas %s -o %t.o
# EXIT: 1
# IOV-A101: records that cannot be read
	.text
	.func count, global
	.core byteoff, struct flow, .addr
	r0 = 0
	.core byte_off
	r0 = 0
	.line 12
	r0 = 0
	.line "count.c", 5000000
	exit
	.endfunc
#= STDERR
#| types-record.s:6:8: error: kinds of CO-RE records are byte_off, byte_sz, field_exists, signed, lshift_u64, rshift_u64, local_type_id, target_type_id, type_exists, type_size, enumval_exists, enumval_value, type_matches [IOV-A101]
#|     6 |         .core byteoff, struct flow, .addr
#|       |               ^~~~~~~
#| types-record.s:8:16: error: expected , after the kind, not the end [IOV-A101]
#|     8 |         .core byte_off
#|       |                       ^
#| types-record.s:10:8: error: the first .line names its file: .line "file.c", 12:7 [IOV-A101]
#|    10 |         .line 12
#|       |               ^~
#| types-record.s:12:19: error: a line number is at most 4194303 [IOV-A101]
#|    12 |         .line "count.c", 5000000
#|       |                          ^~~~~~~
