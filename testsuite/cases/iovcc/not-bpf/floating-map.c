// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
struct stats {
#ifndef MENDED
	double mean;
#else
	unsigned long sum;
#endif
	unsigned long count;
};

struct stats stats;

int account(unsigned int bytes)
{
	stats.count++;
#ifndef MENDED
	stats.mean += (bytes - stats.mean) / stats.count;
#else
	stats.sum += bytes;
#endif
	return 0;
}
//= STDERR
//| floating-map.c:19:17: error: BPF has no floating-point arithmetic [IOV-S001]
//|    19 |         stats.mean += (bytes - stats.mean) / stats.count;
//|       |                        ^
//|   why:  this is in function `account`
//|         this converts an integer to double
//|         floating-map.c:13:8: `stats` is a double
//|    13 | struct stats stats;
//|       |        ^
//|   hint: use integers, scaled where fractions are needed (nanoseconds, thousandths): `rate * 3 / 2`
