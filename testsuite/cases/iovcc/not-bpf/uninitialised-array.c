// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int sum(void)
{
#ifndef MENDED
	char b[16];
#else
	char b[16] = {};
#endif

	return b[3] + b[4];
}
//= STDERR
//| uninitialised-array.c:12:9: error: `b[3]` is read here, and nothing has written it [IOV-S019]
//|    12 |         return b[3] + b[4];
//|       |                ^
//|   why:  uninitialised-array.c:7:7: `b` is declared here, in function `sum`; byte 3 of its 16 is read
//|     7 |         char b[16];
//|       |              ^
//|   hint: give `b` a value where it is declared: `= {}` clears it
