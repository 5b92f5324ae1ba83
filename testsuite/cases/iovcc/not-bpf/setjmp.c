// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int save(void)
{
#ifndef MENDED
	static void *place[5];

	return __builtin_setjmp(place);
#else
	return 0;
#endif
}
//= STDERR
//| setjmp.c:9:9: error: __builtin_setjmp is not supported for the current target [IOV-S017]
//|     9 |         return __builtin_setjmp(place);
//|       |                ^~~~~~~~~~~~~~~~~~~~~~~
//|   hint: return an error code: a program always ends by returning
