// RUN: iovcc -O2 --platform=dpdk-22.11 -mcpu=v2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 --platform=dpdk-22.11 -mcpu=v2 -c %s -o %t.o
// EXIT: 1
__attribute__((section("dpdk"), used)) int looks_like(const unsigned char *packet)
{
#ifndef MENDED
	const char *word = "hello there";
#else
	char word[] = "hello there";
#endif
	int same = 0;

	for (int i = 0; i < 8; i++)
		same += packet[14 + i] == word[i] && word[packet[i] & 7] != 'x';
	return same;
}
//= STDERR
//| string-literal.c:14:40: error: dpdk-22.11 has no place for string literals: `.rodata.str1.1` would be lost [IOV-V015]
//|    14 |                 same += packet[14 + i] == word[i] && word[packet[i] & 7] != 'x';
//|       |                                                      ^
//|   at:   looks_like:insn 6
//|   why:  it loads a program's instructions, and no section of data
//|   hint: copy the text to the stack: `char text[] = "…";`, or compare with characters
