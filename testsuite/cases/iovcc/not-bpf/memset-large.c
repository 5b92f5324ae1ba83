// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
void clear(char *page)
{
	__builtin_memset(page, 0, 4096);
}
//= STDERR
//| memset-large.c:5:2: error: this memset of 4096 bytes stays a call, and BPF has no C library [IOV-S012]
//|     5 |         __builtin_memset(page, 0, 4096);
//|       |         ^
//|   why:  this is in function `clear`
//|         it would take 512 stores of 8, 4, 2 and 1 bytes; up to 128 are written out in its place
//|   hint: work in a bounded loop, or in pieces of up to 1024 bytes
