// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int grows(unsigned long a, unsigned long b)
{
#ifndef MENDED
	unsigned long r;

	return __builtin_mul_overflow(a, b, &r);
#else
	return a >> 32 || b >> 32;
#endif
}
//= STDERR
//| multiply-overflow.c:9:9: error: BPF multiplies to 64 bits; this needs the product's 128 [IOV-S013]
//|     9 |         return __builtin_mul_overflow(a, b, &r);
//|       |                ^
//|   why:  this is in function `grows`
//|   hint: multiply 32-bit halves; so that a product fits in 64 bits: `if (a >> 32 || b >> 32) return …;`
