// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
void shift(char *packet)
{
	__builtin_memmove(packet, packet + 4, 200);
}
//= STDERR
//| memmove-large.c:3:6: error: function `shift` needs 1528 bytes of stack; a program has 512 [IOV-G003]
//|     3 | void shift(char *packet)
//|       |      ^
//|   why:  memmove-large.c:3:6: `shift` has 1528 bytes on its stack
//|     3 | void shift(char *packet)
//|       |      ^
//|         191 values that did not fit in registers take 1528 bytes
//|         memmove-large.c:5:2: this memmove loads its 200 bytes before it stores any
//|     5 |         __builtin_memmove(packet, packet + 4, 200);
//|       |         ^
//|   path: 1. memmove-large.c:3:6: every run of `shift` takes them
//|     3 | void shift(char *packet)
//|       |      ^
//|   hint: keep fewer values alive at a time: use each where it is computed, or work in a loop
