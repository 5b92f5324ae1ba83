// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
unsigned __int128 total;

#ifndef MENDED
__attribute__((noinline)) unsigned __int128 sum(unsigned long x)
#else
static inline unsigned __int128 sum(unsigned long x)
#endif
{
	return total + x;
}

int low(unsigned long x)
{
	return sum(x) >> 64;
}
//= STDERR
//| returns-128-bits.c:7:45: error: `sum` returns 16 bytes by value; r0 holds one number of 8 bytes [IOV-S005]
//|     7 | __attribute__((noinline)) unsigned __int128 sum(unsigned long x)
//|       |                                             ^
//|   why:  returns-128-bits.c:17:9: `low` calls it here, and the call was not inlined
//|    17 |         return sum(x) >> 64;
//|       |                ^
//|   hint: let the caller pass the address of what the function fills in, or declare the function static __always_inline
