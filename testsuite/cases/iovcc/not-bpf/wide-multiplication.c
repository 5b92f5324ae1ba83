// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
unsigned long high(unsigned long a, unsigned long b)
{
	return ((unsigned __int128)a * b) >> 64;
}
//= STDERR
//| wide-multiplication.c:5:31: error: BPF multiplies to 64 bits; this needs the product's 128 [IOV-S013]
//|     5 |         return ((unsigned __int128)a * b) >> 64;
//|       |                                      ^
//|   why:  this is in function `high`
//|   hint: multiply 32-bit halves; to notice overflow compare with a quotient: `if (b && a > ~0ULL / b)`
