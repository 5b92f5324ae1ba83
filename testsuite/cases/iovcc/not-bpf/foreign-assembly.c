// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int move(int x)
{
#ifndef MENDED
	asm volatile("r1 = r2\n\t"
		     "mov %0, %%eax" ::"r"(x));
#else
	asm volatile("r1 = %0" ::"r"(x) : "r1");
#endif
	return x;
}
//= STDERR
//| foreign-assembly.c:7:2: error: `mov r1, %eax` is no instruction of BPF [IOV-G006]
//|     7 |         asm volatile("r1 = r2\n\t"
//|       |         ^
//|   why:  this is in function `move`
//|         line 2 of the statement is `mov r1, %eax`
//|   hint: BPF's assembly is written as `r0 = r1` or `%0 += %1`, see iov-isa(7); a barrier for the compiler needs no instruction: asm volatile("" ::: "memory")
