// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
long numbers[90];

#define READ(n) long v##n = numbers[n];
#define TEN(F, n) F(n##0) F(n##1) F(n##2) F(n##3) F(n##4) F(n##5) F(n##6) F(n##7) F(n##8) F(n##9)
#define MIX(n) ^ (v##n * y)

int mix(long x, long y)
{
#ifndef MENDED
	TEN(READ, 1) TEN(READ, 2) TEN(READ, 3) TEN(READ, 4) TEN(READ, 5) TEN(READ, 6) TEN(READ, 7) TEN(READ, 8)
	numbers[0] = x;
	asm volatile("" ::: "memory");
	return 0 TEN(MIX, 1) TEN(MIX, 2) TEN(MIX, 3) TEN(MIX, 4) TEN(MIX, 5) TEN(MIX, 6) TEN(MIX, 7)
		TEN(MIX, 8);
#else
	long sum = 0;

	for (int i = 10; i < 90; i++)
		sum ^= numbers[i] * y;
	return sum;
#endif
}
//= STDERR
//| stack-spills.c:10:5: error: function `mix` needs 592 bytes of stack; a program has 512 [IOV-G003]
//|    10 | int mix(long x, long y)
//|       |     ^
//|   why:  stack-spills.c:10:5: `mix` has 592 bytes on its stack
//|    10 | int mix(long x, long y)
//|       |     ^
//|         74 values that did not fit in registers take 592 bytes
//|   path: 1. stack-spills.c:10:5: every run of `mix` takes them
//|    10 | int mix(long x, long y)
//|       |     ^
//|   hint: keep fewer values alive at a time: use each where it is computed, or work in a loop
