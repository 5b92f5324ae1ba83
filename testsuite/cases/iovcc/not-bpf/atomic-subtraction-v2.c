// RUN: iovcc -O2 -mcpu=v2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -mcpu=v2 -c %s -o %t.o
// EXIT: 1
int left;

int use(void)
{
#ifndef MENDED
	__sync_fetch_and_sub(&left, 1);
#else
	__sync_fetch_and_add(&left, -1);
#endif
	return 0;
}
//= STDERR
//| atomic-subtraction-v2.c:9:2: error: an atomic subtraction of 4 bytes needs -mcpu=v3; this is compiled for v2 [IOV-S014]
//|     9 |         __sync_fetch_and_sub(&left, 1);
//|       |         ^
//|   why:  this is in function `use`
//|   hint: v1 and v2 have one atomic operation: an addition whose result is not used
