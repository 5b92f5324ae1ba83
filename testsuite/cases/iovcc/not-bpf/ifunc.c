// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
static int fast(void)
{
	return 1;
}

static void *choose(void)
{
	return fast;
}

int handle(void) __attribute__((ifunc("choose")));
//= STDERR
//| ifunc.c:8: error: `handle` is an ifunc: no loader would call its resolver [IOV-S018]
//|     8 | static void *choose(void)
//|   hint: decide by a constant that user space sets: `const volatile int which;`
