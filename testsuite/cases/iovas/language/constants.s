# RUN: iovas %s -o %t.o
# RUN: iovdump -d --no-source %t.o | grep "^ *[0-9]"
# The shortest load of a constant; numbers and addresses of 64 bits; names for values, before and after.
	.func	f, global
	li	r1, 5
	li	r1, -1
	li	r1, 0xffffffff
	li	r1, 0x80000000
	li	r1, 0x100000000
	li	r1, -0x80000001
	li	r1, LATER
	r1 = 0xfffffffffffffff0 ll
	r1 = LATER
	*(u32 *)(r10 - OFFSET) = LATER + 1
	ldxdw	r2, [%r10-OFFSET]
	r3 = *(u8 *)(r2)
	exit
	.endfunc
LATER = 12
OFFSET = 8
#= STDOUT
#|      0: r1 = 5
#|      1: r1 = -1
#|      2: w1 = -1
#|      3: w1 = -2147483648
#|      4: r1 = 0x100000000 ll
#|      6: r1 = 0xffffffff7fffffff ll
#|      8: r1 = 0xc ll
#|     10: r1 = 0xfffffffffffffff0 ll
#|     12: r1 = 12
#|     13: *(u32 *)(r10 - 8) = 13
#|     14: r2 = *(u64 *)(r10 - 8)
#|     15: r3 = *(u8 *)(r2 + 0)
#|     16: exit
