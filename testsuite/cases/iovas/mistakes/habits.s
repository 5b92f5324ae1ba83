# RUN: iovas %s -o %t.o
# EXIT: 1
# Habits from C and from other machines
	.map	flows, type=hash, key=4, value=8, entries=4
	r1++
	r1 = r2 + 5
	mov	r1, r2 + 5
	if (r1 > r2) goto out
	*(u32 *)(r1 + 0) += r2
	lock *(u16 *)(r1 + 0) += r2
	r1 = *(r2 + 0)
	r1 = flows
	r1 = &flows
	r1 = -r2
	r1 = *(u8 *)skb[12]
	add	r1, 0x100000000
	if r1 == 0 goto +40000
	nop
	jmp	out
out:	return
#= STDERR
#| habits.s:5:4: error: an operator such as = or += is expected here [IOV-A001]
#|     5 |         r1++
#|       |           ^
#|   hint: r1 += 1
#| habits.s:6:10: error: nothing may follow here [IOV-A001]
#|     6 |         r1 = r2 + 5
#|       |                 ^
#|   hint: one operation in a line: r1 = r2, and then r1 += 5
#| habits.s:7:13: error: nothing may follow here [IOV-A001]
#|     7 |         mov     r1, r2 + 5
#|       |                        ^
#|   hint: one operation in a line: mov r1, r2, and then add r1, 5
#| habits.s:8:5: error: a register is expected here [IOV-A001]
#|     8 |         if (r1 > r2) goto out
#|       |            ^
#|   hint: comparisons stand without parentheses: if r1 > r2 goto L
#| habits.s:9:19: error: '=' is expected here [IOV-A001]
#|     9 |         *(u32 *)(r1 + 0) += r2
#|       |                          ^
#|   hint: memory is changed atomically: lock *(u64 *)(r1 + 0) += r2
#| habits.s:10:9: error: there is no access of the width 'u16' [IOV-A007]
#|    10 |         lock *(u16 *)(r1 + 0) += r2
#|       |                ^~~
#|   hint: atomic operations have u32 and u64
#| habits.s:11:9: error: the width of the access is missing [IOV-A007]
#|    11 |         r1 = *(r2 + 0)
#|       |                ^~
#|   hint: *(u32 *)(r2 + 0): u8, u16, u32 or u64
#| habits.s:12:7: error: a number is needed here, not an address [IOV-A001]
#|    12 |         r1 = flows
#|       |              ^~~~~
#|   hint: r1 = flows ll, or lddw r1, flows
#| habits.s:13:7: error: a value is expected here [IOV-A001]
#|    13 |         r1 = &flows
#|       |              ^
#|   hint: the address of a symbol needs no '&': r1 = NAME ll, or lddw r1, NAME
#| habits.s:14:8: error: only r1 can stand here: operand and result are one register [IOV-A004]
#|    14 |         r1 = -r2
#|       |               ^~
#| habits.s:15:2: error: only r0 can stand here: the instruction works on r0 and on no other register [IOV-A004]
#|    15 |         r1 = *(u8 *)skb[12]
#|       |         ^~
#| habits.s:16:10: error: the immediate does not fit in 32 bits [IOV-A006]
#|    16 |         add     r1, 0x100000000
#|       |                     ^~~~~~~~~~~
#|   hint: load it into a free register first: lddw r0, 0x100000000
#| habits.s:17:18: error: the distance does not fit in 16 bits [IOV-A006]
#|    17 |         if r1 == 0 goto +40000
#|       |                         ^
#| habits.s:18:2: error: there is no instruction 'nop' [IOV-A002]
#|    18 |         nop
#|       |         ^~~
#|   hint: did you mean 'goto +0'?
#| habits.s:19:2: error: there is no instruction 'jmp' [IOV-A002]
#|    19 |         jmp     out
#|       |         ^~~
#|   hint: did you mean 'goto'?
#| habits.s:20:6: error: there is no instruction 'return' [IOV-A002]
#|    20 | out:    return
#|       |         ^~~~~~
#|   hint: did you mean 'exit'?
