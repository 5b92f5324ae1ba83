// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#ifndef MENDED
char lock;
#else
unsigned int lock;
#endif

int take(void)
{
	return __sync_val_compare_and_swap(&lock, 0, 1);
}
//= STDERR
//| atomic-byte-compare.c:12:9: error: BPF has atomic operations on 4 and 8 bytes, not on 1 [IOV-S014]
//|    12 |         return __sync_val_compare_and_swap(&lock, 0, 1);
//|       |                ^
//|   why:  this is in function `take`
//|   hint: make the variable a __u32 or __u64
