// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int limit;

#ifndef MENDED
static void init(void)
{
	limit = 5;
}

__attribute__((section(".init_array"), used)) static void (*at_start)(void) = init;
#else
int limits(void)
{
	return limit;
}
#endif
//= STDERR
//| init-array.c:12:61: error: `at_start` stands in .init_array, and nothing would ever call what it points at [IOV-S010]
//|    12 | __attribute__((section(".init_array"), used)) static void (*at_start)(void) = init;
//|       |                                                             ^
//|   hint: initialise variables where they are declared, or let user space write them before the module is loaded
