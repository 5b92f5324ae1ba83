// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
void *resume;

int step(int x)
{
	resume = &&again;
	if (x)
		goto again;
	return 1;
again:
	return 2;
}
//= STDERR
//| label-address.c:7:9: error: `step` takes the address of a label, and BPF cannot jump to an address [IOV-S008]
//|     7 |         resume = &&again;
//|       |                ^
//|   why:  this is in function `step`
//|   hint: write a switch instead of goto *
