// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int part(int a, int b)
{
	return a / b;
}
//= STDERR
//| signed-division.c:5:11: error: signed division needs -mcpu=v4; this is compiled for v3 [IOV-S016]
//|     5 |         return a / b;
//|       |                  ^
//|   why:  this is in function `part`
//|   hint: where the values cannot be negative: `(__u32)… / …`; or compile with -mcpu=v4
