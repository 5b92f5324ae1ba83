// RUN: iovcc -O2 -g -c --platform=./small.yaml -DTURNS=2 %s -o %t.o
// RUN: iovcc -O2 -g -c --platform=./small.yaml -DTURNS=20 %s -o %t.o
// EXIT: 1
// A platform with room for few instructions: the shorter twin fits.
struct buffer {
	unsigned char bytes[64];
};

__attribute__((section("dpdk"), used)) int sum(struct buffer *b)
{
	int total = 0;

#pragma unroll
	for (int i = 0; i < TURNS; i++)
		total += b->bytes[2 * i];
	return total;
}
//= STDERR
//| too-large.c:15:12: error: the program has 40 instruction slots; small-box runs 8 [IOV-V002]
//|    15 |                 total += b->bytes[2 * i];
//|       |                          ^
//|   at:   sum:insn 0
//|   hint: split it with a tail call, or keep the compiler from unrolling and inlining
