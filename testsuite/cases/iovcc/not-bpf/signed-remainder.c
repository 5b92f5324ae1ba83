// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int bucket(int hash)
{
#ifndef MENDED
	return hash % 16;
#else
	return hash & 15;
#endif
}
//= STDERR
//| signed-remainder.c:7:14: error: signed remainder needs -mcpu=v4; this is compiled for v3 [IOV-S016]
//|     7 |         return hash % 16;
//|       |                     ^
//|   why:  this is in function `bucket`
//|   hint: where the value cannot be negative: `(__u32)… % 16`; or compile with -mcpu=v4
