// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
static int fast(void)
{
	return 1;
}

#ifndef MENDED
static void *choose(void)
{
	return fast;
}

int handle(void) __attribute__((ifunc("choose")));
#else
const volatile int slowly = 0;

int handle(void)
{
	return slowly ? 2 : fast();
}
#endif
//= STDERR
//| ifunc.c:15:5: error: `handle` is an ifunc: no loader would call its resolver `choose` [IOV-S018]
//|    15 | int handle(void) __attribute__((ifunc("choose")));
//|       |     ^~~~~~
//|   hint: decide by a constant that user space sets: `const volatile int which;`
