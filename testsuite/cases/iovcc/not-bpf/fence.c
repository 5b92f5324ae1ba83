// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int ready;

int order(void)
{
#ifndef MENDED
	__sync_synchronize();
	return ready;
#else
	return __sync_fetch_and_add(&ready, 0);
#endif
}
//= STDERR
//| fence.c:9:2: error: BPF has no memory fence [IOV-S015]
//|     9 |         __sync_synchronize();
//|       |         ^
//|   why:  this is in function `order`
//|   hint: __sync_fetch_and_add() and the other atomic operations that return the old value order memory fully; against the compiler alone: asm volatile("" ::: "memory")
