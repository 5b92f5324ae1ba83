// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int step(int x)
{
#ifndef MENDED
	static void *const states[] = {&&first, &&second};

	goto *states[x & 1];
first:
	return 1;
second:
	return 2;
#else
	switch (x & 1) {
	case 0:
		return 1;
	default:
		return 2;
	}
#endif
}
//= STDERR
//| computed-goto.c:9:8: error: BPF cannot jump to a computed address [IOV-S008]
//|     9 |         goto *states[x & 1];
//|       |               ^
//|   why:  this is in function `step`
//|   hint: write a switch instead of goto *
