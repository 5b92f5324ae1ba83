// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int sum(unsigned int n)
{
#ifndef MENDED
	int total;
#else
	int total = 0;
#endif

	for (unsigned int i = 0; i < n && i < 16; i++)
		total += i;
	return total;
}
//= STDERR
//| uninitialised-sum.c:14:9: error: `total` is read here, and nothing has written it [IOV-S019]
//|    14 |         return total;
//|       |                ^
//|   why:  uninitialised-sum.c:7:6: `total` is declared here, in function `sum`; all of its 4 bytes are read
//|     7 |         int total;
//|       |             ^
//|   hint: give `total` a value where it is declared: `= 0`
