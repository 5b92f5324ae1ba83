// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int part(int a, int b)
{
	return a / b;
}
//= STDERR
//| signed-division.c:5:11: error: signed division needs BPF cpu v4 [IOV-S016]
//|     5 |         return a / b;
//|       |                  ^
//|   why:  this is in function `part`
//|   hint: divide unsigned values where they cannot be negative, or compile with -mcpu=v4
