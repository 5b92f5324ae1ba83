// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
void order(void)
{
	__sync_synchronize();
}
//= STDERR
//| fence.c:5:2: error: BPF has no memory fence [IOV-S015]
//|     5 |         __sync_synchronize();
//|       |         ^
//|   why:  this is in function `order`
//|   hint: __sync_fetch_and_add() and the other atomic operations that return the old value order memory fully; against the compiler alone: asm volatile("" ::: "memory")
