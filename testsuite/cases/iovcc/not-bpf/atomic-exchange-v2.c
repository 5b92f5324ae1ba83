// RUN: iovcc -O2 -mcpu=v2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -mcpu=v2 -c %s -o %t.o
// EXIT: 1
long taken;

long take(void)
{
#ifndef MENDED
	return __sync_val_compare_and_swap(&taken, 0, 1);
#else
	__sync_fetch_and_add(&taken, 1);
	return 0;
#endif
}
//= STDERR
//| atomic-exchange-v2.c:9:9: error: an atomic compare-and-exchange needs -mcpu=v3; this is compiled for v2 [IOV-S014]
//|     9 |         return __sync_val_compare_and_swap(&taken, 0, 1);
//|       |                ^
//|   why:  this is in function `take`
//|   hint: v1 and v2 have one atomic operation: an addition whose result is not used
