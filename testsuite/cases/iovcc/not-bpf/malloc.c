// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
void *malloc(unsigned long size);

char *buffer(void)
{
	return malloc(100);
}
//= STDERR
//| malloc.c:7:9: error: BPF has no C library, and so no malloc() [IOV-S011]
//|     7 |         return malloc(100);
//|       |                ^
//|   why:  this is in function `buffer`
//|   hint: take memory from a map (one entry of a BPF_MAP_TYPE_PERCPU_ARRAY is scratch space)
