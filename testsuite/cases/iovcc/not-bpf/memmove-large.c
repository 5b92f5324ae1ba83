// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
char packet[256];

int shift(void)
{
#ifndef MENDED
	__builtin_memmove(packet, packet + 4, 200);
#else
	for (int i = 0; i < 200; i++)
		packet[i] = packet[i + 4];
#endif
	return 0;
}
//= STDERR
//| memmove-large.c:6:5: error: function `shift` needs 1528 bytes of stack; a program has 512 [IOV-G003]
//|     6 | int shift(void)
//|       |     ^
//|   why:  memmove-large.c:6:5: `shift` has 1528 bytes on its stack
//|     6 | int shift(void)
//|       |     ^
//|         191 values that did not fit in registers take 1528 bytes
//|         memmove-large.c:9:2: this memmove loads its 200 bytes before it stores any
//|     9 |         __builtin_memmove(packet, packet + 4, 200);
//|       |         ^
//|   path: 1. memmove-large.c:6:5: every run of `shift` takes them
//|     6 | int shift(void)
//|       |     ^
//|   hint: move the bytes in a bounded loop, or in pieces
