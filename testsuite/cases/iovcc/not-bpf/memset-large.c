// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
char page[4096];

int clear(void)
{
#ifndef MENDED
	__builtin_memset(page, 0, sizeof(page));
#else
	for (int i = 0; i < sizeof(page); i++)
		page[i] = 0;
#endif
	return 0;
}
//= STDERR
//| memset-large.c:9:2: error: this memset of 4096 bytes stays a call, and BPF has no C library [IOV-S012]
//|     9 |         __builtin_memset(page, 0, sizeof(page));
//|       |         ^
//|   why:  this is in function `clear`
//|         it would take 512 stores of 8, 4, 2 and 1 bytes; up to 128 are written out in its place
//|   hint: work in a bounded loop, or in pieces of up to 1024 bytes
