// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#ifndef MENDED
unsigned long strlen(const char *s);
#endif

char name[16];

int length(void)
{
#ifndef MENDED
	return strlen(name);
#else
	int n = 0;

	while (n < sizeof(name) && name[n])
		n++;
	return n;
#endif
}
//= STDERR
//| strlen.c:13:9: error: BPF has no C library, and so no strlen() [IOV-S011]
//|    13 |         return strlen(name);
//|       |                ^
//|   why:  this is in function `length`
//|   hint: walk the string in a bounded loop
