// RUN: iovcc -O2 -mcpu=v1 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -mcpu=v1 -c %s -o %t.o
// EXIT: 1
int counter;

int next(void)
{
#ifndef MENDED
	return __sync_fetch_and_add(&counter, 1);
#else
	__sync_fetch_and_add(&counter, 1);
	return 0;
#endif
}
//= STDERR
//| atomic-result-v1.c:9:9: error: the result of an atomic addition needs -mcpu=v3; this is compiled for v1 [IOV-S014]
//|     9 |         return __sync_fetch_and_add(&counter, 1);
//|       |                ^
//|   why:  this is in function `next`
//|   hint: v1 and v2 have one atomic operation: an addition whose result is not used
