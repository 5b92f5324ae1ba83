// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
char from[64], to[64];

int copy(unsigned long n)
{
#ifndef MENDED
	__builtin_memcpy(to, from, n);
#else
	for (unsigned long i = 0; i < n && i < sizeof(to); i++)
		to[i] = from[i];
#endif
	return 0;
}
//= STDERR
//| memcpy-variable.c:9:2: error: this memcpy has no constant size and stays a call; BPF has no C library [IOV-S012]
//|     9 |         __builtin_memcpy(to, from, n);
//|       |         ^
//|   why:  this is in function `copy`
//|   hint: give it a constant size, or write a bounded loop
