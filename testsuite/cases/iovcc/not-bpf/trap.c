// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int check(int x)
{
	if (!x)
#ifndef MENDED
		__builtin_trap();
#else
		return -1;
#endif
	return x;
}
//= STDERR
//| trap.c:8:3: error: BPF has no trap instruction [IOV-S017]
//|     8 |                 __builtin_trap();
//|       |                 ^
//|   why:  this is in function `check`
//|   hint: return an error code: a program always ends by returning
