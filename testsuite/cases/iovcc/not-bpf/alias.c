// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int handle(void)
{
	return 1;
}

#ifndef MENDED
int handle_v2(void) __attribute__((alias("handle")));
#else
int handle_v2(void)
{
	return handle();
}
#endif

int use(void)
{
	return handle_v2();
}
//= STDERR
//| alias.c:10:5: error: `handle_v2` is another name for a function, and is called [IOV-S018]
//|    10 | int handle_v2(void) __attribute__((alias("handle")));
//|       |     ^~~~~~~~~
//|   hint: call the function by its own name, `handle`
