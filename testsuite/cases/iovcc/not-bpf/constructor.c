// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int limit_of(int x)
{
	return x * 2;
}

#ifndef MENDED
int limit;

__attribute__((constructor)) static void init(void)
{
	limit = limit_of(*(volatile int *)&limit);
}
#else
int limit = 5;
#endif
//= STDERR
//| constructor.c:12:42: error: `init` is a constructor, which nothing would ever call [IOV-S010]
//|    12 | __attribute__((constructor)) static void init(void)
//|       |                                          ^
//|   hint: initialise variables where they are declared, or let user space write them before the module is loaded
