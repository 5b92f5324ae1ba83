// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
__int128 product(__int128 a, __int128 b)
{
	return a * b;
}
//= STDERR
//| returns-128-bits.c:3:10: error: `product` returns 16 bytes by value; r0 holds one number of 8 bytes [IOV-S005]
//|     3 | __int128 product(__int128 a, __int128 b)
//|       |          ^
//|   hint: let the caller pass the address of what the function fills in, or declare the function static __always_inline
