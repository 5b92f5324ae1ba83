// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int save(void)
{
	static void *place[5];

	return __builtin_setjmp(place);
}
//= STDERR
//| setjmp.c:7:9: error: __builtin_setjmp is not supported for the current target [IOV-S017]
//|     7 |         return __builtin_setjmp(place);
//|       |                ^~~~~~~~~~~~~~~~~~~~~~~
//|   hint: return an error code: a program always ends by returning
