// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int add(int x)
{
	int sum;

#ifndef MENDED
	asm volatile("addl %1, %0" : "=a"(sum) : "r"(x));
#else
	asm volatile("%0 = %1\n\t"
		     "%0 += 1"
		     : "=r"(sum)
		     : "r"(x));
#endif
	return sum;
}
//= STDERR
//| foreign-constraint.c:9:31: error: invalid output constraint '=a' in asm [IOV-G006]
//|     9 |         asm volatile("addl %1, %0" : "=a"(sum) : "r"(x));
//|       |                                      ^~~~
//|   hint: operands are registers of BPF, r0 to r9: "r" for any, "=r" for what is written, "+r" for both, "i" for a constant
