// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int use(int n)
{
#ifndef MENDED
	int *a = __builtin_alloca(n), sum = 0;
#else
	int a[16] = {}, sum = 0;

	n &= 15;
#endif
	for (int i = 0; i < n; i++)
		asm volatile("*(u32 *)(%0 + 0) = %1" ::"r"(&a[i]), "r"(i) : "memory");
	for (int i = 0; i < n; i++)
		sum += a[i];
	return sum;
}
//= STDERR
//| alloca.c:7:11: error: the size of this alloca() is not known when the program is compiled [IOV-S003]
//|     7 |         int *a = __builtin_alloca(n), sum = 0;
//|       |                  ^
//|   why:  this is in function `use`
//|   hint: declare an array of the largest size that can occur, and check the size against it
