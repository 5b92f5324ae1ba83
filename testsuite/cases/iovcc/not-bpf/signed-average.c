// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int samples[8];

static inline int average(int sum, int count)
{
#ifndef MENDED
	return sum / count;
#else
	return (unsigned int)sum / count;
#endif
}

int mean(void)
{
	int sum = 0;

	for (int i = 0; i < 8; i++)
		sum += samples[i];
	return average(sum, 5);
}
//= STDERR
//| signed-average.c:9:13: error: signed division needs -mcpu=v4; this is compiled for v3 [IOV-S016]
//|     9 |         return sum / count;
//|       |                    ^
//|   why:  signed-average.c:21:9: this is in `average`, which is compiled into `mean` here
//|    21 |         return average(sum, 5);
//|       |                ^
//|   hint: where the value cannot be negative: `(__u32)… / 5`; or compile with -mcpu=v4
