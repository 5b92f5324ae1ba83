// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int handle(void)
{
	return 1;
}

int handle_v2(void) __attribute__((alias("handle")));

int use(void)
{
	return handle_v2();
}
//= STDERR
//| alias.c:8:5: error: `handle_v2` is another name for a function, and is called [IOV-S018]
//|     8 | int handle_v2(void) __attribute__((alias("handle")));
//|       |     ^~~~~~~~~
//|   hint: call the function by its own name, `handle`
