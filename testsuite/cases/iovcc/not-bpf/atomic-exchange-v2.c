// RUN: iovcc -O2 -mcpu=v2 -c %s -o %t.o
// EXIT: 1
long take(long *lock)
{
	return __sync_val_compare_and_swap(lock, 0, 1);
}
//= STDERR
//| atomic-exchange-v2.c:5:9: error: an atomic compare-and-exchange needs -mcpu=v3; this is compiled for v2 [IOV-S014]
//|     5 |         return __sync_val_compare_and_swap(lock, 0, 1);
//|       |                ^
//|   why:  this is in function `take`
//|   hint: v1 and v2 have one atomic operation: an addition whose result is not used
