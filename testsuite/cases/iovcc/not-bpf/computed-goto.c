// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int step(int x)
{
	static void *const states[] = {&&first, &&second};

	goto *states[x & 1];
first:
	return 1;
second:
	return 2;
}
//= STDERR
//| computed-goto.c:7:8: error: BPF cannot jump to a computed address [IOV-S008]
//|     7 |         goto *states[x & 1];
//|       |               ^
//|   why:  this is in function `step`
//|   hint: write a switch instead of goto *
