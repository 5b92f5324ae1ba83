// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int where(void)
{
#ifndef MENDED
	return (long)__builtin_frame_address(0) & 15;
#else
	return 0;
#endif
}
//= STDERR
//| frame-address.c:7:15: error: BPF has no return address or frame address to read [IOV-S017]
//|     7 |         return (long)__builtin_frame_address(0) & 15;
//|       |                      ^
//|   why:  this is in function `where`
//|   hint: a program sees its arguments, its variables and what helpers return
