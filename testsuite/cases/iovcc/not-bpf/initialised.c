// RUN: iovcc -O2 -c %s -o %t.o
// STDERR: any
/* Ways to write a variable that no rule may take for none. */
struct bits {
	unsigned int low : 4, high : 4;
};

int fill(char *);

int uses(int x)
{
	struct bits bits;
	char first[16], second[8], third[4], fourth[4];
	int value, *at = &value;

	bits.low = x;
	bits.high = x + 1;
	fill(first);
	__builtin_memcpy(second, first, sizeof(second));
	for (int i = 0; i < 4; i++)
		third[i] = i;
	asm volatile("*(u32 *)(%0 + 0) = %1" ::"r"(fourth), "r"(x) : "memory");
	*at = x;
	return bits.low + bits.high + first[3] + second[3] + third[x & 3] + fourth[1] + value;
}
