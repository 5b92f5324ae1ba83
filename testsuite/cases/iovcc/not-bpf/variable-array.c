// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int use(unsigned int n)
{
	int sum = 0;
#ifndef MENDED
	char a[n];
#else
	char a[16];

	if (n > sizeof(a))
		return 0;
#endif

	for (unsigned int i = 0; i < n; i++)
		a[i] = i;
	asm volatile("" ::"r"(a) : "memory");
	for (unsigned int i = 0; i < n; i++)
		sum += a[i];
	return sum;
}
//= STDERR
//| variable-array.c:8:2: error: the size of the array `a` is not known when the program is compiled [IOV-S003]
//|     8 |         char a[n];
//|       |         ^
//|   why:  this is in function `use`
//|   hint: give `a` the largest size that can occur, and check the size against it
