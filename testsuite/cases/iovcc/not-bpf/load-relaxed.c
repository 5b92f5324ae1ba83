// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int flag;

int ready(void)
{
#ifndef MENDED
	return __atomic_load_n(&flag, __ATOMIC_RELAXED);
#else
	return *(volatile int *)&flag;
#endif
}
//= STDERR
//| load-relaxed.c:9:9: error: this compiler has no atomic loads for BPF [IOV-S015]
//|     9 |         return __atomic_load_n(&flag, __ATOMIC_RELAXED);
//|       |                ^
//|   why:  this is in function `ready`
//|   hint: access the variable as volatile: aligned accesses of 1, 2, 4 and 8 bytes are not torn
