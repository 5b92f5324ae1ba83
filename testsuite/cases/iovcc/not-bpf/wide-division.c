// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
unsigned long share(unsigned __int128 *total, unsigned long parts)
{
	return *total / parts;
}
//= STDERR
//| wide-division.c:5:16: error: BPF divides 64 bits at most; this divides 128 [IOV-S013]
//|     5 |         return *total / parts;
//|       |                       ^
//|   why:  this is in function `share`
//|   hint: divide 64-bit values; shift both down first where precision allows
