// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#ifndef MENDED
char counter;
#else
unsigned int counter;
#endif

int next(void)
{
	return __sync_fetch_and_add(&counter, 1);
}
//= STDERR
//| atomic-byte.c:12:9: error: BPF has atomic operations on 4 and 8 bytes, not on 1 [IOV-S014]
//|    12 |         return __sync_fetch_and_add(&counter, 1);
//|       |                ^
//|   why:  this is in function `next`
//|   hint: make the variable a __u32 or __u64
