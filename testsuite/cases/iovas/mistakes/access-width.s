# RUN: iovas %s -o %t.o
# EXIT: 1
# An access of a width that does not exist
	r1 = *(u24 *)(r2 + 0)
	*(int *)(r1 + 0) = r2
	ldxq r1, [r2]
	w1 = *(u64 *)(r2 + 0)
	lock *(u8 *)(r1 + 0) += r2
	exit
#= STDERR
#| access-width.s:4:9: error: there is no access of the width 'u24' [IOV-A007]
#|     4 |         r1 = *(u24 *)(r2 + 0)
#|       |                ^~~
#|   hint: u8, u16, u32 or u64, and s8, s16 or s32 to extend the sign
#| access-width.s:5:4: error: there is no access of the width 'int' [IOV-A007]
#|     5 |         *(int *)(r1 + 0) = r2
#|       |           ^~~
#|   hint: u8, u16, u32 or u64
#| access-width.s:6:2: error: there is no instruction 'ldxq' [IOV-A002]
#|     6 |         ldxq r1, [r2]
#|       |         ^~~~
#|   hint: did you mean 'ldxb'?
#| access-width.s:7:9: error: there is no access of the width 'u64' [IOV-A007]
#|     7 |         w1 = *(u64 *)(r2 + 0)
#|       |                ^~~
#|   hint: a w register takes u8, u16 or u32
#| access-width.s:8:9: error: there is no access of the width 'u8' [IOV-A007]
#|     8 |         lock *(u8 *)(r1 + 0) += r2
#|       |                ^~
#|   hint: atomic operations have u32 and u64
