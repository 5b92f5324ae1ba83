// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#ifndef MENDED
unsigned __int128 mask;
#else
unsigned long mask[2];
#endif

int bit(unsigned int n)
{
#ifndef MENDED
	return mask >> n & 1;
#else
	return mask[n >> 6 & 1] >> (n & 63) & 1;
#endif
}
//= STDERR
//| wide-shift.c:13:14: error: BPF shifts 64 bits; this shifts 128 by a number that only the run knows [IOV-S013]
//|    13 |         return mask >> n & 1;
//|       |                     ^
//|   why:  this is in function `bit`
//|   hint: shift the two halves of 64 bits, or by a constant number
