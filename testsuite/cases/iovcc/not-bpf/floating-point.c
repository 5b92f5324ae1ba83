// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int scale(int x)
{
	return x * 1.5;
}
//= STDERR
//| floating-point.c:5:9: error: BPF has no floating-point arithmetic [IOV-S001]
//|     5 |         return x * 1.5;
//|       |                ^
//|   why:  this is in function `scale`
//|         this converts an integer to double
//|   hint: use integers, scaled where fractions are needed (nanoseconds, thousandths): `rate * 3 / 2`
