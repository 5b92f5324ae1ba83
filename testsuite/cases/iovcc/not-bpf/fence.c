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
//|   hint: use __sync_fetch_and_add() or another atomic operation that returns the old value
