// RUN: iovcc -O2 -g -c --platform=dpdk-22.11 -mcpu=v2 -DMENDED %s -o %t.o
// RUN: iovcc -O2 -g -c --platform=dpdk-22.11 -mcpu=v2 %s -o %t.o
// EXIT: 1
// A platform without loops; the mended twin is unrolled, as the hint says.
struct buffer {
	unsigned char bytes[64];
};

__attribute__((section("dpdk"), used)) int sum(struct buffer *b)
{
	int total = 0;

#ifdef MENDED
#pragma unroll
#else
#pragma nounroll
#endif
	for (int i = 0; i < 16; i++)
		total = total * 3 + b->bytes[i];
	return total;
}
//= STDERR
//| loop.c:19:23: error: dpdk-22.11 runs no loops, and one begins here [IOV-V073]
//|    19 |                 total = total * 3 + b->bytes[i];
//|       |                                     ^
//|   at:   sum:insn 2
//|   hint: unroll it: write `#pragma unroll` in front, with a constant number of turns
