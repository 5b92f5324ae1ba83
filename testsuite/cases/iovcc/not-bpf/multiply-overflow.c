// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int grow(unsigned long a, unsigned long b, unsigned long *r)
{
	return __builtin_mul_overflow(a, b, r);
}
//= STDERR
//| multiply-overflow.c:5:9: error: BPF multiplies to 64 bits; this needs the product's 128 [IOV-S013]
//|     5 |         return __builtin_mul_overflow(a, b, r);
//|       |                ^
//|   why:  this is in function `grow`
//|   hint: multiply 32-bit halves; to notice overflow compare with a quotient: `if (b && a > ~0ULL / b)`
