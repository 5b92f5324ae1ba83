// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
unsigned long strlen(const char *s);

unsigned long length(const char *name)
{
	return strlen(name);
}
//= STDERR
//| strlen.c:7:9: error: BPF has no C library, and so no strlen() [IOV-S011]
//|     7 |         return strlen(name);
//|       |                ^
//|   why:  this is in function `length`
//|   hint: walk the string in a bounded loop
