// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int verdict(int x)
{
#ifndef MENDED
	__builtin_unreachable();
#else
	return x;
#endif
}
//= STDERR
//| unreachable.c:7:2: error: nothing is left of function `verdict` [IOV-G007]
//|     7 |         __builtin_unreachable();
//|       |         ^
//|   why:  C gives no meaning to what leads here, and the optimiser took it out
//|   hint: look for a variable without a value, an index outside its array, a shift by the type's width or more, a division by a constant 0, a NULL that is dereferenced
