// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int caller(void)
{
#ifndef MENDED
	return __builtin_return_address(0) != 0;
#else
	return 1;
#endif
}
//= STDERR
//| return-address.c:7:9: error: BPF has no return address or frame address to read [IOV-S017]
//|     7 |         return __builtin_return_address(0) != 0;
//|       |                ^
//|   why:  this is in function `caller`
//|   hint: a program sees its arguments, its variables and what helpers return
