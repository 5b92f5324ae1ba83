// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
void clear(char *page)
{
	__builtin_memset(page, 0, 4096);
}
//= STDERR
//| memset-large.c:5:2: error: this needs the library function 'memset', which BPF does not have [IOV-G001]
//|     5 |         __builtin_memset(page, 0, 4096);
//|       |         ^
//|   hint: a small constant size becomes plain instructions; else write a bounded loop
