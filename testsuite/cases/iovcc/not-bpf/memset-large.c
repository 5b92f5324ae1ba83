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
//|         up to 1024 bytes are written out as loads and stores
//|   hint: work in a bounded loop, or in pieces
