// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int step(int x)
{
#ifndef MENDED
	static void *next;

	next = &&done;
	asm volatile("" ::"r"(next));
	if (x)
		goto done;
	return 1;
done:
	return 2;
#else
	return x ? 2 : 1;
#endif
}
//= STDERR
//| label-address.c:10:2: error: `step` takes the address of a label, and BPF cannot jump to an address [IOV-S008]
//|    10 |         asm volatile("" ::"r"(next));
//|       |         ^
//|   why:  this is in function `step`
//|   hint: write a switch instead of goto *
