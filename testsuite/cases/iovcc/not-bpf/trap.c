// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int check(int x)
{
	if (!x)
		__builtin_trap();
	return x;
}
//= STDERR
//| trap.c:6:3: error: BPF has no trap instruction [IOV-G005]
//|     6 |                 __builtin_trap();
//|       |                 ^
//|   hint: return an error code: a program always ends by returning
