// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#ifndef MENDED
asm(".globl helper\n"
    "helper:\n"
    "	ret");
#else
static int helper(void)
{
	return 0;
}
#endif

int use(void)
{
#ifndef MENDED
	return 0;
#else
	return helper();
#endif
}
//= STDERR
//| foreign-module-assembly.c:7:6: error: `ret` is no instruction of BPF [IOV-G006]
//|     7 |     "   ret");
//|       |      ^
//|   hint: BPF's assembly is written as `r0 = r1` or `%0 += %1`, see iov-isa(7); a barrier for the compiler needs no instruction: asm volatile("" ::: "memory")
