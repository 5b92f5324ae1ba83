// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
long clear(long *bits)
{
	return __atomic_fetch_nand(bits, 1, __ATOMIC_SEQ_CST);
}
//= STDERR
//| atomic-nand.c:5:9: error: BPF has no atomic NAND [IOV-S014]
//|     5 |         return __atomic_fetch_nand(bits, 1, __ATOMIC_SEQ_CST);
//|       |                ^
//|   why:  this is in function `clear`
//|   hint: add, sub, and, or, xor and exchange are atomic; others take a loop around __sync_val_compare_and_swap()
