// RUN: iovcc -O2 -fno-iov-verify -c %s -o %t.o
/* What the optimiser removes is not judged. */
static double half(double x)
{
	return x / 2;
}

int one(void)
{
	return half(2.0) == 1.0;
}
