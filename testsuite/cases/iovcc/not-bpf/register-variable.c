// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
register long frame asm("r10");

long where(void)
{
	return frame;
}
//= STDERR
//| register-variable.c:7:9: error: a variable cannot be bound to a register of BPF [IOV-S017]
//|     7 |         return frame;
//|       |                ^
//|   why:  this is in function `where`
//|   hint: use a local variable; helpers and contexts give what registers held
