// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
void copy(char *to, const char *from, unsigned long n)
{
	__builtin_memcpy(to, from, n);
}
//= STDERR
//| memcpy-variable.c:5:2: error: this memcpy has no constant size and stays a call; BPF has no C library [IOV-S012]
//|     5 |         __builtin_memcpy(to, from, n);
//|       |         ^
//|   why:  this is in function `copy`
//|   hint: give it a constant size, or write a bounded loop
