// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
void copy(char *to, const char *from, unsigned long n)
{
	__builtin_memcpy(to, from, n);
}
//= STDERR
//| memcpy-variable.c:5:2: error: this needs the library function 'memcpy', which BPF does not have [IOV-G001]
//|     5 |         __builtin_memcpy(to, from, n);
//|       |         ^
//|   hint: a small constant size becomes plain instructions; else write a bounded loop
