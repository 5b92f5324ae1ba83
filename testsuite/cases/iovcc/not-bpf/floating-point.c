// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
double ratio = 1.5;

int scale(int x)
{
#ifndef MENDED
	return x * ratio;
#else
	return x * 3 / 2u;
#endif
}
//= STDERR
//| floating-point.c:9:9: error: BPF has no floating-point arithmetic [IOV-S001]
//|     9 |         return x * ratio;
//|       |                ^
//|   why:  this is in function `scale`
//|         this converts an integer to double
//|         floating-point.c:4:8: `ratio` is a double
//|     4 | double ratio = 1.5;
//|       |        ^
//|   hint: use integers, scaled where fractions are needed (nanoseconds, thousandths): `rate * 3 / 2`
