// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int check(int x)
{
	if (!x)
		__builtin_trap();
	return x;
}
//= STDERR
//| trap.c:6:3: error: BPF has no trap instruction [IOV-S017]
//|     6 |                 __builtin_trap();
//|       |                 ^
//|   why:  this is in function `check`
//|   hint: return an error code: a program always ends by returning
