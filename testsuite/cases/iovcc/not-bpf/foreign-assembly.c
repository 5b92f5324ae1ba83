// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int move(int x)
{
	asm volatile("r1 = r2\n\t"
		     "mov %0, %%eax" ::"r"(x));
	return x;
}
//= STDERR
//| foreign-assembly.c:5:2: error: invalid register/token name [IOV-G006]
//|     5 |         asm volatile("r1 = r2\n\t"
//|       |         ^
//|   why:  line 2 of the statement is `mov r1, %eax`
