// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
long bits;

long clear(void)
{
#ifndef MENDED
	return __atomic_fetch_nand(&bits, 1, __ATOMIC_SEQ_CST);
#else
	long old = bits;

	for (int i = 0; i < 8; i++) {
		long seen = __sync_val_compare_and_swap(&bits, old, ~(old & 1));

		if (seen == old)
			break;
		old = seen;
	}
	return old;
#endif
}
//= STDERR
//| atomic-nand.c:9:9: error: BPF has no atomic NAND [IOV-S014]
//|     9 |         return __atomic_fetch_nand(&bits, 1, __ATOMIC_SEQ_CST);
//|       |                ^
//|   why:  this is in function `clear`
//|   hint: add, sub, and, or, xor and exchange are atomic; others take a loop around __sync_val_compare_and_swap()
