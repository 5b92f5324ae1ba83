// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
unsigned long high(unsigned long a, unsigned int b)
{
#ifndef MENDED
	return ((unsigned __int128)a * b) >> 64;
#else
	return ((a >> 32) * b + ((a & 0xffffffff) * b >> 32)) >> 32;
#endif
}
//= STDERR
//| wide-multiplication.c:7:31: error: BPF multiplies to 64 bits; this needs the product's 128 [IOV-S013]
//|     7 |         return ((unsigned __int128)a * b) >> 64;
//|       |                                      ^
//|   why:  this is in function `high`
//|   hint: multiply 32-bit halves; so that a product fits in 64 bits: `if (a >> 32 || b >> 32) return …;`
