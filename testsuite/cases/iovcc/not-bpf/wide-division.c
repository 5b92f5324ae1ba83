// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
unsigned __int128 total;

int share(unsigned long parts)
{
#ifndef MENDED
	return total / parts;
#else
	return (unsigned long)(total >> 64) / parts;
#endif
}
//= STDERR
//| wide-division.c:9:15: error: BPF divides 64 bits at most; this divides 128 [IOV-S013]
//|     9 |         return total / parts;
//|       |                      ^
//|   why:  this is in function `share`
//|   hint: divide 64-bit values; shift both down first where precision allows
