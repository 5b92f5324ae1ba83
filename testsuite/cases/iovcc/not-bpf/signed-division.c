// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int part(int a, int b)
{
#ifndef MENDED
	return a / b;
#else
	return (unsigned int)a / b;
#endif
}
//= STDERR
//| signed-division.c:7:11: error: signed division needs -mcpu=v4; this is compiled for v3 [IOV-S016]
//|     7 |         return a / b;
//|       |                  ^
//|   why:  this is in function `part`
//|   hint: where the values cannot be negative: `(__u32)… / …`; or compile with -mcpu=v4
