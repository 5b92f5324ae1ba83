// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#ifndef MENDED
int first(__builtin_va_list list)
{
	return __builtin_va_arg(list, int);
}
#else
int first(int x)
{
	return x;
}
#endif
//= STDERR
//| variable-list.c:7:9: error: BPF functions have no list of arguments for va_arg() [IOV-S002]
//|     7 |         return __builtin_va_arg(list, int);
//|       |                ^
//|   why:  this is in function `first`
//|   hint: pass an array and its length
