// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#ifndef MENDED
register long frame asm("r10");
#endif

int where(void)
{
#ifndef MENDED
	return frame & 7;
#else
	return 0;
#endif
}
//= STDERR
//| register-variable.c:11:9: error: a variable cannot be bound to a register of BPF [IOV-S017]
//|    11 |         return frame & 7;
//|       |                ^
//|   why:  this is in function `where`
//|   hint: use a local variable; helpers and contexts give what registers held
