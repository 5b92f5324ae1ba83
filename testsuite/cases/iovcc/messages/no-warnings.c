// RUN: iovcc -O2 -Wall -w -fno-iov-verify -c %s -o %t.o
int f(int x)
{
	int unused;

	return x;
}
