// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
void *frame(void)
{
	return __builtin_frame_address(0);
}
//= STDERR
//| frame-address.c:5:9: error: BPF has no return address or frame address to read [IOV-S017]
//|     5 |         return __builtin_frame_address(0);
//|       |                ^
//|   why:  this is in function `frame`
//|   hint: a program sees its arguments, its variables and what helpers return
